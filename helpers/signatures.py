"""What an undecodable file is, judging by its first bytes, and what to do with it. Standard library only."""

import re

_SAVE = "Save it again as JPEG or PNG."
_BEGINNINGS = [  # pattern of the first bytes, what has them, what to do
    (rb"\0+\Z", "nothing but zeros", "Fetch it again, or take it out."),
    (rb".{4}ftyp(hei|hev|mif1|msf1)", "a HEIC, a format that phones use", "Export it as JPEG (pillow-heif does)."),
    (rb".{4}ftypavi[fs]", "an AVIF", _SAVE),
    (rb".{4}ftyp|RIFF.{4}AVI |\x1aE\xdf\xa3", "a video", "Take it out, or save single pictures of it."),
    (rb"\xff\x0a|.{4}JXL ", "a JPEG XL, which can only be read with its own channels", _SAVE),
    (rb"II[*+]\0|MM\0[*+]", "a TIFF or a raw photo", "Export it as JPEG or PNG where it was made, or fetch it again."),
    (rb".{12}CgBI", "a PNG that Xcode has rewritten", "Use the original, or save it again on a Mac."),
    (rb"%PDF", "a PDF", "Export its pages as PNG."),
    (rb"(\xef\xbb\xbf)?\s*<(!doctype )?html", "a web page", "Take it out, or fetch the photo itself."),
    (rb"(\xef\xbb\xbf)?\s*<(.{,1000}<)?svg", "an SVG, a drawing", "Export it as PNG."),
    (rb"version https://git-lfs", "a pointer of Git LFS", "Run git lfs pull where it was cloned."),
    (rb"\x1f\x8b|PK\x03\x04|7z\xbc\xaf|Rar!|\xfd7zXZ|BZh|\x28\xb5\x2f\xfd|.{257}ustar", "an archive", "Unpack it."),
    (rb"\0\x05\x16\x07", "what macOS stores alongside a file", "Delete it."),
]
_READABLE = rb"\Z|\xff\xd8\xff|\x89PNG|GIF8|BM|RIFF.{4}WEBP"  # what TensorFlow reads begins so, where it is whole
_LOSSLESS = {0xC3, 0xC7, 0xCB, 0xCF, 0xF7}  # by the marker of a JPEG's frame; the last is JPEG-LS


def advice(content: bytes, opened: str | None = None, is_whole: bool = False) -> str:
    """What a file holds, and what to do with it.

    Args:
        content: The file, or the beginning of it.
        opened: The format that Pillow found; None if it found none.
        is_whole: Whether Pillow could read all of it.

    >>> from helpers.signatures import advice
    >>> advice(b"%PDF-1.7")
    'Inside it is a PDF. Export its pages as PNG.'
    """
    if kind := _kind_of_jpeg(content):
        return f"Inside it is {kind}, which TensorFlow does not read. Save it again as an ordinary JPEG, or as PNG."
    if is_whole:
        return f"Inside it is a {opened}. {_SAVE}"
    for pattern, what, cure in _BEGINNINGS:
        if re.match(pattern, content, re.DOTALL | re.IGNORECASE):
            return f"Inside it is {what}. {cure}"
    if opened:
        return f"Inside it is a {opened}. It is cut off or damaged: fetch it again, or save what is there."
    if re.match(_READABLE, content, re.DOTALL):
        return "Fetch it again, or take it out."
    text = content[:400].decode(errors="replace")
    if all(letter.isprintable() or letter.isspace() for letter in text):
        return f'Inside it is text, which begins "{" ".join(text.split())[:40]}". Take it out.'
    return "Its first bytes match no known format. Take it out."


def _kind_of_jpeg(content: bytes) -> str:
    """ "a lossless JPEG" or the like, if it is one that few programs read."""
    place = 2 if content.startswith(b"\xff\xd8") else len(content)
    while content[place : place + 1] == b"\xff" and place + 4 < len(content):
        marker, precision = content[place + 1], content[place + 4]
        if marker in _LOSSLESS:
            return "a lossless JPEG"
        if marker in range(0xC0, 0xD0) and marker not in (0xC4, 0xC8, 0xCC):
            return f"a JPEG of {precision} bits per channel" if precision != 8 else ""
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
    return ""
