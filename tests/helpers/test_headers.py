"""Headers: the sizes that the decoder uses, of each format, whole or cut off anywhere."""

import io

from helpers.headers import MOST_PIXELS, gif_frames, has_other_masks, jpeg_xl, too_many_pixels

import tensorflow as tf
import hypothesis
import hypothesis.strategies as st
import pytest
from PIL import Image

from tests.material import BMP, GIF, JPEG, JPEG_XL, PNG, RGB, TWO_FRAMES, announcing, encoded, gif, masked_bmp

WIDTH, HEIGHT = 14_351, 6_235  # as many pixels as Pillow opens without a warning


def lossless_webp(width: int, height: int) -> bytes:
    return b"RIFF....WEBPVP8L....\x2f" + (width - 1 | (height - 1) << 14 | 1 << 28).to_bytes(4, "little")


def extended_webp(width: int, height: int) -> bytes:
    return b"RIFF....WEBPVP8X....\x02..." + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def jpeg_xl_of(*fields: tuple[int, int], start: bytes = b"\xff\x0a") -> bytes:
    """A JPEG XL of these bits: pairs of a number and how many bits it has."""
    number = place = 0
    for value, bits in fields:
        number |= value << place
        place += bits
    return start + number.to_bytes(40, "little")


def large_jpeg_xl(width: int, height: int) -> bytes:
    return jpeg_xl_of((0, 1), (3, 2), (height - 1, 30), (0, 3), (3, 2), (width - 1, 30), (1, 1))


SIZED = {
    "png": lambda width, height: announcing(PNG, width, height),
    "gif": lambda width, height: announcing(GIF, width, height),
    "webp": lambda width, height: announcing(encoded(RGB, "WEBP"), width, height),
    "lossless webp": lossless_webp,
    "extended webp": extended_webp,
    "jpeg xl": large_jpeg_xl,
}


def test_the_limit_is_that_of_pillow():
    assert MOST_PIXELS == WIDTH * HEIGHT == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("sized", SIZED.values(), ids=SIZED)
def test_an_image_is_too_large_from_the_limit_of_pillow_on(sized):
    assert too_many_pixels(sized(WIDTH, HEIGHT)) == 0
    assert too_many_pixels(sized(WIDTH + 1, HEIGHT)) == (WIDTH + 1) * HEIGHT


@pytest.mark.parametrize(
    ("width", "height", "pixels"),
    [
        (2**15, 2**14 - 1, 2**29 - 2**15),
        (2**15, 2**14, 0),
        (40_000, 40_000, 0),
        (1_000_000, 100, 100_000_000),
        (1_000_001, 100, 0),
        (100, 1_000_001, 0),
    ],
)
def test_a_png_that_tensorflow_refuses_by_its_header_may_be_tried(width, height, pixels):
    content = announcing(PNG, width, height)
    assert too_many_pixels(content) == pixels
    if not pixels:
        with pytest.raises(tf.errors.InvalidArgumentError, match="PNG size too large|Failed to initialize decoder"):
            tf.io.decode_image(content)


OTHERS = [
    JPEG,
    BMP,
    b"",
    b"\x89PNG",
    announcing(PNG, 20_000, 20_000).replace(b"IHDR", b"CgBI", 1),
    announcing(PNG, 20_000, 20_000).replace(b"\r\n", b"\n\n", 1),
    announcing(encoded(RGB, "WEBP"), 16_000, 16_000).replace(b"WEBP", b"WAVE", 1),
    announcing(GIF, 20_000, 20_000).replace(b"GIF8", b"GIF "),
]


@pytest.mark.parametrize("content", OTHERS)
def test_of_others_nothing_is_said(content):
    assert too_many_pixels(content) == 0


@pytest.mark.parametrize(
    ("screen", "frames", "pixels"),
    [
        ((1, 1), [(0, 0, 12_000, 12_000)], 144_000_000),
        ((60_000, 60_000), [(0, 0, 30, 20)], 0),
        ((3000, 3000), [(0, 0, 3000, 3000)] * 29, 0),
        ((3000, 3000), [(0, 0, 3000, 3000)] * 40, 360_000_000),
        ((10_000, 10_000), [(0, 0, 10_000, 1), (0, 0, 1, 10_000)], 20_000),  # together a canvas of 100 million
    ],
)
def test_of_a_gif_the_frames_count(screen, frames, pixels):
    content = gif(screen, *frames)
    assert gif_frames(content) == frames
    assert too_many_pixels(content) == pixels


