"""What notebooks ask of you and check: predictions, the set-up of the machine, and the exercises of each lesson."""

from helpers.exercises.nb00_start_here import check_counts, check_portrait
from helpers.exercises.nb07_how_fast_is_it import check_cached, check_fast, check_ratio_for
from helpers.exercises.predictions import predict
from helpers.exercises.progress import progress
from helpers.exercises.setup import check_setup

__all__ = [
    "check_cached",
    "check_counts",
    "check_fast",
    "check_portrait",
    "check_ratio_for",
    "check_setup",
    "predict",
    "progress",
]
