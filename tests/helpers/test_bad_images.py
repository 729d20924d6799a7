"""Bad images: what TensorFlow refuses and what it reads in its own way is found; the rest is left in peace."""

import re
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

from helpers import bad_images
from helpers.bad_images import find_bad_images
from helpers.files import CHANNELS, Problem, list_images

import tensorflow as tf
import hypothesis
import hypothesis.strategies as st
import pytest
from PIL import ExifTags, Image

from tests.material import (
    BMP,
    GIF,
    JPEG,
    JPEG_XL,
    PNG,
    RGB,
    TWO_FRAMES,
    announcing,
    chunk,
    encoded,
    gif,
    half_clear,
    load,
    make_files,
    masked_bmp,
    photo,
    pipe_at,
    png,
    state,
    top_down,
    turned,
)

GRAY, PALETTE = RGB.convert("L"), RGB.quantize(16)
HALF_CLEAR = half_clear()
COLOURS = [0, 0, 0, 10, 200, 30]  # a palette of two
SCAN = JPEG.index(b"\xff\xda") + 60
HALF_JPEG = JPEG[: SCAN + 100]
DAMAGED = JPEG[:SCAN] + bytes(range(100, 120)) + JPEG[SCAN + 20 :]
TURNED_JPEG = encoded(RGB, "JPEG", exif=turned(6))
FAR_BEHIND = TURNED_JPEG[:2] + b"\xff\xed" + (12_000).to_bytes(2) + bytes(11_998) + TURNED_JPEG[2:]
BAD_CHECKSUM = PNG[:33] + chunk(b"IDAT", PNG[41:-16], 255) + PNG[-12:]

CUT_OFF = "It is cut off or damaged: fetch it again, or save what is there."
FETCH, SAVE = "Fetch it again, or take it out.", "Save it again as JPEG or PNG."
UNKNOWN, NO_JPEG = "(Unknown image file format.", "(jpeg::Uncompress failed."
FRAME = JPEG.index(b"\xff\xc0")
TWELVE_BITS = JPEG[: FRAME + 4] + b"\x0c" + JPEG[FRAME + 5 :]
LOSSLESS = JPEG[: FRAME + 1] + b"\xc3" + JPEG[FRAME + 2 :]
DEFLATE = zlib.compressobj(wbits=-15)  # without a header, as Xcode writes it
BARE = DEFLATE.compress(zlib.decompress(PNG[41:-16])) + DEFLATE.flush()
XCODE = PNG[:8] + chunk(b"CgBI", b"\x50\x00\x20\x06") + PNG[8:33] + chunk(b"IDAT", BARE) + PNG[-12:]

