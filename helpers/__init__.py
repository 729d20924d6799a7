"""Helpers of the notebooks: photos to work on, pictures a person can read, access to images, checks."""

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"  # where made things go; git ignores it
