"""What notebooks ask of you and check: predictions, and the exercises of each lesson."""

from helpers.exercises.nb00_start_here import check_counts, check_portrait
from helpers.exercises.nb01_take_one_batch import check_first_photos, check_one_batch, check_to_picture
from helpers.exercises.nb02_map_a_function import check_jitter, check_noisy_pair, check_rescale
from helpers.exercises.nb03_to_numpy import check_blur, check_for_opencv, check_to_arrays
from helpers.exercises.nb04_which_image_is_this import check_accuracy, check_brightness, check_labels_of
from helpers.exercises.nb05_labels_and_splits import check_pairs, check_priced, check_three_parts
from helpers.exercises.nb06_odd_and_broken_files import check_broken_files, check_intact, check_repaired
from helpers.exercises.nb07_how_fast_is_it import check_cached, check_fast, check_ratio_for
from helpers.exercises.nb08_find_the_misfiled_photos import check_misfiled, check_moves, check_predict_file
from helpers.exercises.nb09_beyond_one_machine import check_left_to_do, check_shard_of
from helpers.exercises.predictions import predict
from helpers.exercises.progress import progress

__all__ = [
    "check_accuracy",
    "check_blur",
    "check_brightness",
    "check_broken_files",
    "check_cached",
    "check_counts",
    "check_fast",
    "check_first_photos",
    "check_for_opencv",
    "check_intact",
    "check_jitter",
    "check_labels_of",
    "check_left_to_do",
    "check_misfiled",
    "check_moves",
    "check_noisy_pair",
    "check_one_batch",
    "check_pairs",
    "check_portrait",
    "check_predict_file",
    "check_priced",
    "check_ratio_for",
    "check_repaired",
    "check_rescale",
    "check_shard_of",
    "check_three_parts",
    "check_to_arrays",
    "check_to_picture",
    "predict",
    "progress",
]