BROKEN = {  # with what is said of it, and what to do
    "empty.jpg": (b"", "(Input is empty)", FETCH),
    "empty.png": (b"", "(Input is empty)", FETCH),
    "zeros.jpg": (bytes(5000), UNKNOWN, "Inside it is nothing but zeros. Fetch it again, or take it out."),
    "text.jpg": (b"not an image\n" * 5, UNKNOWN, f'begins "{("not an image " * 4)[:40]}". Take it out.'),
    "text.gif": (b"GIF is a file format", UNKNOWN, 'begins "GIF is a file format". Take it out.'),
    "GIVEN.jpg": (b"GIVEN the request, no\n", UNKNOWN, 'begins "GIVEN the request, no". Take it out.'),
    "web page.png": (
        b"<!DOCTYPE html><title>404</title>",
        UNKNOWN,
        "a web page. Take it out, or fetch the photo itself.",
    ),
    "tiff.jpg": (encoded(RGB, "TIFF"), UNKNOWN, f"Inside it is a TIFF. {SAVE}"),
    "jpeg 2000.jpg": (encoded(RGB, "JPEG2000"), UNKNOWN, f"Inside it is a JPEG2000. {SAVE}"),
    "avif.jpg": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(60), UNKNOWN, f"Inside it is an AVIF. {SAVE}"),
    "heic.jpg": (b"\0\0\0\x1cftypheic" + bytes(60), UNKNOWN, "Export it as JPEG (pillow-heif does)."),
    "gzip.jpg": (b"\x1f\x8b\x08\0" + JPEG, UNKNOWN, "Inside it is an archive. Unpack it."),
    "macOS.jpg": (b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(60), UNKNOWN, "Delete it."),
    "half.jpg": (HALF_JPEG, NO_JPEG, f"Inside it is a JPEG. {CUT_OFF}"),
    "two bytes short.jpg": (JPEG[:-2], NO_JPEG, f"Inside it is a JPEG. {CUT_OFF}"),
    "header only.jpg": (JPEG[:300], "cannot be decoded", FETCH),
    "12 bits.jpg": (
        TWELVE_BITS,
        NO_JPEG,
        "which TensorFlow does not read. Save it again as an ordinary JPEG, or as PNG.",
    ),
    "lossless.jpg": (
        LOSSLESS,
        NO_JPEG,
        "which TensorFlow does not read. Save it again as an ordinary JPEG, or as PNG.",
    ),
    "refused by its header.jpg": (announcing(JPEG, 65_000, 8_260), NO_JPEG, "If it is real, save it smaller."),
    "half.png": (PNG[: len(PNG) // 2], "(Invalid PNG data", f"Inside it is a PNG. {CUT_OFF}"),
    "checksum.png": (BAD_CHECKSUM, "(Invalid PNG data", f"Inside it is a PNG. {SAVE}"),
    "without pixels.png": (PNG[:33] + PNG[-12:], "(Invalid PNG", f"Inside it is a PNG. {CUT_OFF}"),
    "xcode.png": (XCODE, "(Invalid PNG", "Use the original, or save it again on a Mac."),
    "damaged sizes.png": (PNG[:16] + struct.pack(">II", 65_536, 65_536) + bytes(9), "(Invalid PNG", FETCH),
    "refused by its header.png": (
        announcing(PNG, 40_000, 40_000),
        "(PNG size too large for int: 40000 by 40000)",
        "If it is real, save it smaller.",
    ),
    "half.gif": (GIF[: len(GIF) // 2], "(Invalid GIF data", f"Inside it is a GIF. {CUT_OFF}"),
    "sizes only.gif": (GIF[:6] + b"\xff" * 4 + GIF[10:60], "(Invalid GIF data", FETCH),
    "half.bmp": (BMP[: len(BMP) // 2], "(Input size should match", f"Inside it is a BMP. {CUT_OFF}"),
    "1 bit.bmp": (encoded(RGB.convert("1"), "BMP"), "(Number of channels", f"Inside it is a BMP. {SAVE}"),
    "alpha inside.jpg": (encoded(HALF_CLEAR, "WEBP"), "cannot be decoded", f"Inside it is a WEBP. {SAVE}"),
    "animated webp.jpg": (
        encoded(RGB, "WEBP", **TWO_FRAMES),
        "(WebP Animation must be",
        f"Inside it is a WEBP. {SAVE}",
    ),
    "gray jpeg xl.jpg": (JPEG_XL["gray"], "(Number of channels", f"can only be read with its own channels. {SAVE}"),
    "missing.jpg": (None, "No such file", "Is it there, and may you read it?"),
    "folder.png": ("folder", "directory", "Is it there, and may you read it?"),
}
TURNED, CLEAR, DEEP = "turned by EXIF orientation", "partly transparent", "16 bits per channel"
WRONG_COLOURS, ANIMATED, MASKS = "a BMP with a palette", "an animation", "a BMP with masks"
CANVAS = "a GIF whose canvas"
ODD = {  # with what is said of it
    **{f"turned {way}.jpg": (encoded(RGB, "JPEG", exif=turned(way)), [f"{TURNED} {way}"]) for way in range(2, 9)},
    "turned.png": (encoded(RGB, "PNG", exif=turned(6)), [f"{TURNED} 6"]),
    "turned webp.jpg": (encoded(RGB, "WEBP", exif=turned(8)), [f"{TURNED} 8"]),
    "alpha.png": (encoded(HALF_CLEAR, "PNG"), [f"{CLEAR}: alpha is dropped, and the hidden pixels show"]),
    "exif far behind.jpg": (FAR_BEHIND, [f"{TURNED} 6"]),
    "gray alpha.png": (encoded(HALF_CLEAR.convert("LA"), "PNG"), [CLEAR]),
    "almost opaque.png": (png([9, 9, 9, 254], colour_type=6), [CLEAR]),
    "palette alpha.png": (png([1], colour_type=3, palette=COLOURS, transparent=[255, 0]), [CLEAR]),
    "transparent gray.png": (png([100], colour_type=0, transparent=[0, 100]), [CLEAR]),
    "transparent colour.png": (png([1, 2, 3], colour_type=2, transparent=[0, 1, 0, 2, 0, 3]), [CLEAR]),
    "16 bit gray.png": (png([40_000], bits=16, colour_type=0), [DEEP]),
    "16 bit.png": (png([40_000, 200, 65_535], bits=16, colour_type=2), [DEEP]),
    "16 bit opaque.png": (png([40_000, 1, 2, 65_535], bits=16, colour_type=6), [DEEP]),
    "16 bit gray key.png": (png([40_000], bits=16, colour_type=0, transparent=[156, 65]), [DEEP]),
    "transparent.gif": (
        encoded(PALETTE, "GIF", transparency=3),
        [f"{CLEAR}: alpha is dropped, and these parts are black"],
    ),
    "palette.bmp": (encoded(PALETTE, "BMP"), [WRONG_COLOURS]),
    "animated.gif": (encoded(RGB, "GIF", **TWO_FRAMES), [ANIMATED]),
    "animated.png": (encoded(RGB, "PNG", **TWO_FRAMES), [ANIMATED]),
    "turned and alpha.png": (encoded(HALF_CLEAR, "PNG", exif=turned(3)), [f"{TURNED} 3", CLEAR]),
    "16 bit alpha.png": (png([40_000, 1, 2, 0], bits=16, colour_type=6), [CLEAR, DEEP]),
    "strip.png": (encoded(photo(1, 129), "PNG"), ["129 by 1 pixels, so thin that pad_to_aspect_ratio fails"]),
    "strip.jpg": (encoded(photo(1290, 10), "JPEG"), ["1290 by 10 pixels, so thin"]),
    "masks.bmp": (masked_bmp(0xFF, 0xFF00, 0xFF0000), [MASKS]),
    "masks, short header.bmp": (masked_bmp(0xFF, 0xFF00, 0xFF0000, header_bytes=40), [MASKS]),
    "canvas only.gif": (gif((60_000, 60_000), (0, 0, 30, 20)), [f"{CANVAS}, 60,000 by 60,000 pixels, does not match"]),
    "transparent canvas.gif": (
        gif((10_000, 10_000), (0, 0, 30, 20), transparent=True),
        [f"{CANVAS}, 10,000 by 10,000"],
    ),
    "small canvas.gif": (gif((1, 1), (0, 0, 30, 20)), [CANVAS]),
    "beside.gif": (gif((33, 22), (3, 2, 30, 20)), [CANVAS]),
    "larger later.gif": (gif((30, 20), (0, 0, 30, 20), (0, 0, 30, 40)), [ANIMATED, CANVAS]),
    "16 bit jpeg xl.jpg": (JPEG_XL["16 bit"], ["16 bits per channel, but only 8 are kept"]),
    "10 bit jpeg xl.jpg": (JPEG_XL["10 bit"], ["10 bits per channel, but only 8 are kept"]),
    "animated jpeg xl.jpg": (JPEG_XL["animated"], [ANIMATED]),
}
NOT_TRIED = {  # with how many millions are said
    "huge.png": (announcing(PNG, 20_000, 20_000), "400"),
    "huge.jpg": (announcing(JPEG, 65_000, 8_250), "536"),
    "huge.gif": (announcing(GIF, 10_000, 65_000), "650"),
    "huge webp.jpg": (announcing(encoded(RGB, "WEBP"), 16_000, 16_000), "256"),
    "huge jpeg xl.jpg": (bytes.fromhex("ff0afc7621201208020118a000e9983249ca94b14e3106"), "144"),
    "huge frame.gif": (gif((1, 1), (0, 0, 9_500, 9_500)), "90"),
    "huge together.gif": (gif((3000, 3000), *[(0, 0, 3000, 3000)] * 40), "360"),
}
FINE = {
    "photo.jpg": JPEG,
    "progressive.jpg": encoded(RGB, "JPEG", progressive=True),
    "gray.jpg": encoded(GRAY, "JPEG"),
    "cmyk.jpg": encoded(RGB.convert("CMYK"), "JPEG"),
    "upright.jpg": encoded(RGB, "JPEG", exif=turned(1)),
    "exif without orientation.jpg": encoded(RGB, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0" + bytes(6)),
    "damaged exif.jpg": encoded(RGB, "JPEG", exif=b"Exif\0\0II*\0"),
    "damaged inside.jpg": DAMAGED,
    "png inside.jpg": PNG,
    "webp inside.jpg": encoded(RGB, "WEBP"),
    "bmp inside.jpg": BMP,
    "jpeg inside.png": JPEG,
    "garbage behind.jpg": JPEG + b"garbage" * 20,
    "photo.png": PNG,
    "garbage behind.png": PNG + b"garbage" * 20,
    "gray.png": encoded(GRAY, "PNG"),
    "1 bit.png": encoded(RGB.convert("1"), "PNG"),
    "palette.png": encoded(PALETTE, "PNG"),
    "opaque.png": encoded(RGB.convert("RGBA"), "PNG"),
    "opaque gray.png": encoded(GRAY.convert("LA"), "PNG"),
    "opaque palette.png": png([1], colour_type=3, palette=COLOURS, transparent=[0, 255]),
    "one pixel.png": encoded(photo(1, 1), "PNG"),
    "strip that can be padded.png": encoded(photo(128, 1), "PNG"),
    "jpeg xl.jpg": JPEG_XL["rgb"],
    "masks as TensorFlow reads.bmp": masked_bmp(0xFF0000, 0xFF00, 0xFF),
    "still.gif": GIF,
    "photo.bmp": BMP,
    "gray.bmp": encoded(GRAY, "BMP"),
    "32 bit.bmp": encoded(RGB.convert("RGBA"), "BMP"),
    "from top to bottom.bmp": top_down(BMP),
}
SPOILT = BROKEN | ODD | NOT_TRIED
CONTENTS = {name: content for name, (content, *_) in SPOILT.items()} | FINE


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """All of them, flat."""
    folder = tmp_path_factory.mktemp("all kinds")
    for name, content in CONTENTS.items():
        if content == "folder":
            (folder / name).mkdir()
        elif content is not None:
            (folder / name).write_bytes(content)
    return folder


def rows_of(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(Path(problem.path).name, problem.kind, problem.reason) for problem in problems]


@pytest.fixture(scope="module")
def found(folder) -> dict[str, dict[str, list[tuple[str, str, str]]]]:
    """For each colour mode and each file, what is found when all are looked through at once."""

    def find(color_mode):
        problems = find_bad_images([folder / name for name in CONTENTS], color_mode=color_mode)
        assert all(problem.path == str(folder / Path(problem.path).name) for problem in problems)
        return {name: [problem for problem in rows_of(problems) if problem[0] == name] for name in CONTENTS}

    return {color_mode: find(color_mode) for color_mode in CHANNELS}


# What is found


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_found_with_a_reason(found, name):
    ((_, kind, reason),) = found["rgb"][name]
    assert kind == "broken"
    assert reason.startswith("cannot be decoded (")
    assert BROKEN[name][1] in reason
    assert reason.endswith(BROKEN[name][2])
    for noise in ("\n", "{{", "[Op"):
        assert noise not in reason


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_found_with_what_becomes_of_it(found, name):
    problems = found["rgb"][name]
    assert [kind for _, kind, _ in problems] == ["odd"] * len(ODD[name][1])
    for (_, _, reason), words in zip(problems, ODD[name][1], strict=True):
        assert reason.startswith(words)


@pytest.mark.parametrize("name", NOT_TRIED)
@pytest.mark.parametrize("color_mode", CHANNELS)
def test_what_is_too_large_to_try_is_said_so_and_not_decoded(found, name, color_mode):
    ((_, kind, reason),) = found[color_mode][name]  # decoded, all would be broken
    words = f"has {NOT_TRIED[name][1]} million pixels according to its header, so it was not decoded here"
    assert (kind, reason) == ("not tried", f"{words}. If it is real, save it smaller.")


@pytest.mark.parametrize("name", FINE)
def test_a_file_that_is_read_as_it_was_meant_is_not_reported(found, name):
    assert found["rgb"][name] == []


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (TURNED, "ImageOps.exif_transpose"),
        (CLEAR, "Blend it with a background"),
        (f"{DEEP}, but only the upper 8", "dtype=tf.uint16"),
        (f"{DEEP}, but only 8 are kept", "save it as a 16-bit PNG"),
        (WRONG_COLOURS, "Save it again as PNG"),
        (MASKS, "Save it again as PNG"),
        (CANVAS, "Save it again as PNG"),
        (ANIMATED, "only its first frame is read"),
    ],
)
def test_it_is_said_what_to_do_about_an_odd_file(found, words, advice):
    reasons = [reason for problems in found["rgb"].values() for _, _, reason in problems if reason.startswith(words)]
    assert reasons
    assert all(advice in reason for reason in reasons)


def test_a_phone_photo_with_a_second_picture_in_it_is_no_animation(tmp_path):
    exif = turned(1)
    exif[ExifTags.Base.Make] = "phone"
    RGB.save(tmp_path / "phone.jpg", "MPO", exif=exif, **TWO_FRAMES)
    assert find_bad_images([tmp_path / "phone.jpg"]) == []


@pytest.mark.parametrize(
    "orientation",
    [0, 9],
)
def test_an_orientation_that_means_nothing_is_no_turn(tmp_path, orientation):
    RGB.save(tmp_path / "unturned.jpg", exif=turned(orientation))
    assert find_bad_images([tmp_path / "unturned.jpg"]) == []


# Colour modes


@pytest.mark.parametrize(
    ("color_mode", "name", "words"),
    [
        ("grayscale", "still.gif", "channels must be 0 or 3 for GIF, got 1"),
        ("grayscale", "animated.gif", "channels must be 0 or 3 for GIF, got 1"),
        ("grayscale", "photo.bmp", "`channels` must be 0, 3 or 4 for BMP, but got 1"),
        ("grayscale", "palette.bmp", "`channels` must be 0, 3 or 4 for BMP, but got 1"),
        ("grayscale", "cmyk.jpg", "jpeg::Uncompress failed"),
        ("grayscale", "webp inside.jpg", "WebP only supports 3 or 4 channels"),
        ("rgba", "still.gif", "channels must be 0 or 3 for GIF, got 4"),
        ("rgba", "photo.jpg", "JPEG does not support 4 channels"),
        ("rgba", "cmyk.jpg", "JPEG does not support 4 channels"),
        ("rgba", "turned 6.jpg", "JPEG does not support 4 channels"),
    ],
)
def test_what_is_broken_depends_on_the_colour_mode(found, color_mode, name, words):
    ((_, kind, reason),) = found[color_mode][name]
    assert kind == "broken"
    assert words in reason
    assert not any(kind == "broken" for _, kind, _ in found["rgb"][name])


FIT_FOR_OTHER_MODES = [("rgba", "alpha inside.jpg"), ("grayscale", "gray jpeg xl.jpg")]


def test_whatever_the_colour_mode_what_is_broken_in_colour_is_broken(found):
    for color_mode, name in [(color_mode, name) for color_mode in CHANNELS for name in BROKEN]:
        if (color_mode, name) not in FIT_FOR_OTHER_MODES:
            assert [kind for _, kind, _ in found[color_mode][name]] == ["broken"], (color_mode, name)


@pytest.mark.parametrize("name", [name for name in (*ODD, *FINE) if name.endswith(".png") and CONTENTS[name] != JPEG])
def test_a_png_is_read_in_every_colour_mode_and_loses_its_alpha_in_all_but_one(found, name):
    assert found["grayscale"][name] == found["rgb"][name]
    assert found["rgba"][name] == [problem for problem in found["rgb"][name] if not problem[2].startswith(CLEAR)]


# The same as an eager loop


@pytest.fixture(scope="module")
def refused(folder) -> dict[str, set[str]]:
    """For each colour mode, the names of the files that an eager loop cannot decode."""

    def fails(name, channels):
        try:
            tf.io.decode_image(tf.io.read_file(str(folder / name)), channels=channels, expand_animations=False)
        except tf.errors.OpError:
            return True
        return False

    decodable = [name for name in CONTENTS if name not in NOT_TRIED]
    return {mode: {name for name in decodable if fails(name, channels)} for mode, channels in CHANNELS.items()}


NAMES = [name for name in CONTENTS if name not in NOT_TRIED]


@hypothesis.settings(max_examples=10)
@hypothesis.given(names=st.lists(st.sampled_from(NAMES), max_size=100), color_mode=st.sampled_from(list(CHANNELS)))
@hypothesis.example(names=["empty.jpg", *["photo.jpg"] * 40], color_mode="rgb")
@hypothesis.example(names=[*["photo.jpg"] * 40, "empty.jpg"], color_mode="rgb")
@hypothesis.example(names=[*["photo.jpg"] * 31, *["empty.jpg", "half.png"] * 3, *["photo.jpg"] * 31], color_mode="rgb")
@hypothesis.example(names=list(BROKEN) * 4, color_mode="rgb")
@hypothesis.example(names=["photo.jpg"] * 64, color_mode="rgb")
def test_the_broken_files_are_those_that_an_eager_loop_cannot_decode(folder, found, refused, names, color_mode):
    problems = rows_of(find_bad_images([folder / name for name in names], color_mode=color_mode))
    broken = [name for name, kind, _ in problems if kind == "broken"]
    assert broken == [name for name in names if name in refused[color_mode]]
    assert problems == [problem for name in names for problem in found[color_mode][name]]


def test_a_file_that_ends_in_its_header_is_broken_as_for_an_eager_loop(tmp_path):
    paths = []
    for number, content in enumerate([JPEG, PNG, GIF, BMP, encoded(RGB, "WEBP")]):
        for length in range(40):
            paths.append(tmp_path / f"{number} {length}")
            paths[-1].write_bytes(content[:length])
            with pytest.raises(tf.errors.OpError):
                tf.io.decode_image(content[:length], channels=3, expand_animations=False)
    problems = find_bad_images(paths)
    assert [problem.path for problem in problems] == [str(path) for path in paths]
    assert {problem.kind for problem in problems} == {"broken"}


# Huge images are told by their header


def test_pillow_gives_no_warning_about_what_is_huge(folder):
    names = [*NOT_TRIED, "canvas only.gif", "transparent canvas.gif", "refused by its header.png", "photo.png"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        problems = find_bad_images([folder / name for name in names])
    assert len(problems) == len(names) - 1


@pytest.mark.parametrize("image_format", ["PNG", "GIF", "JPEG", "WEBP"])
def test_up_to_the_limit_of_pillow_an_image_is_decoded(tmp_path, image_format):
    """Half a file is broken if it was decoded, and not tried if its header alone was read."""
    content = encoded(photo(200, 300), image_format)
    width, height = 14_351, 6_235
    assert width * height == Image.MAX_IMAGE_PIXELS
    for name, announced in {"at": width, "over": width + 1}.items():
        (tmp_path / name).write_bytes(announcing(content[: len(content) // 2], announced, height))
    problems = find_bad_images([tmp_path / "at", tmp_path / "over"])
    assert [problem.kind for problem in problems] == ["broken", "not tried"]
    assert "has 89 million pixels according to its header, so it was not decoded" in problems[1].reason


@pytest.mark.parametrize("image_format", ["WEBP", "BMP"])
def test_what_is_too_large_for_pillow_does_not_stop_the_search(folder, tmp_path, monkeypatch, image_format):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)
    (tmp_path / "large.jpg").write_bytes(encoded(RGB, image_format))
    problems = find_bad_images([tmp_path / "large.jpg", folder / "empty.jpg"])
    assert [name for name, kind, _ in rows_of(problems) if kind == "broken"] == ["empty.jpg"]


# The list or folder that is given


def test_an_empty_list_holds_nothing_bad():
    assert find_bad_images([]) == []


@pytest.mark.parametrize("color_mode", ["bgr", "RGB", "", None])
def test_a_colour_mode_that_is_none_is_refused_before_a_file_is_read(folder, color_mode):
    for images in ("nowhere", [folder / "photo.jpg"], []):
        with pytest.raises(ValueError, match=f"color_mode must be one of grayscale, rgb, rgba; not {color_mode!r}"):
            find_bad_images(images, color_mode=color_mode)


@pytest.mark.parametrize(
    ("name", "error_type"),
    [("nowhere", FileNotFoundError), ("photo.jpg", NotADirectoryError), ("folder.png", ValueError)],
)
def test_a_folder_that_cannot_be_listed_is_refused(folder, name, error_type):
    for form in (str, Path):
        with pytest.raises(error_type, match=name):
            find_bad_images(form(folder / name))


@pytest.mark.parametrize("form", [list, tuple])
@pytest.mark.parametrize("path_type", [str, Path])
def test_paths_may_have_any_form(folder, form, path_type):
    paths = [path_type(folder / name) for name in ("photo.jpg", "empty.jpg", "palette.bmp")]
    problems = find_bad_images(form(paths))
    assert [problem[:2] for problem in problems] == [(str(paths[1]), "broken"), (str(paths[2]), "odd")]


def test_a_relative_path_stays_relative_and_a_folder_becomes_absolute(tmp_path, monkeypatch):
    (tmp_path / "é a").mkdir()
    (tmp_path / "é a" / "1.png").write_bytes(b"")
    (tmp_path / "é a" / "2.webp").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert [problem.path for problem in find_bad_images(["é a/1.png"])] == ["é a/1.png"]
    assert [problem.path for problem in find_bad_images(".")] == [str(tmp_path), str(tmp_path / "é a" / "1.png")]


def test_a_file_that_is_gone_after_the_listing_is_found(folder, tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        (tmp_path / "a" / name).write_bytes(JPEG)
    listing = list_images(tmp_path)
    (tmp_path / "a" / "2.jpg").unlink()
    monkeypatch.setattr(bad_images, "list_images", lambda directory: listing)
    for images in (listing.paths, tmp_path):
        (problem,) = find_bad_images(images)
        assert problem[:2] == (str(tmp_path / "a" / "2.jpg"), "broken")
        assert "No such file" in problem.reason


def test_a_pipe_is_not_read_and_does_not_keep_others_from_it(folder, tmp_path):
    with pipe_at(tmp_path / "pipe.jpg"):
        problems = find_bad_images([folder / "empty.jpg", tmp_path / "pipe.jpg", folder / "half.jpg"])
    assert [(name, kind) for name, kind, _ in rows_of(problems)] == [
        ("empty.jpg", "broken"),
        ("pipe.jpg", "not tried"),
        ("half.jpg", "broken"),
    ]
    assert problems[1].reason == "is a pipe, a device or a socket, so it was not read. Take it out."


def test_of_a_folder_a_pipe_is_passed_over_with_a_word(tmp_path):
    make_files(tmp_path, "a/1.png")
    with pipe_at(tmp_path / "a" / "2.png"):
        (problem,) = find_bad_images(tmp_path)
    assert problem[:2] == (str(tmp_path / "a" / "2.png"), "folder")
    assert problem.reason.startswith("a pipe, a device or a socket, so it is left out here")


# Thin images


@pytest.mark.parametrize(("width", "height"), [(128, 1), (129, 1), (1, 128), (1, 129), (640, 5), (645, 5), (646, 5)])
def test_what_is_thin_is_what_the_loader_cannot_pad(tmp_path, width, height):
    (tmp_path / "1.png").write_bytes(encoded(photo(height, width), "PNG"))
    dataset = load(tmp_path, labels=None, image_size=(128, 128), pad_to_aspect_ratio=True)
    if find_bad_images([tmp_path / "1.png"]):
        with pytest.raises(tf.errors.InvalidArgumentError, match="output dimensions must be positive"):
            list(dataset)
    else:
        list(dataset)
    assert bool(find_bad_images([tmp_path / "1.png"])) == (max(width, height) > 128 * min(width, height))


def test_a_name_that_is_not_utf_8_is_no_obstacle(tmp_path):
    paths = [tmp_path / name for name in ("1 caf\udce9.png", "2 caf\udce9.png", "3.png")]
    try:
        for path, content in zip(paths, (PNG, b"", b""), strict=True):
            path.write_bytes(content)
    except OSError as error:
        pytest.skip(f"this system has no such names: {error}")
    assert [problem[:2] for problem in find_bad_images(paths)] == [(str(path), "broken") for path in paths[1:]]


def test_of_a_folder_what_is_passed_over_and_what_lies_wrong_comes_first(tmp_path):
    make_files(tmp_path, "a/1.png", "a/2", "a/3", "a/4.tif", "a/._5.png", "z.png", "a/6.png")
    (tmp_path / "a" / "6.png").write_bytes(b"")
    *listed, without, tiff, broken = find_bad_images(tmp_path)
    assert listed == list_images(tmp_path).problems
    assert len(listed) == 2
    assert str(without) == f"{tmp_path}: files without an extension: 2. The loader leaves out such files, too."
    assert str(tiff) == f"{tmp_path}: files with the extension .tif: 1. The loader leaves out such files, too."
    assert broken[:2] == (str(tmp_path / "a" / "6.png"), "broken")


@pytest.mark.parametrize("color_mode", CHANNELS)
def test_nothing_in_the_folder_changes(folder, color_mode):
    before = state(folder)
    find_bad_images([folder / name for name in CONTENTS], color_mode=color_mode)
    assert state(folder) == before


IN_DEBUG_MODE = """
import pathlib, sys
import tensorflow as tf
from helpers.bad_images import find_bad_images

tf.config.run_functions_eagerly(True)
tf.data.experimental.enable_debug_mode()
for problem in find_bad_images(sorted(pathlib.Path(sys.argv[1]).iterdir())):
    print("found", problem, sep="|")
"""


def test_where_functions_run_eagerly_the_same_is_found(folder, found):
    run = subprocess.run([sys.executable, "-c", IN_DEBUG_MODE, folder], capture_output=True, text=True, check=True)
    told = [line.removeprefix("found|") for line in run.stdout.splitlines() if line.startswith("found|")]
    there = sorted(name for name, content in CONTENTS.items() if content is not None)
    assert told == [f"{folder / name}: {reason}" for name in there for _, _, reason in found["rgb"][name]]


# Memory

MEASURE_PEAK = """
import pathlib, sys, threading
import psutil
from helpers.bad_images import find_bad_images

def look_through(images):
    memory, over = psutil.Process().memory_info, threading.Event()
    seen = [memory().rss]

    def watch():
        while not over.wait(0.005):
            seen.append(memory().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    found = len(find_bad_images(images))
    over.set()
    watcher.join()
    print("\\nfound and grown by", found, (max(seen) - seen[0]) / 1e6)

paths = sorted(pathlib.Path(sys.argv[1]).glob("*.jpg"))
find_bad_images(paths[:500])  # what a first run needs once is not what is measured
look_through(paths[:500])
look_through(paths)
look_through([pathlib.Path(sys.argv[1], "huge.png")])
look_through([pathlib.Path(sys.argv[1], "huge.gif")])
"""


@pytest.mark.thorough
def test_memory_does_not_grow_with_the_number_of_files_or_a_huge_image(tmp_path):
    """4,000 images decoded are 2 GB, their files 100 MB; the huge image decoded is 588 MB."""
    content = encoded(photo(350, 500), "JPEG", quality=30)
    for number in range(4000):
        (tmp_path / f"{number}.jpg").write_bytes(content)
    row = bytes(1 + 14_000 // 8)
    header = struct.pack(">IIBBBBB", 14_000, 14_000, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(row * 14_000)), (b"IEND", b"")]
    (tmp_path / "huge.png").write_bytes(PNG[:8] + b"".join(chunk(*part) for part in parts))
    (tmp_path / "huge.gif").write_bytes(gif((1, 1), (0, 0, 14_000, 14_000)))
    run = subprocess.run([sys.executable, "-c", MEASURE_PEAK, tmp_path], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    measured = re.findall(r"found and grown by (\d+) (\S+)", run.stdout)
    assert [found for found, _ in measured] == ["0", "0", "1", "1"]
    few, many, huge, huge_gif = (float(megabytes) for _, megabytes in measured)
    assert many < few + 40
    assert huge < few + 40
    assert huge_gif < few + 40
