"""Helpers of the notebooks: photos to work on, pictures a person can read, access to images, checks.

TensorFlow is imported here, and its start-up log (in red above the first result of a notebook, about a
GPU that is not there) is kept back. To read it, set ``TF_CPP_MIN_LOG_LEVEL=0`` before the start.
"""

import os

if "TF_CPP_MIN_LOG_LEVEL" not in os.environ:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # what comes after the import; errors still arrive as exceptions
    _stderr = os.dup(2)
    _nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(_nowhere, 2)  # what comes during the import is written before TensorFlow reads the variable
    try:
        import tensorflow  # noqa: F401
    finally:
        os.dup2(_stderr, 2)
        os.close(_stderr)
        os.close(_nowhere)
