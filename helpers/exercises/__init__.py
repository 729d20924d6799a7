"""What notebooks ask of you and check: predictions, the set-up of the machine, and the exercises of each lesson."""

from helpers.exercises.nb00_start_here import check_counts, check_portrait
from helpers.exercises.nb07_how_fast_is_it import check_cached, check_fast, check_ratio_for
from helpers.exercises.nb08_find_the_misfiled_photos import check_misfiled, check_moves, check_predict_file
from helpers.exercises.nb09_beyond_one_machine import check_left_to_do, check_shard_of
from helpers.exercises.predictions import predict
from helpers.exercises.progress import progress
from helpers.exercises.setup import check_setup

__all__ = [
    "check_cached",
    "check_counts",
    "check_fast",
    "check_left_to_do",
    "check_misfiled",
    "check_moves",
    "check_portrait",
    "check_predict_file",
    "check_ratio_for",
    "check_setup",
    "check_shard_of",
    "predict",
    "progress",
]
