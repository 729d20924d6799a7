"""Maps: what a dataset computes, whether it does so in parallel, when its random numbers come again."""

from helpers import maps

import tensorflow as tf
import pytest

NUMBERS = tf.data.Dataset.range(60)


def test_operations_are_those_of_the_function():
    def twice(number):
        return tf.square(number) + tf.square(number)

    counted = maps.operations(NUMBERS.map(twice))
    assert list(counted) == sorted(counted)
    assert counted["Square"] == 2
    assert counted["PartitionedCall"] == 0
    assert maps.operations(NUMBERS.map(tf.function(twice))) - counted == {"PartitionedCall": 1, "Identity": 1}


def test_a_function_that_keeps_something_runs_in_parallel_only_if_asked():
    two = tf.Variable(2, dtype=tf.int64)

    def times_variable(number):
        return number * two

    assert maps.runs_in_parallel(tf.square)
    assert not maps.runs_in_parallel(times_variable)
    assert maps.runs_in_parallel(times_variable, num_parallel_calls=2)


def test_an_error_of_the_function_is_no_answer():
    def refuse(number):
        with tf.control_dependencies([tf.debugging.assert_less(number, tf.constant(2, tf.int64), "too large")]):
            return tf.identity(number)

    with pytest.raises(tf.errors.InvalidArgumentError, match="too large"):
        maps.runs_in_parallel(refuse, num_parallel_calls=2)


def drawn(number):
    return tf.random.uniform([])


def test_numbers_that_begin_anew_with_each_pass():
    assert maps.repeats(lambda: NUMBERS.map(drawn)) == (False, True)


def test_numbers_that_go_on():
    def with_generator():
        generator = tf.random.Generator.from_seed(1)
        return NUMBERS.map(lambda number: generator.uniform([]))

    assert maps.repeats(with_generator) == (True, True)


def test_numbers_that_never_come_again():
    generator = tf.random.Generator.from_seed(1)
    assert maps.repeats(NUMBERS.map, lambda number: generator.uniform([])) == (True, False)
