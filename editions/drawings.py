"""The drawings of the lessons: `uv run python -m editions.drawings` writes notebooks/drawings.

A drawing is a function that yields its parts, from top to bottom, and its docstring is its alt text, for people who
cannot see it.
"""

from collections.abc import Callable
from typing import NamedTuple

from editions.run import NOTEBOOKS
from editions.shapes import (
    ABSENT,
    BATCHES,
    LIT,
    PATHS,
    PHOTOS,
    PLAIN,
    WRONG,
    Parts,
    arrow,
    box,
    bracket,
    heading,
    line,
    sign,
    svg,
    text,
    tiles,
)

FOLDER = NOTEBOOKS / "drawings"


class Drawing(NamedTuple):
    """The stem of its lesson, its alt text and its SVG."""

    lesson: str
    alt: str
    svg: str


DRAWINGS: dict[str, Drawing] = {}  # by the names of their files

Step = tuple[str, str]  # what is done, and what flows out of it
SHUFFLE, DECODE, RESIZE = ("shuffle", "paths"), ("read and\ndecode", "single photos"), ("resize", "single photos")
BATCH = ("batch", "batches")
LOOKS = {"paths": PATHS, "single photos": PHOTOS, "batches": BATCHES}


def drawing(lesson: str, height: int) -> Callable[[Callable[[], Parts]], Callable[[], Parts]]:
    """Makes the drawing of a function, and enters it into DRAWINGS under the function's name."""

    def register(parts: Callable[[], Parts]) -> Callable[[], Parts]:
        name = parts.__name__
        alt = " ".join((parts.__doc__ or "").split())
        DRAWINGS[name] = Drawing(lesson, alt, svg(name.replace("_", " ").capitalize(), height, parts()))
        return parts

    return register


def width_of(step: str) -> int:
    """How wide the box of a step must be, also with a wide font."""
    letters = max(len(part.strip("`")) for part in step.split("\n"))
    return max(64, 12 * letters + (12 if "`" in step else 4))


def way(y: float, steps: list[Step], lit: str, loader: int | None = None) -> Parts:
    """The way of the data, with one step lit. The first `loader` steps are the loader's; if it is 0, all are yours."""
    widths = [width_of(step) for step, _ in steps]
    gap = (592 - sum(widths)) / (len(steps) - 1)
    left = [round(24 + sum(widths[:k]) + k * gap) for k in range(len(steps))]
    right = [left[k] + widths[k] for k in range(len(steps))]
    for k, (step, kind) in enumerate(steps):
        yield box(left[k], y, widths[k], 56, step, LIT if step == lit else LOOKS[kind])
        if k:
            yield arrow((right[k - 1], y + 28), (left[k] - 3, y + 28))
    kinds = [kind for _, kind in steps]
    for kind in dict.fromkeys(kinds):
        first, last = kinds.index(kind), len(kinds) - 1 - kinds[::-1].index(kind)
        yield from bracket(left[first], right[last], y + 68, kind)
    if loader == 0:
        yield from bracket(24, 616, y - 12, "your own pipeline", above=True)
    elif loader:
        name = "the loader" if BATCH in steps[:loader] else "loader with `batch_size=None`"
        yield from bracket(24, right[loader - 1], y - 12, name, above=True)
        yield from bracket(left[loader], 616, y - 12, "you add", above=True)


@drawing("00_start_here", height=270)
def way_of_the_data() -> Parts:
    """Once, when you load, the paths in the folder are listed and shuffled; no photo is read. Again, in each pass, the
    paths are shuffled, each photo is read, decoded and resized, and photos are put into batches, which come to you."""
    yield box(24, 22, 90, 56, "folder")
    yield arrow((114, 50), (149, 50))
    yield box(152, 22, 90, 56, "paths", PATHS)
    yield text(262, 36, "once, when you load:", 20, bold=True)
    yield text(262, 60, "list and shuffle the paths;")
    yield text(262, 82, "no photo is read yet")
    yield arrow((197, 78), (197, 104), (68, 104), (68, 153))
    yield text(92, 138, "again, in each pass:", 20, bold=True)
    yield from way(156, [SHUFFLE, DECODE, RESIZE, BATCH, ("you", "batches")], "you")


@drawing("01_take_one_batch", height=210)
def way_with_take() -> Parts:
    """The way of the data: the loader shuffles the paths, reads, decodes and resizes single photos, and makes batches.
    After it you add take(1), which lets one batch through; then the dataset ends."""
    yield from heading(36, "`take(1)`: one batch, then the dataset ends")
    yield from way(94, [SHUFFLE, DECODE, RESIZE, BATCH, ("`take(1)`", "batches")], "`take(1)`", 4)


