"""Signatures: a file that cannot be decoded is named by its first bytes, with advice that helps."""

from helpers.signatures import advice

import pytest

from tests.material import BMP, GIF, JPEG, JPEG_XL, PNG, RGB, encoded

FRAME = JPEG.index(b"\xff\xc0")
FETCH = "etch it again"


def box(brand: bytes) -> bytes:
    return b"\0\0\0\x1cftyp" + brand + bytes(20)


def jpeg_with(marker: int, precision: int) -> bytes:
    return JPEG[: FRAME + 1] + bytes([marker]) + JPEG[FRAME + 2 : FRAME + 4] + bytes([precision]) + JPEG[FRAME + 5 :]


NAMED = [
    (box(b"heic"), "a HEIC", "Export it as JPEG"),
    (box(b"heix"), "a HEIC", "Export it as JPEG"),
    (box(b"mif1"), "a HEIC", "Export it as JPEG"),
    (box(b"avif"), "an AVIF", "Save it again"),
    (box(b"isom"), "a video", "Take it out"),
    (box(b"qt  "), "a video", "Take it out"),
    (b"RIFF\1\2\3\4AVI LIST", "a video", "Take it out"),
    (JPEG_XL["gray"], "a JPEG XL", "Save it again"),
    (JPEG_XL["16 bit"], "a JPEG XL", "Save it again"),
    (jpeg_with(0xC0, 12), "a JPEG of 12 bits", "Save it again"),
    (jpeg_with(0xC1, 12), "a JPEG of 12 bits", "Save it again"),
    (jpeg_with(0xC3, 8), "a lossless JPEG", "Save it again"),
    (jpeg_with(0xC3, 16), "a lossless JPEG", "Save it again"),
    (jpeg_with(0xF7, 8), "a lossless JPEG", "Save it again"),
    (b"II*\0\x08\0\0\0", "a TIFF", "Export it"),
    (b"MM\0*\0\0\0\x08", "a TIFF", "Export it"),
    (PNG[:8] + b"\0\0\0\4CgBI" + bytes(9) + PNG[8:], "a PNG that Xcode", "Use the original"),
    (b"%PDF-1.7\n", "a PDF", "as PNG"),
    (b'<svg xmlns="http://www.w3.org/2000/svg">', "an SVG", "as PNG"),
    (b'<?xml version="1.0"?>\n<!-- by hand -->\n<svg width="9">', "an SVG", "as PNG"),
    (b"<!DOCTYPE html><svg></svg>", "a web page", "Take it out"),
    (b"\xef\xbb\xbf\n <HTML>", "a web page", "Take it out"),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", "a pointer of Git LFS", "git lfs pull"),
    (b"\x1f\x8b\x08\0" + JPEG, "an archive", "Unpack it"),
    (b"PK\3\4\x14\0", "an archive", "Unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "an archive", "Unpack it"),
    (b"Rar!\x1a\x07\1\0", "an archive", "Unpack it"),
    (b"\xfd7zXZ\0", "an archive", "Unpack it"),
    (b"photo.jpg".ljust(257, b"\0") + b"ustar\0", "an archive", "Unpack it"),
    (b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(60), "what macOS stores", "Delete it"),
    ("Zugriff verweigert für\n  alle\n".encode(), 'text, which begins "Zugriff verweigert für alle"', "Take it out"),
    (b"e" * 1000, f'text, which begins "{"e" * 40}"', "Take it out"),
]


@pytest.mark.parametrize(("content", "what", "cure"), NAMED)
def test_what_is_inside_is_named_and_nobody_is_told_to_fetch_the_same_again(content, what, cure):
    words = advice(content)
    assert words.startswith(f"Inside it is {what}")
    assert cure in words
    assert FETCH not in words or "where it was made, or" in words
    assert words.isprintable()


WEBP = encoded(RGB, "WEBP")


@pytest.mark.parametrize("content", [b"", *(content[:40] for content in (JPEG, PNG, GIF, BMP, WEBP)), bytes(5000)])
def test_what_is_cut_off_is_to_be_fetched_again(content):
    assert FETCH in advice(content)


def test_what_pillow_opens_is_named_by_pillow():
    assert advice(JPEG[:400], "JPEG") == (
        "Inside it is a JPEG. It is cut off or damaged: fetch it again, or save what is there."
    )
    assert advice(b"8BPS", "PSD", is_whole=True) == "Inside it is a PSD. Save it again as JPEG or PNG."


def test_a_lossless_jpeg_is_named_so_though_pillow_reads_it():
    assert advice(jpeg_with(0xC3, 8), "JPEG", is_whole=True).startswith("Inside it is a lossless JPEG")


def test_what_nobody_knows_is_said_so():
    assert advice(b"\1\2\3\4\xff") == "Its first bytes match no known format. Take it out."
