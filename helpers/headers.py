"""What an image announces before it is decoded: a size, frames, colours. Standard library only."""

import re
import struct
from typing import NamedTuple

MOST_PIXELS = 89_478_485  # from here on Pillow warns of a bomb
REFUSED_PIXELS = 2**29  # from here on TensorFlow refuses a PNG or JPEG by its header
_LONGEST_PNG = 1_000_000  # pixels; libpng refuses a longer side
_BGR_MASKS = struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)  # of red, green and blue in the four bytes of a pixel
_JPEG_XL = re.compile(rb"\xff\x0a|\0\0\0\x0cJXL .*?jxl(?:c|p.{4})\xff\x0a", re.DOTALL)  # plain, or in a container
_JPEG_XL_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))  # width to height


class JpegXl(NamedTuple):
    """The header of a JPEG XL: its size, its bits per channel, whether it is an animation."""

    width: int
    height: int
    bits: int
    is_animated: bool


def too_many_pixels(content: bytes) -> int:
    """How many pixels TensorFlow would decode from a PNG, GIF, WebP or JPEG XL; 0 if they are few enough to try.

    >>> from helpers.headers import too_many_pixels
    >>> too_many_pixels(b"GIF89a" + bytes(7) + b"," + 4 * (10_000).to_bytes(2, "little") + bytes(3))
    100000000
    """
    pixels = needed = 0
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        width, height = struct.unpack(">II", content[16:24].ljust(8, b"\0"))
        is_refused = max(width, height) > _LONGEST_PNG or width * height >= REFUSED_PIXELS
        pixels = needed = 0 if is_refused else width * height
    elif content.startswith(b"GIF8"):
        sizes = [(width, height) for _, _, width, height in gif_frames(content)] or [(0, 0)]
        widths, heights = zip(*sizes, strict=True)
        canvas, pixels = max(widths) * max(heights), sum(width * height for width, height in sizes)
        needed = max(canvas, pixels // 3)  # a byte for each pixel of a frame, three for each of the canvas
    elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        pixels = needed = _webp_pixels(content)
    elif header := jpeg_xl(content):
        pixels = needed = header.width * header.height
    return pixels if needed > MOST_PIXELS else 0


def gif_frames(content: bytes) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each frame of a GIF, as far as the file goes.

    >>> from helpers.headers import gif_frames
    >>> gif_frames(b"GIF89a" + bytes(7) + b"," + bytes([1, 0, 2, 0, 30, 0, 20, 0]) + bytes(3))
    [(1, 2, 30, 20)]
    """
    frames = []
    try:
        place = 13 + _colour_table(content[10])
        while content[place] in b"!,":
            is_frame = content[place] == ord(",")
            if is_frame:
                frames.append(struct.unpack_from("<4H", content, place + 1))
            place += 11 + _colour_table(content[place + 9]) if is_frame else 2
            while content[place]:  # blocks of up to 255 bytes, each after its length
                place += 1 + content[place]
            place += 1
    except (IndexError, struct.error):
        pass  # it is cut off
    return frames


def _colour_table(flags: int) -> int:
    return 3 * 2 ** (flags % 8 + 1) if flags & 0x80 else 0


def _webp_pixels(content: bytes) -> int:
    def number(start: int, stop: int) -> int:
        return int.from_bytes(content[start:stop], "little")

    if content[12:16] == b"VP8X":
        return (1 + number(24, 27)) * (1 + number(27, 30))
    if content[12:16] == b"VP8L":
        return (1 + number(21, 25) % 2**14) * (1 + (number(21, 25) >> 14) % 2**14)
    return number(26, 28) % 2**14 * (number(28, 30) % 2**14)


def has_other_masks(content: bytes) -> bool:
    """Whether masks in a BMP put red, green and blue where TensorFlow, which ignores masks, does not expect them.

    >>> from helpers.headers import has_other_masks
    >>> has_other_masks(b"BM" + bytes(100))
    False
    """
    return content.startswith(b"BM") and content[30:31] in (b"\3", b"\6") and content[54:66] != _BGR_MASKS


def jpeg_xl(content: bytes) -> JpegXl | None:
    """The header of a JPEG XL; None for any other file.

    >>> from helpers.headers import jpeg_xl
    >>> jpeg_xl(bytes.fromhex("ff0a4f4024"))
    JpegXl(width=64, height=64, bits=8, is_animated=False)
    """
    start = _JPEG_XL.match(content)
    if not start:
        return None
    header = _Bits(content[start.end() : start.end() + 60])
    width, height = header.size()
    depth, is_animated = 8, 0
    if not header.take(1):  # else all is as usual
        if header.take(1):  # some rare things come first
            header.take(3)  # how it is turned
            if header.take(1):
                header.size()  # of the screen that it was made for
            header.take(1)  # a preview, which encoders do not write
            is_animated = header.take(1)
            if is_animated:
                header.number((100, 0), (1000, 0), (1, 10), (1, 30))  # ticks, in a second
                header.number((1, 0), (1001, 0), (1, 8), (1, 10))
                header.number((0, 0), (0, 3), (0, 16), (0, 32))  # how often
                header.take(1)
        is_float = header.take(1)
        depth = header.number(*([(32, 0), (16, 0), (24, 0)] if is_float else [(8, 0), (10, 0), (12, 0)]), (1, 6))
    return JpegXl(width, height, depth, bool(is_animated))


class _Bits:
    """The bits of a JPEG XL, one after the other, the lowest of each byte first."""

    def __init__(self, content: bytes) -> None:
        self.rest = int.from_bytes(content, "little")

    def take(self, count: int) -> int:
        value = self.rest % 2**count
        self.rest >>= count
        return value

    def number(self, *forms: tuple[int, int]) -> int:
        """Two bits choose one of four forms: what to add to a number, and how many bits the number has."""
        added, count = forms[self.take(2)]
        return added + self.take(count)

    def size(self) -> tuple[int, int]:
        is_small = self.take(1)
        height = self._side(is_small)
        ratio = self.take(3)
        if not ratio:
            return self._side(is_small), height
        times, parts = _JPEG_XL_RATIOS[ratio - 1]
        return height * times // parts, height

    def _side(self, is_small: int) -> int:
        return 8 * (1 + self.take(5)) if is_small else self.number((1, 9), (1, 13), (1, 18), (1, 30))
