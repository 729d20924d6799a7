"""What notebooks ask of you and check: predictions, the set-up of the machine, and the exercises of each lesson."""

from helpers.exercises.nb00_start_here import check_counts, check_portrait
from helpers.exercises.nb04_which_image_is_this import check_accuracy, check_brightness, check_labels_of
from helpers.exercises.nb05_labels_and_splits import check_pairs, check_priced, check_three_parts
from helpers.exercises.nb06_odd_and_broken_files import check_broken_files, check_intact, check_repaired
from helpers.exercises.predictions import predict
from helpers.exercises.progress import progress
from helpers.exercises.setup import check_setup

__all__ = [
    "check_accuracy",
    "check_brightness",
    "check_broken_files",
    "check_counts",
    "check_intact",
    "check_labels_of",
    "check_pairs",
    "check_portrait",
    "check_priced",
    "check_repaired",
    "check_setup",
    "check_three_parts",
    "predict",
    "progress",
]
