"""What notebooks ask of you and check: predictions, the set-up of the machine, and the exercises of each lesson."""

from helpers.exercises.nb00_start_here import check_counts, check_portrait
from helpers.exercises.nb01_take_one_batch import check_first_photos, check_one_batch, check_to_picture
from helpers.exercises.nb02_map_a_function import check_jitter, check_noisy_pair, check_rescale
from helpers.exercises.nb03_to_numpy import check_blur, check_for_opencv, check_to_arrays
from helpers.exercises.predictions import predict
from helpers.exercises.progress import progress
from helpers.exercises.setup import check_setup

__all__ = [
    "check_blur",
    "check_counts",
    "check_first_photos",
    "check_for_opencv",
    "check_jitter",
    "check_noisy_pair",
    "check_one_batch",
    "check_portrait",
    "check_rescale",
    "check_setup",
    "check_to_arrays",
    "check_to_picture",
    "predict",
    "progress",
]
