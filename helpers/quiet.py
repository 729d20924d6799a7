"""TensorFlow, imported without its start-up log, which would stand in red above the first result of a notebook.

The log, about a GPU that is not there and the like, goes to ``data/tensorflow_start.log``. Look there if Python ends
without a word while TensorFlow is imported. To read the log where it is written, set ``TF_CPP_MIN_LOG_LEVEL=0``.
"""

import contextlib
import os
from collections.abc import Iterator

from helpers import DATA

__all__ = ["tensorflow"]


@contextlib.contextmanager
def _log_kept() -> Iterator[None]:
    """What C libraries write to standard error goes to a file, and to an error's notes if the import fails."""
    DATA.mkdir(exist_ok=True)
    path = DATA / "tensorflow_start.log"
    stderr = os.dup(2)
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 2)
    try:
        yield
    except BaseException as error:
        error.add_note(f"The end of {path}:\n{path.read_text(errors='replace')[-2000:]}")
        raise
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(log)


if "TF_CPP_MIN_LOG_LEVEL" in os.environ:
    import tensorflow
else:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # what comes after the import; errors still arrive as exceptions
    with _log_kept():  # what comes during the import is written before TensorFlow reads the variable
        import tensorflow
