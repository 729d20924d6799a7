"""Timing: ratios within a round, a verdict only if all rounds agree, clear words for what cannot be timed."""

from types import SimpleNamespace

from helpers import timing

import tensorflow as tf
import pytest


@pytest.fixture
def sleep(monkeypatch):
    """Sleeps by a clock of our own: on a busy machine a real nap may take much longer than it was told to."""
    clock = SimpleNamespace(now=0.0)

    def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr(timing, "time", SimpleNamespace(perf_counter=lambda: clock.now))
    return sleep


def test_a_difference_that_all_rounds_show_is_a_verdict(sleep):
    naps = {"short": lambda: sleep(0.02), "long": lambda: sleep(0.06)}
    result = timing.compare(naps, rounds=3, photos=6)
    assert result.verdict("long") == "slower"
    assert result.ratio("long") == pytest.approx(1 / 3)
    assert result.faster == []
    assert timing.compare(naps, rounds=3, baseline="long").faster == ["short"]
    for words in ("photos/s", "slower", "3 rounds"):
        assert words in str(result)


def test_what_the_spread_cannot_tell_apart_is_not_ranked():
    result = timing.Comparison({"one": [1, 2, 1], "two": [0.9, 1.6, 1.1]}, "one", None)
    assert result.ratios("two") == pytest.approx([1 / 0.9, 1 / 0.8, 1 / 1.1])
    assert result.ratio("two") == pytest.approx(1 / 0.9)
    assert result.verdict("two") == "too close to call"


@pytest.mark.parametrize(
    ("own", "verdict"), [(0.95, "too close to call"), (1.05, "too close to call"), (0.9, "faster"), (1.2, "slower")]
)
def test_a_few_per_cent_are_no_rank(own, verdict):
    result = timing.Comparison({"one": [1.0] * 7, "two": [own] * 7}, "one", None)
    assert result.verdict("two") == verdict
    assert verdict in str(result)


def test_what_is_too_short_to_time_gets_no_ratio(sleep):
    result = timing.compare({"next to nothing": lambda: sleep(1e-6), "a nap": lambda: sleep(0.02)}, rounds=3)
    assert result.verdict("a nap") == "too short to time"
    assert str(result).count("too short to time") == 1
    assert " to " not in str(result).splitlines()[2].partition("too short")[0]


def test_each_has_its_turn_in_each_round_and_the_order_changes(sleep):
    turns = []
    works = {name: (lambda name=name: turns.append(name) or sleep(0.03)) for name in "ab"}
    timing.compare(works, rounds=3)
    assert "".join(turns[4:]) == "abbaab"  # after the warm-up


def test_work_whose_first_run_alone_is_long_is_repeated(sleep):
    runs = []
    slow_start = {"one": lambda: runs.append(1) or sleep(0.001 if runs[1:] else 0.05), "two": lambda: sleep(0.03)}
    timing.compare(slow_start, rounds=3)
    assert len(runs) == 2 + 3 * 20  # 20 ms in each round


def test_work_that_takes_long_runs_once_before_it_is_timed_and_once_in_each_round(sleep):
    runs = []
    timing.compare({"long": lambda: runs.append(1) or sleep(1), "short": lambda: sleep(0.03)}, rounds=3)
    assert len(runs) == 1 + 3


def test_what_a_function_returns_is_deleted_outside_of_the_clock(sleep):
    class Long:
        def __del__(self):
            sleep(0.02)

    works = {"returns": lambda: sleep(0.005) or Long(), "returns nothing": lambda: sleep(0.005)}
    assert timing.compare(works, rounds=3).ratio("returns nothing") == pytest.approx(1)


def test_a_dataset_is_gone_through_to_its_end(sleep):
    def naps(count):
        for number in range(count):
            sleep(0.03)
            yield number

    works = {
        str(count): tf.data.Dataset.from_generator(naps, args=[count], output_signature=tf.TensorSpec((), tf.int64))
        for count in (1, 4)
    }
    assert timing.compare(works, rounds=3).ratio("4") == pytest.approx(1 / 4)


def test_the_figure_has_words():
    figure, alt = timing.Comparison({"one": [1.0] * 3, "two": [0.5] * 3}, "one", 10).figure()
    assert "one: 10; two: 20" in alt
    assert figure.axes


@pytest.mark.parametrize(
    ("works", "options", "error_type", "words"),
    [
        ({"one": print}, {}, ValueError, "at least two"),
        ({}, {}, ValueError, "works has 0, but needs at least two"),
        ({"one": print, "two": print}, {"photos": 0}, ValueError, "at least 1, not 0"),
        ({"one": print, "two": print}, {"rounds": 1}, ValueError, "at least 3 rounds"),
        ({"one": print, "two": print}, {"baseline": "three"}, ValueError, "one of ['one', 'two'], not 'three'"),
        ({"one": print, "two": 2}, {}, TypeError, "'two' is of type int"),
        ({"one": tf.data.Dataset.range(9).repeat().batch(2), "two": print}, {}, ValueError, "'one' never ends"),
        ({"one": tf.data.Dataset.range(0), "two": print}, {}, ValueError, "This dataset is empty"),
    ],
)
def test_what_cannot_be_compared_is_refused(works, options, error_type, words):
    with pytest.raises(error_type) as error:
        timing.compare(works, **options)
    assert words in str(error.value)


def test_an_error_says_which_one_it_came_from():
    with pytest.raises(ZeroDivisionError) as error:
        timing.compare({"fine": lambda: 1, "wrong": lambda: 1 / 0})
    assert "'wrong'" in error.value.__notes__[0]


def test_the_machine_is_named_whatever_it_tells_of_its_processor(monkeypatch):
    def no_such_file(path):
        raise FileNotFoundError(path)

    monkeypatch.setattr("builtins.open", no_such_file)
    for processor, machine, words in [("Cortex", "arm64", "Cortex"), ("", "arm64", "arm64")]:
        monkeypatch.setattr(timing.platform, "processor", lambda processor=processor: processor)
        monkeypatch.setattr(timing.platform, "machine", lambda machine=machine: machine)
        assert f" cores, {words}, Python 3." in timing.machine()


def test_there_is_a_step_for_each_batch(sleep):
    calls = []

    def batches():
        for number in range(3):
            sleep(0.5)
            yield number

    def step() -> None:
        calls.append("step")
        sleep(1)

    dataset = tf.data.Dataset.from_generator(batches, output_signature=tf.TensorSpec([], tf.int32))
    result = timing.with_steps(dataset.apply(tf.data.experimental.assert_cardinality(3)), step, photos=12)
    runs = 1 + 3  # to warm up, and in three rounds
    assert len(calls) == 2 * 3 * runs  # alone, and with the photos
    assert result.seconds == {"photos": [1.5] * 3, "steps": [3.0] * 3, "both": [4.5] * 3}  # nothing is prefetched
    assert result.photos == 12


def test_steps_without_photos_are_refused():
    with pytest.raises(ValueError, match="empty"):
        timing.with_steps(tf.data.Dataset.range(0), lambda: None)
