"""Helpers of the notebooks: photos to work on, pictures a person can read, access to images, checks."""

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"  # where made things go; git ignores it
START_LOG = DATA / "tensorflow_start.log"  # what TensorFlow writes while it is imported
STARTED = "TensorFlow is imported.\n"  # the end of that log, unless Python ended before