@drawing("01_take_one_batch", height=276)
def axes_of_a_batch() -> Parts:
    """A stack of photos. Its shape (32, 128, 128, 3) is read from left to right: 32 images in the batch, 128 pixels
    from top to bottom, 128 pixels from left to right, and 3 colours."""
    for k in (3, 2, 1, 0):
        yield box(76 + 16 * k, 88 - 14 * k, 130, 130, "" if k else "3 colours", PHOTOS)
    yield arrow((64, 90), (64, 216))
    yield text(24, 160, "128")
    yield arrow((78, 232), (204, 232))
    yield text(141, 256, "128", at="middle")
    yield arrow((218, 218), (266, 176))
    yield text(250, 222, "32")
    yield text(310, 48, "`(32, 128, 128, 3)`", 24)
    names = "images in the batch", "pixels, top to bottom", "pixels, left to right", "colours"
    for k, name in enumerate(names):
        yield box(310, 76 + 46 * k, 60, 36, ("32", "128", "128", "3")[k], BATCHES)
        yield text(380, 100 + 46 * k, name)


@drawing("02_map_a_function", height=410)
def way_with_map() -> Parts:
    """Above, map comes after the loader's batch, and the function gets a batch. Below, the loader has batch_size=None:
    map comes before the batch, and the function gets one image."""
    yield from heading(36, "Map last: the function gets a batch")
    yield from way(94, [SHUFFLE, DECODE, RESIZE, BATCH, ("`map`", "batches")], "`map`", 4)
    yield from heading(236, "Map before batch: it gets one image")
    yield from way(294, [SHUFFLE, DECODE, RESIZE, ("`map`", "single photos"), BATCH], "`map`", 3)


@drawing("04_which_file_is_it", height=350)
def list_and_pass() -> Parts:
    """Above, file_paths beside the images of a pass: the two have different orders, and no path matches the image below
    it. Below, each path travels with its image: the order is that of the pass, and every pair matches."""
    yield from heading(36, "List and pass: two orders", False)
    yield text(24, 78, "`file_paths`")
    yield text(24, 152, "images")
    yield from tiles(160, 52, "7.jpg 2.jpg 9.jpg 4.jpg 5.jpg", PATHS, 90)
    yield from tiles(160, 126, "4 7 5 2 9", PHOTOS, 90)
    yield from heading(212, "Path and image travel together", True)
    yield text(24, 256, "paths")
    yield text(24, 302, "images")
    for k, number in enumerate("47529"):
        yield sign(202 + 90 * k, 109, good=False)
        yield box(160 + 90 * k, 226, 84, 104, look=LIT)
        yield box(166 + 90 * k, 232, 72, 42, f"{number}.jpg", PATHS)
        yield box(166 + 90 * k, 280, 72, 42, number, PHOTOS)


def window(things: str, out: str, inside: str, waiting: str, note: str) -> Parts:
    """A shuffle window with four places, what has gone out of it, and what waits."""
    look = PATHS if things == "paths" else PHOTOS
    yield from heading(36, f"`shuffle(4)`: a window of 4 {things}")
    for x, name in ((68, "out"), (230, "window"), (495, "waiting")):
        yield text(x, 64, name, at="middle")
    yield box(132, 74, 196, 56, look=LIT)
    yield from tiles(24, 82, out, look)
    yield from tiles(141, 82, inside, look)
    yield from tiles(382, 82, waiting, look)
    yield arrow((402, 124), (402, 156), (305, 156), (305, 136))
    yield text(354, 178, "the next one comes in")
    yield text(24, 220, note, 20)


@drawing("04_which_file_is_it", height=242)
def window_of_paths() -> Parts:
    """A window holds 4 paths of a long list. One of the four, drawn at random, goes out, and the next one of the
    list comes in. So a path can come out at most 3 places early, but as late as the end."""
    note = "At most 3 places early. Late: up to the end."
    yield from window("paths", "3 1", "2 4 5 6", "7 8 9 10 11", note)
    yield arrow((253, 134), (253, 156), (90, 156), (90, 126))
    yield text(172, 178, "one at random", at="middle")


