"""TensorFlow, imported without its start-up log, which would appear in red above the first result of a notebook.

The log, about a missing GPU and the like, goes to ``data/tensorflow_start.log``. Look there if Python ends
without a message while TensorFlow is imported; ``check_setup`` does. To see the log as it is written, set
``TF_CPP_MIN_LOG_LEVEL=0``.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from typing import TextIO

from helpers import START_LOG, STARTED

__all__ = ["tensorflow"]


@contextlib.contextmanager
def _stderr_in_a_file() -> Iterator[None]:
    """What C libraries write to standard error goes to a file; if the import fails, its end goes with the error."""
    stderr = os.dup(2)
    with _log_file() as log:
        log.truncate(0)
        os.dup2(log.fileno(), 2)
        try:
            yield
        except BaseException as error:
            log.seek(0)
            error.add_note(f"Before that, TensorFlow wrote:\n{log.read()[-2000:]}")
            raise
        else:
            log.write(STARTED)
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def _log_file() -> TextIO:
    try:
        START_LOG.parent.mkdir(exist_ok=True)
        return open(START_LOG, "a+", encoding="utf-8", errors="replace")
    except OSError:  # this user may not write there
        return tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")


if "TF_CPP_MIN_LOG_LEVEL" in os.environ:
    import tensorflow
else:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # what comes after the import; errors still arrive as exceptions
    with _stderr_in_a_file():  # what comes during the import is written before TensorFlow reads the variable
        import tensorflow
