"""Mistakes that are made in any exercise, and the one hint for each."""

import dis
import os
import re
import textwrap
import types

from helpers.errors import one_line
from helpers.quiet import tensorflow as tf

import numpy as np

NO_RETURN = "Your function gives nothing back: is `return` missing?"
NOTHING_HERE = "This is None. Where was it made? A function without `return` gives None."
NOTHING_IN_A_PART = (
    "One of the things that your function returns is None. set_shape, append and sort give nothing back: "
    "call them on a line of their own."
)
NO_END = (
    "This was not done after {seconds} seconds of computing. Does something go on without end, as after repeat()? "
    "(If your machine is slow, run the cell again.)"
)
STILL_A_TENSOR = "This is still a tensor. Matplotlib takes it; OpenCV and Pillow want an array: .numpy()."
TWO_PASSES = "The labels belong to other images: they come from two passes, and each pass shuffles anew."
DRAWN_ONCE = (
    "Every batch gets the same {what}. What NumPy or Python draw is drawn once, when map traces, and a fixed seed "
    "repeats itself: use tf.random.{function}."
)

_SYMBOLS = "In map there are only symbols, which have no values yet: use TensorFlow operations."
_RAISED = {  # what TensorFlow, OpenCV or Python say -> what helps
    r"partially known TensorShape|Failed to convert elements of \(None|None values not supported|"
    r"'NoneType' object cannot be interpreted as an integer": (
        "While map traces, the size of a batch is None: take tf.shape(images)[0]."
    ),
    r"Incompatible shapes: \[(\d+)(,\d+){3}\] vs\. \[(?!\1,|1,)\d+(,\d+){3}\]": (
        "This works for one size of batch only, and batches differ in size: take tf.shape(images)[0]."
    ),
    r"Incompatible shapes: \[(\d+)(,\d+){3}\] vs\. \[\1\]|Dimensions must be equal.*\[\?(,\d+){3}\], \[\d+\]": (
        "Numbers for the images of a batch need the shape (n, 1, 1, 1), to spread over height, width and colours."
    ),
    r"tf.function only supports singleton tf.Variables": "A Keras layer must be made once, outside of the function.",
    r"has no attribute 'numpy'|[Cc]annot convert a symbolic tf.Tensor|SymbolicTensor.*(interpreted|must be)|"
    r"integer, got '<tf.Tensor|"
    r"SymbolicTensor'? object (has no attribute|does not support)": _SYMBOLS,
    r"EagerTensor'? object (has no attribute|does not support)": (
        "A tensor has no methods of NumPy, and cannot be written to: .numpy() makes an array of it."
    ),
    r"Using a symbolic `tf.Tensor` as a Python `bool`|(main|else) branch": (
        "While map traces, a Python if has no value to decide on: use tf.where or tf.cond."
    ),
    r"Iterating over a symbolic `tf.Tensor`": (
        "Python cannot loop over what has no values yet: work on the whole batch at once, or use tf.map_fn."
    ),
    r"InaccessibleTensor|out of scope": (
        "A Python list cannot collect in map: work on the whole batch at once, or use tf.map_fn."
    ),
    r"dims <= 2": "OpenCV takes one image at a time: loop over the batch.",
    r"returns 0 values, but expects to see 1 values": NO_RETURN,
    r"returns \d+ values, but expects to see 1 values": "Make one array of the list: np.stack.",
    r"takes \d+ positional arguments? but \d+ (was|were) given|missing \d+ required positional argument": (
        "The stub shows with which arguments your function is called."
    ),
    r"Expected Ptr<cv::UMat>|src is not a numpy array|cv2.*SymbolicTensor": (
        "OpenCV wants an array: image.numpy(). In map, where there are only symbols: tf.numpy_function."
    ),
    r"No images found in directory": "If the photos lie in no class folders, the loader needs labels=None.",
    r"(Posix|Windows)Path\(.*unsupported type": "TensorFlow takes no Path: write str(path).",
    r"'filename' of 'ReadFile' Op has type float32": "Your list of paths is empty, so TensorFlow took it for floats.",
    r"(max|min)\(\) (arg is an|iterable argument is) empty|^StopIteration": (
        "Nothing was left to choose from: give max, min or next a default."
    ),
    r"must be rank 0 but is rank 1.*(ReadFile|Decode)|must be scalar,? but (had|got) shape": (
        "This reads one path, and got a batch of them: map first, batch afterwards."
    ),
}


def raised(error: BaseException) -> str:
    """What is said of an error of the learner's code."""
    name = type(error).__name__
    words = textwrap.shorten(one_line(error), 240, placeholder=" …").rstrip(".")
    hint = advice(error)
    return f"Your answer raised {name}: {words}" + (f". {hint}" if hint else "")


def advice(error: BaseException) -> str:
    """What helps against an error that learners often meet; of any other, nothing."""
    text = f"{type(error).__name__}: {error}"
    return next((hint for pattern, hint in _RAISED.items() if re.search(pattern, text, re.DOTALL)), "")


def global_for_argument(function) -> str | None:
    """A hint, if a function leaves an argument unused and works on data of the notebook in its place."""
    if not isinstance(function, types.FunctionType):
        return None
    code = function.__code__
    arguments = code.co_varnames[: code.co_argcount]
    loaded = [(step.opname, step.argval) for step in dis.get_instructions(code)]
    used = {name for opname, value in loaded if opname.startswith("LOAD_FAST") for name in _names(value)}
    unused = [name for name in arguments if name not in used and name not in code.co_cellvars]
    names = [name for opname, name in loaded if opname == "LOAD_GLOBAL" and name in function.__globals__]
    others = [name for name in names if _is_data(function.__globals__[name])]
    if not (unused and others):
        return None
    return f"Your function works on `{others[0]}`, a variable of the notebook, and not on its argument `{unused[0]}`."


def _names(value) -> tuple:
    return value if isinstance(value, tuple) else (value,)


def _is_data(value) -> bool:
    """What can stand for an argument: a dataset, an array, a path, a list; and no constant such as a size."""
    return tf.is_tensor(value) or isinstance(value, tf.data.Dataset | np.ndarray | os.PathLike | list | dict)