@drawing("05_reach_any_image", height=268)
def two_ways_to_image_i() -> Parts:
    """Above, skip(i) reads and decodes image 0, 1, 2 and all others before image i. Below, the list file_paths has the
    name of one file at place i: only image i is read, and the others stay unread."""
    yield from heading(36, "`skip(i)`: reads all before it, too")
    yield from heading(160, "`file_paths[i]`: reads one file")
    for k, number in enumerate("0123…"):
        yield box(24 + 99 * k, 54, 82, 66, f"{number}\nread", PHOTOS)
        yield arrow((106 + 99 * k, 87), (121 + 99 * k, 87))
        yield box(24 + 99 * k, 178, 82, 66, f"{number}\nunread", ABSENT)
    yield box(522, 54, 92, 66, "image i\nread", LIT)
    yield box(522, 178, 92, 66, "image i\nread", LIT)


@drawing("07_split_without_a_leak", height=374)
def leak() -> Parts:
    """Above, two calls with different seeds shuffle 12 photos in different ways. Nine of the first call are for
    training, three of the second for validation: photos 9 and 4 are in both. Below, one list is split once, and nothing
    leaks."""
    yield from heading(36, "Two calls, two seeds: 9 and 4 leak", False)
    yield text(24, 80, "`seed=1`")
    yield from tiles(104, 54, "4 9 2 11 7 1 12 5 8", PHOTOS, 42, wrong="4 9")
    yield from tiles(494, 54, "3 6 10", ABSENT, 42)
    yield from bracket(104, 476, 106, "training")
    yield text(24, 170, "`seed=2`")
    yield from tiles(104, 144, "7 2 10 1 12 3 8 5 11", ABSENT, 42)
    yield from tiles(494, 144, "9 6 4", BATCHES, 42, wrong="4 9")
    yield from bracket(494, 614, 196, "validation")
    yield text(104, 212, "dashes: not in the subset")
    yield from heading(266, "One list, split once: no leak", True)
    yield text(24, 310, '`"both"`')
    yield from tiles(104, 284, "4 9 2 11 7 1 12 5 8", PHOTOS, 42)
    yield from tiles(494, 284, "3 6 10", BATCHES, 42)
    yield from bracket(104, 476, 336, "training")
    yield from bracket(494, 614, 336, "validation")


@drawing("08_broken_files", height=386)
def one_broken_file() -> Parts:
    """Nine files in batches of three; one, 4b, is broken. Without ignore_errors, a loop gets the first batch, then
    stops with an error. With ignore_errors after the batch, the batch with 4b is lost. Before the batch, only 4b is
    lost."""
    yield from heading(36, "4b is broken: the loop stops")
    yield from heading(160, "Batch, then `ignore_errors`: a batch is lost")
    yield from heading(284, "`ignore_errors`, then batch: 4b is lost")
    batches = (
        (24, 52, "0 1 2", PHOTOS, "arrives"),
        (188, 52, "3 4 4b", ABSENT, "error"),
        (352, 52, "5 6 7", ABSENT, "never arrives"),
        (24, 176, "0 1 2", PHOTOS, "arrives"),
        (188, 176, "3 4 4b", ABSENT, "lost"),
        (352, 176, "5 6 7", PHOTOS, "arrives"),
        (24, 300, "0 1 2", PHOTOS, "arrives"),
        (188, 300, "3 4 5", PHOTOS, "arrives"),
        (352, 300, "6 7", PHOTOS, "arrives"),
        (516, 300, "4b", ABSENT, "lost"),
    )
    for x, y, files, look, result in batches:
        yield from tiles(x, y, files, look, wrong="4b")
        yield from bracket(x, x + 46 * len(files.split()) - 6, y + 50, result)


@drawing("10_where_tf_function_helps", height=306)
def trace_and_run() -> Parts:
    """Tracing runs your Python once. A print happens then, and is not in the graph; a number from Python's random is
    a constant in it. tf.print and tf.random.uniform are operations in the graph, and run for each batch."""
    yield text(24, 38, "Traced: Python, once", 20, bold=True)
    yield text(346, 38, "Graph: each batch", 20, bold=True)
    rows = (
        ('`print("a")`', "not in the graph", ABSENT),
        ("`random.random()`", "always the same number", PLAIN),
        ('`tf.print("a")`', "prints each time", LIT),
        ("`tf.random.uniform([])`", "draws anew each time", LIT),
    )
    for k, (code, result, look) in enumerate(rows):
        yield box(24, 56 + 60 * k, 286, 46, code, PATHS)
        yield arrow((310, 79 + 60 * k), (342, 79 + 60 * k))
        yield box(346, 56 + 60 * k, 270, 46, result, look)


