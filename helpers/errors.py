"""What an error says, in words for a reader: without the places in a graph, and in one line."""

import re

_NOISE = re.compile(
    r"{{.*?}} ?"  # a place in a graph
    r"| *\[Op:.*"  # an operation
    r"|\x1b\[[\d;]*m"  # bold type
    r"|Error in user-defined function passed to \w+:\d+ transformation with iterator: [\w:]+?: "
    r"|outer_factory\.<locals>\.inner_factory\.<locals>\.tf__"  # what AutoGraph makes of a function
)


def one_line(error: BaseException, text: str = "") -> str:
    """The line of an error's message that says why, without the places in a graph that TensorFlow adds.

    Args:
        error: Any error.
        text: Words in the line to return. By default, the first line; or the last, if TensorFlow begins with
            "in user code:" and the lines of a function being traced.

    >>> from helpers.errors import one_line
    >>> one_line(ValueError("{{function_node decode_device_CPU:0}} Input is empty. [Op:DecodeImage]"))
    'Input is empty.'
    """
    lines = _NOISE.sub("", str(error)).strip().splitlines() or ["(no message)"]
    line = lines[-1 if lines[0] == "in user code:" else 0]
    if text:
        line = next((candidate for candidate in lines if text in candidate), line)
    line = re.sub(r"^>[> -]*", "", line.strip())  # how OpenCV begins the lines of a list
    return line.removeprefix(f"{type(error).__name__}: ")


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 image", "2 images", "2 batches".

    >>> from helpers.errors import counted
    >>> counted(1, "image"), counted(0, "image"), counted(2, "batch")
    ('1 image', '0 images', '2 batches')
    """
    plural = f"{noun}es" if noun.endswith(("ch", "ss")) else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
