"""Mistakes that people make in any exercise, and one hint for each."""

import dis
import os
import re
import textwrap
import types

from helpers.errors import one_line
from helpers.quiet import tensorflow as tf

import numpy as np

NO_RETURN = "Your function returned nothing here. Is a `return` missing?"
NOTHING_HERE = "This is None. Where does it come from? A function without `return` returns None."
NOTHING_IN_A_PART = (
    "One of the things your function returns is None. set_shape, append and sort return nothing: "
    "call them on a separate line."
)
NO_END = (
    "This was still running after {seconds} seconds of computing. Does something never end, as after repeat()? "
    "If your machine is slow, run the cell again."
)
STILL_A_TENSOR = "This is still a tensor. Matplotlib accepts it, but OpenCV and Pillow need an array: .numpy()."
TWO_PASSES = "The labels belong to other images. Images and labels come from two passes, and each pass shuffles again."
DRAWN_ONCE = (
    "Every batch gets the same {what}. NumPy and Python draw random numbers only once, when map traces, and a fixed "
    "seed repeats them: use tf.random.{function}."
)

SYMBOLS = (
    "Inside map there are only symbols, which have no values yet: use TensorFlow operations, such as tf.random "
    "instead of np.random."
)
_RAISED = {  # the message of TensorFlow, OpenCV or Python -> what helps
    r"partially known TensorShape|Failed to convert elements of \(None|None values not supported": (
        "While map traces your function, the size of a batch is None. Use tf.shape(images) for the whole shape, or "
        "tf.shape(images)[0] for the size of the batch."
    ),
    r"'NoneType' object cannot be interpreted as an integer": (
        "While map traces your function, the size of a batch is None, and neither Python nor NumPy can use it. "
        "TensorFlow can: use tf.random instead of np.random, with tf.shape(images) for the whole shape, or "
        "tf.shape(images)[0] for the size of the batch."
    ),
    r"must be rank 1 but is rank 0.*Random": (
        "This should be a shape, but it is one number: tf.shape(images), without [0]."
    ),
    r"Incompatible shapes: \[(\d+)(,\d+){3}\] vs\. \[(?!\1,|1,)\d+(,\d+){3}\]": (
        "This works for one batch size only, but the last batch may be smaller: use tf.shape(images)[0]."
    ),
    r"Incompatible shapes: \[(\d+)(,\d+){3}\] vs\. \[\1\]|Dimensions must be equal.*\[\?(,\d+){3}\], \[\d+\]": (
        "One number per image needs the shape (n, 1, 1, 1), to broadcast over height, width and colours."
    ),
    r"tf.function only supports singleton tf.Variables": "Create a Keras layer once, outside the function.",
    r"has no attribute 'numpy'|[Cc]annot convert a symbolic tf.Tensor|SymbolicTensor.*(interpreted|must be)|"
    r"integer, got '<tf.Tensor|"
    r"SymbolicTensor'? object (has no attribute|does not support)": SYMBOLS,
    r"EagerTensor'? object (has no attribute|does not support)": (
        "A tensor has none of NumPy's methods, and you cannot write to it: .numpy() converts it to an array."
    ),
    r"Using a symbolic `tf.Tensor` as a Python `bool`": (
        "While map traces your function, a tensor has no value for Python to look at: use tf.where or tf.cond."
    ),
    r"(main|else) branch": (
        "Both branches of an if on a tensor become part of the graph: set or return the same things in both, with "
        "one dtype, or use tf.where."
    ),
    r"Iterating over a symbolic `tf.Tensor`": (
        "Python cannot loop over a tensor without values: work on the whole batch at once, or use tf.map_fn."
    ),
    r"InaccessibleTensor|out of scope": (
        "Inside map, a Python list cannot collect results: work on the whole batch at once, or use tf.map_fn."
    ),
    r"inhomogeneous shape": ("These differ in size; the last batch may be short. Join batches with np.concatenate."),
    r"PathLike object(.* returns a str)?, not '?\w*Tensor": (  # in brackets: what Python 3.12 adds
        "A path in a dataset is a tensor: path.numpy().decode() converts it to a str."
    ),
    r"dims <= 2": "OpenCV takes one image at a time: loop over the batch.",
    r"returns 0 values, but expects to see 1 values": NO_RETURN,
    r"returns \d+ values, but expects to see 1 values": "Turn the list into one array: np.stack.",
    r"takes \d+ positional arguments? but \d+ (was|were) given|missing \d+ required positional argument": (
        "The stub shows which arguments your function is called with. A function for map is handed over, "
        "dataset.map(function), and called with the parts of an element; a pair inside it, as after zip, is one part."
    ),
    r"Expected Ptr<cv::UMat>|src is not a numpy array|cv2.*SymbolicTensor": (
        "OpenCV needs an array: image.numpy(), or, inside map, where there are only symbols, tf.numpy_function."
    ),
    r"KeyError: (<Base\.Orientation: )?274\b": "A photo without a mark has no such key: get(key, 1) gives a default.",
    r"No images found in directory": "If the photos are not in class folders, the loader needs labels=None.",
    r"(Posix|Windows)Path\(.*unsupported type": "TensorFlow does not accept a Path: write str(path).",
    r"unsupported operand type\(s\) for /: 'str' and 'str'": (
        "The folder is text, so `/` cannot join it with a name: Path(folder, name)."
    ),
    r"only integer scalar arrays can be converted|list indices must be integers or slices, not (list|numpy|Series)": (
        "A list takes one number at a time, not an array of them: [paths[row] for row in rows]."
    ),
    r"'filename' of 'ReadFile' Op has type float32": (
        "Your list of paths is empty, so TensorFlow took it for a list of floats."
    ),
    r"(max|min)\(\) (arg is an|iterable argument is) empty|^StopIteration": (
        "There was nothing to choose from: give max, min or next a default."
    ),
    r"must be rank 0 but is rank 1.*(ReadFile|Decode)|must be scalar,? but (had|got) shape": (
        "This reads one path, but you passed a batch of them: map first, then batch."
    ),
}


def raised(error: BaseException) -> str:
    """What the learner sees about an error in their code."""
    name = type(error).__name__
    words = textwrap.shorten(one_line(error), 240, placeholder=" …").rstrip(".")
    hint = advice(error)
    return f"Your answer raised {name}: {words}" + (f". {hint}" if hint else "")


def advice(error: BaseException) -> str:
    """What helps with an error that learners often run into; empty for any other."""
    text = f"{type(error).__name__}: {error}"
    return next((hint for pattern, hint in _RAISED.items() if re.search(pattern, text, re.DOTALL)), "")


def uses(function, name: str) -> bool:
    """Whether a function has this name, or calls one that has it: `name` is a helper's, without its module."""
    code = getattr(function, "__code__", None)
    return getattr(function, "__name__", "") == name or name in getattr(code, "co_names", ())


def global_for_argument(function) -> str | None:
    """A hint, if a function ignores an argument and uses data from the notebook instead."""
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
    return f"Your function uses `{others[0]}`, a variable of the notebook, instead of its argument `{unused[0]}`."


def _names(value) -> tuple:
    return value if isinstance(value, tuple) else (value,)


def _is_data(value) -> bool:
    """Whether this could be used instead of an argument: a dataset, an array, a path or a list, but not a constant."""
    return tf.is_tensor(value) or isinstance(value, tf.data.Dataset | np.ndarray | os.PathLike | list | dict)