@drawing("11_how_fast_is_it", height=350)
def wait_or_overlap() -> Parts:
    """Time lines of three batches. Above, loading and training take turns, and training waits for each batch. Below,
    the loader prepares batches during a step on a GPU: training waits for the first batch only, and ends sooner."""
    yield from heading(36, "In turn: the sum of both")
    yield from heading(182, "Loading ahead, step on a GPU: the longer")
    for y, loads, steps, waits in (
        (52, (124, 284, 444), (188, 348, 508), (124, 284, 444)),
        (198, (124, 188, 252), (188, 284, 380), (124,)),
    ):
        yield text(24, y + 26, "loader")
        yield text(24, y + 74, "training")
        for k in range(3):
            yield box(loads[k], y, 62, 40, f"{k + 1}", PATHS)
            yield box(steps[k], y + 48, 94, 40, f"step {k + 1}", BATCHES)
        for x in waits:
            yield box(x, y + 48, 62, 40, "waits", ABSENT, 16)
        yield line((steps[2] + 97, y - 6), (steps[2] + 97, y + 96), dashes="4 4")
    yield arrow((124, 312), (616, 312))
    yield text(370, 334, "time", at="middle")


@drawing("12_read_once_or_less", height=410)
def where_to_cache() -> Parts:
    """Above, the cache comes last. It keeps the shuffled batches, so every epoch has the order of the first. Below, the
    cache keeps single photos, and you shuffle and batch after it: each epoch has an order of its own."""
    yield from heading(36, "Cache last: the first order is frozen", False)
    yield from way(94, [SHUFFLE, DECODE, RESIZE, BATCH, ("`cache`", "batches")], "`cache`", 4)
    yield from heading(236, "Shuffle after the cache: new orders", True)
    steps = [SHUFFLE, DECODE, RESIZE, ("`cache`", "single photos"), ("shuffle", "single photos"), BATCH]
    yield from way(294, steps, "`cache`", 3)


@drawing("12_read_once_or_less", height=242)
def window_of_photos() -> Parts:
    """A window has places for 4 photos, and two are still empty: the next waiting photo comes in. Nothing comes out
    before the window is full, so in the first epoch four photos must first be read and decoded."""
    note = "Nothing comes out before the window is full."
    yield from window("photos", "", "1 2", "3 4 5 6 7", note)
    yield text(68, 108, "none yet", at="middle")


@drawing("13_find_the_misfiled_photos", height=376)
def out_of_fold() -> Parts:
    """A table of four models and four quarters of the photos. Each model trains on three quarters and is asked about
    the fourth, another one each time. Together, each photo has an answer from a model that has not seen it."""
    for k in range(4):
        x, y = 126 + 122 * k, 54 + 56 * k
        yield text(x + 58, 38, f"quarter {k + 1}", at="middle")
        yield text(24, y + 28, f"model {k + 1}")
        for row in range(4):
            yield box(x, 54 + 56 * row, 116, 44, *(("is asked", LIT) if row == k else ("trains", PHOTOS)))
        yield arrow((x + 58, 269), (x + 58, 290))
        yield box(x, 294, 116, 40, f"model {k + 1}", BATCHES)
    yield text(24, 320, "answers")
    yield text(320, 358, "No model judges a photo that it has seen.", at="middle")


@drawing("15_beyond_one_machine", height=410)
def way_with_shard() -> Parts:
    """Above, shard comes after the loader: each host reads, decodes and resizes all photos, then throws half away.
    Below, shard divides the paths first: each host shuffles, reads, decodes and resizes only its own."""
    yield from heading(36, "Photos divided: each host reads all", False)
    yield from way(94, [SHUFFLE, DECODE, RESIZE, ("`shard(2, 0)`", "single photos")], "`shard(2, 0)`", 3)
    yield from heading(236, "Paths divided: each host reads its own", True)
    yield from way(294, [("`shard(2, 0)`", "paths"), SHUFFLE, DECODE, RESIZE], "`shard(2, 0)`", 0)


@drawing("15_beyond_one_machine", height=382)
def who_reads_what() -> Parts:
    """Two hosts and eight photos. Above, both load with the same seed: each reads all eight, keeps four and throws four
    away. Below, the paths are divided: each reads its own four, and each photo is read once."""
    yield from heading(36, "`shard` last: each photo is read twice", False)
    yield from heading(206, "`shard` first: each photo is read once", True)
    for host in (0, 1):
        yield text(24, 84 + 58 * host, f"host {host}")
        yield text(24, 254 + 58 * host, f"host {host}")
        for k, shuffled in enumerate("52703614"):
            is_own = k % 2 == host
            above = (f"{shuffled}\nkept", PHOTOS) if is_own else (f"{shuffled}\naway", WRONG)
            yield box(104 + 64 * k, 54 + 58 * host, 56, 48, *above, size=16)
            yield box(104 + 64 * k, 224 + 58 * host, 56, 48, f"{k}", PHOTOS if is_own else ABSENT, size=16)
    yield text(24, 362, "away: read, then thrown away. dashes: not read.")


