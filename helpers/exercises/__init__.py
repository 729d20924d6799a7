"""What notebooks ask of you and check: predictions, the set-up of the machine, and the exercises of each lesson."""

from helpers.exercises.nb00_start_here import check_counts, check_portrait
from helpers.exercises.predictions import predict
from helpers.exercises.progress import progress
from helpers.exercises.setup import check_setup

__all__ = ["check_counts", "check_portrait", "check_setup", "predict", "progress"]
