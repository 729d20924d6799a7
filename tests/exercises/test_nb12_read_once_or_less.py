"""What is said of right answers to the exercises of 12_read_once_or_less."""

from helpers import exercises

import tensorflow as tf
import pytest

from tests.material import load


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_floats_in_a_cache_are_told(dtype):
    def cached(directory):
        photos = load(directory, image_size=(64, 64), batch_size=None, shuffle=False)
        kept = photos.map(lambda image, label: (tf.cast(tf.round(image), dtype), label)).cache()
        return kept.map(lambda image, label: (tf.cast(image, tf.uint8), label)).shuffle(36).batch(8)

    verdict = exercises.check_cached(cached)
    assert verdict.outcome == "right"
    is_told = verdict.message.endswith(
        "But your cache holds floats: uint8 before the cache takes a quarter of the memory."
    )
    assert is_told == (dtype == "float32")