def test_frames_are_found_between_other_blocks_and_with_colours_of_their_own():
    with_tables = encoded(
        RGB.quantize(16), "GIF", save_all=True, append_images=[RGB.rotate(90).quantize(7)], comment="!,;"
    )
    assert with_tables.count(b"!") > 2
    for content in (with_tables, encoded(RGB, "GIF", **TWO_FRAMES)):
        with Image.open(io.BytesIO(content)) as image:
            assert image.n_frames == len(gif_frames(content)) == 2
        assert gif_frames(content)[0] == (0, 0, *RGB.size)


WHOLE = [GIF, gif((9, 9), (1, 2, 3, 4)), PNG, encoded(RGB, "WEBP"), lossless_webp(9, 9), *JPEG_XL.values()]


@hypothesis.given(content=st.sampled_from(WHOLE), length=st.integers(0, 1500), noise=st.binary(max_size=30))
def test_whatever_comes_nothing_is_raised(content, length, noise):
    for spoilt in (content[:length], content[:length] + noise):
        assert too_many_pixels(spoilt) >= 0
        gif_frames(spoilt)
        jpeg_xl(spoilt)


# JPEG XL


@pytest.mark.parametrize("name", JPEG_XL)
def test_the_header_of_a_jpeg_xl(name):
    bits = {"10 bit": 10, "16 bit": 16, "float": 32}.get(name, 8)
    assert jpeg_xl(JPEG_XL[name]) == (8, 8, bits, name == "animated")


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ([(1, 1), (9, 5), (0, 3), (1, 5)], (16, 80)),
        ([(0, 1), (0, 2), (299, 9), (0, 3), (0, 2), (499, 9)], (500, 300)),
        ([(0, 1), (1, 2), (2999, 13), (0, 3), (1, 2), (3999, 13)], (4000, 3000)),
        ([(0, 1), (2, 2), (69_999, 18), (0, 3), (0, 2), (0, 9)], (1, 70_000)),
        *(
            ([(0, 1), (0, 2), (359, 9), (ratio, 3)], (width, 360))
            for ratio, width in enumerate([360, 432, 480, 540, 640, 450, 720], 1)
        ),
    ],
)
def test_a_size_of_a_jpeg_xl_has_many_forms(fields, size):
    assert jpeg_xl(jpeg_xl_of(*fields, (1, 1)))[:2] == size


@pytest.mark.parametrize("rare", [[(0, 1)], [(1, 1), (6, 3), (0, 1), (0, 1), (0, 1)]], ids=["nothing", "turned"])
def test_the_bits_of_a_jpeg_xl_that_is_no_animation(rare):
    assert jpeg_xl(jpeg_xl_of((1, 1), (0, 5), (1, 3), (0, 1), *rare, (0, 1), (3, 2), (13, 6))) == (8, 8, 14, False)


def test_rare_things_in_the_header_of_a_jpeg_xl_come_before_its_bits():
    screen = [(1, 1), (1, 1), (0, 5), (1, 3)]  # it has another size on a screen
    animation = [(1, 1), (2, 2), (23, 10), (0, 2), (1, 2), (5, 3), (0, 1)]
    fields = [(1, 1), (0, 5), (1, 3), (0, 1), (1, 1), (6, 3), *screen, (0, 1), *animation, (0, 1), (2, 2)]
    assert jpeg_xl(jpeg_xl_of(*fields)) == (8, 8, 12, True)


@pytest.mark.parametrize("box", [b"jxlc", b"jxlp\0\0\0\0"])
def test_a_jpeg_xl_may_lie_in_a_container(box):
    head = b"\0\0\0\x0cJXL \r\n\x87\n" + b"\0\0\0\x14ftypjxl \0\0\0\0jxl " + b"\0\0\0\x10Exifjxlc...."
    assert jpeg_xl(head + b"\0\0\0\0" + box + JPEG_XL["10 bit"]) == (8, 8, 10, False)
    assert jpeg_xl(head) is None


# BMP


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (masked_bmp(0xFF, 0xFF00, 0xFF0000), True),
        (masked_bmp(0xFF, 0xFF00, 0xFF0000, header_bytes=40), True),
        (masked_bmp(0xFF000000, 0xFF0000, 0xFF00), True),
        (masked_bmp(0xFF0000, 0xFF00, 0xFF), False),
        (BMP, False),
        (JPEG, False),
    ],
)
def test_masks_of_a_bmp(content, expected):
    assert has_other_masks(content) == expected