@drawing("16_devices_and_workers", height=330)
def divided_batch() -> Parts:
    """A batch of seven photos is divided: the first device gets photos 0 to 3, the second gets 4 to 6. tf.concat joins
    the two parts, and the seven photos are in the same order as before."""
    yield text(24, 50, "batch of 7")
    yield from tiles(160, 24, "0 1 2 3 4 5 6", BATCHES, 52)
    yield arrow((262, 68), (170, 100))
    yield arrow((420, 68), (478, 100))
    yield box(24, 104, 292, 100)
    yield box(340, 104, 276, 100)
    yield text(170, 132, "first device: 4", at="middle")
    yield text(478, 132, "second device: 3", at="middle")
    yield from tiles(69, 148, "0 1 2 3", BATCHES, 52)
    yield from tiles(403, 148, "4 5 6", BATCHES, 52)
    yield arrow((170, 206), (262, 258))
    yield arrow((478, 206), (420, 258))
    yield text(24, 288, "`tf.concat`")
    yield from tiles(160, 262, "0 1 2 3 4 5 6", BATCHES, 52)


@drawing("16_devices_and_workers", height=400)
def dealt_labels() -> Parts:
    """A dispatcher deals out six photos to workers A and B. Above, it deals paths and labels separately: path 2 gets
    label 1, and path 1 gets label 2. Below, it deals pairs of path and label, and every path keeps its own label."""
    yield from heading(36, "Two datasets: two labels mixed up", False)
    yield from heading(230, "One dataset of pairs: all labels fit", True)
    for y, worker, pairs in (
        (72, "A", "0-0 2-1 4-4"),
        (136, "B", "1-2 3-3 5-5"),
        (266, "A", "0-0 2-2 4-4"),
        (330, "B", "1-1 3-3 5-5"),
    ):
        yield box(190, y, 112, 44, f"worker {worker}")
        for k, pair in enumerate(pairs.split()):
            path, label = pair.split("-")
            looks = (PATHS, BATCHES) if path == label else (WRONG, WRONG)
            yield box(320 + 102 * k, y, 46, 44, path, looks[0])
            yield box(366 + 102 * k, y, 46, 44, label, looks[1])
    for y in (104, 298):
        yield box(24, y, 134, 44, "dispatcher")
        yield arrow((158, y + 22), (187, y - 8))
        yield arrow((158, y + 22), (187, y + 52))
        yield text(366, y - 42, "path, label", at="middle")


@drawing("17_other_frameworks", height=400)
def transpose_or_reshape() -> Parts:
    """Four pixels in a row, each with a red, a green and a blue value. Transpose collects the four red values, then the
    green, then the blue ones. Reshape keeps the order and cuts it into three parts, in which all colours are mixed."""
    looks = {"r": BATCHES, "g": PHOTOS, "b": PATHS}
    rows = (
        (52, "r1g1b1 r2g2b2 r3g3b3 r4g4b4", ("pixel 1", "pixel 2", "pixel 3", "pixel 4")),
        (182, "r1r2r3r4 g1g2g3g4 b1b2b3b4", ("red", "green", "blue")),
        (312, "r1g1b1r2 g2b2r3g3 b3r4g4b4", ("taken for red", "taken for green", "taken for blue")),
    )
    yield from heading(36, "Channels last: pixel by pixel")
    yield from heading(166, "`transpose`: colour by colour", True)
    yield from heading(296, "`reshape`: the old order, cut differently", False)
    for y, groups, names in rows:
        for k, (group, name) in enumerate(zip(groups.split(), names, strict=True)):
            left, tiles_here = 24 + 600 / len(names) * k, len(group) // 2
            for n in range(tiles_here):
                yield box(left + 48 * n, y, 44, 40, group[2 * n : 2 * n + 2], looks[group[2 * n]])
            yield from bracket(left, left + 48 * tiles_here - 4, y + 50, name)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, drawn in DRAWINGS.items():
        (FOLDER / f"{name}.svg").write_text(drawn.svg, encoding="utf-8", newline="\n")
        print(FOLDER / f"{name}.svg")
