"""Splits: every file in one part, its label with it, in the order given, the mix of classes kept."""

import math
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

from helpers.splits import split_paths, without_small_classes

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

SHARES = [(0.8, 0.2), (0.5, 0.5), (0.1, 0.9), (0.7, 0.2, 0.1), (0.34, 0.33, 0.33), (0.2, 0.4, 0.4), (1 / 3, 2 / 3)]
KINDS = {  # of labels
    "int": list,
    "str": lambda numbers: [f"class {number}" for number in numbers],
    "numpy int": np.array,
    "numpy str": lambda numbers: np.array([f"é {number}" for number in numbers]),
    "tuple": tuple,
    "rows of a table": lambda numbers: pd.Series(numbers, index=range(len(numbers), 0, -1)),
}


@st.composite
def labelled(draw):
    """Two to four classes of a size that every split in SHARES can serve, mixed at random."""
    sizes = draw(st.lists(st.integers(15, 30), min_size=2, max_size=4))
    return draw(st.permutations([number for number, size in enumerate(sizes) for _ in range(size)]))


def paths_for(labels) -> list[str]:
    """In no order that a sort would make."""
    return [f"folder {7 * place % 5}/é {place}.jpg" for place in range(len(labels))]


TEN = paths_for(range(10))


def assert_whole(paths, parts) -> None:
    """Disjoint, complete, and each part in the order given."""
    assert sorted(path for part, _ in parts for path in part) == sorted(paths)
    for part, _ in parts:
        assert part == [path for path in paths if path in set(part)]


# What a split promises


@hypothesis.settings(max_examples=60)
@hypothesis.given(
    numbers=labelled(),
    shares=st.sampled_from(SHARES),
    kind=st.sampled_from(list(KINDS)),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_split_is_whole_and_keeps_order_labels_sizes_and_mix(numbers, shares, kind, seed):
    paths, labels = paths_for(numbers), KINDS[kind](numbers)
    parts = split_paths(paths, labels, shares, seed=seed)
    assert len(parts) == len(shares)
    assert_whole(paths, parts)
    label_of = dict(zip(paths, labels, strict=True))
    for share, (part, part_labels) in zip(shares, parts, strict=True):
        assert isinstance(part_labels, list)
        assert part_labels == [label_of[path] for path in part]
        assert abs(len(part) - share * len(paths)) <= 0.5 * (len(shares) - 1) + 1e-6
        mix, whole = Counter(part_labels), Counter(label_of.values())
        for label, count in whole.items():
            # An even split gives the next whole number above or below; a split of what a split left, one more.
            assert abs(mix[label] - Fraction(count * len(part), len(paths))) < len(shares) - 1


@hypothesis.settings(max_examples=20)
@hypothesis.given(numbers=labelled(), share=st.floats(0.2, 0.8), seed=st.integers(0, 2**32 - 1))
def test_two_parts_are_those_of_scikit_learn(numbers, share, seed):
    paths = paths_for(numbers)
    (_, labels), (part, _) = split_paths(paths, numbers, (1 - share, share), seed=seed)
    size = round(share * len(paths))
    train, test, train_labels, _ = train_test_split(paths, numbers, test_size=size, stratify=numbers, random_state=seed)
    assert sorted(part) == sorted(test)
    assert Counter(labels) == Counter(train_labels)
    assert len(labels) == len(train)


@hypothesis.settings(max_examples=20)
@hypothesis.given(count=st.integers(10, 60), shares=st.sampled_from(SHARES), seed=st.integers(0, 2**32 - 1))
def test_a_split_without_labels_is_whole_and_has_no_labels(count, shares, seed):
    paths = paths_for(range(count))
    parts = split_paths(paths, None, shares, seed=seed)
    assert_whole(paths, parts)
    for share, (part, labels) in zip(shares, parts, strict=True):
        assert labels is None
        assert abs(len(part) - share * count) <= 0.5 * (len(shares) - 1) + 1e-6


@hypothesis.settings(max_examples=20)
@hypothesis.given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    share=st.sampled_from([0.05, 0.1, 0.2, 0.5]),
    seed=st.integers(0, 9),
)
@hypothesis.example(sizes=[98, 2], share=0.1, seed=0)
def test_each_class_is_in_each_part_or_the_split_is_refused(sizes, share, seed):
    labels = [number for number, size in enumerate(sizes) for _ in range(size)]
    try:
        parts = split_paths(paths_for(labels), labels, (1 - share, share), seed=seed)
    except ValueError:
        return
    for _, part_labels in parts:
        assert set(part_labels) == set(labels)


@pytest.mark.parametrize("labels", [None, [0, 1] * 30, ["a", "b", "c"] * 20])
@pytest.mark.parametrize("shares", [(0.75, 0.25), (0.6, 0.2, 0.2)])
def test_the_same_seed_gives_the_same_split_and_another_seed_another(labels, shares):
    paths = paths_for(range(60))
    splits = [split_paths(paths, labels, shares, seed=seed) for seed in (0, 0, 1, 2)]
    assert splits[0] == splits[1] == split_paths(paths, labels, shares)
    for split, other in [(0, 2), (0, 3), (2, 3)]:
        for (part, _), (other_part, _) in zip(splits[split], splits[other], strict=True):
            assert part != other_part


def test_the_first_share_is_for_the_first_part_and_80_to_20_is_the_default():
    paths = paths_for(range(50))
    assert [len(part) for part, _ in split_paths(paths)] == [40, 10]
    assert [len(part) for part, _ in split_paths(paths, shares=(0.2, 0.3, 0.5))] == [10, 15, 25]


@pytest.mark.parametrize("make", [list, tuple, np.array])
def test_shares_may_have_any_form(make):
    assert [len(part) for part, _ in split_paths(paths_for(range(10)), shares=make([0.5, 0.3, 0.2]))] == [5, 3, 2]


def test_paths_of_any_form_come_back_as_strings():
    paths = paths_for(range(10))
    for form in (tuple(paths), map(Path, paths), np.array(paths)):
        assert split_paths(form, [0, 1] * 5) == split_paths(paths, [0, 1] * 5)


@pytest.mark.parametrize("labels", [[1, 2.5] * 5, [0, "a"] * 5, [(0, 1), (1, 0)] * 5])
def test_labels_of_several_types_come_back_as_they_were(labels):
    for part, part_labels in split_paths(TEN, labels):
        assert list(map(repr, part_labels)) == [repr(labels[TEN.index(path)]) for path in part]


def test_what_is_given_is_left_as_it_was():
    paths, labels, shares = [f"{number}.jpg" for number in range(10)], [0, 1] * 5, [0.6, 0.4]
    before = [*paths], [*labels], [*shares]
    split_paths(paths, labels, shares)
    assert (paths, labels, shares) == before


# What is refused


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((TEN, [0] * 9), "There are 10 paths but 9 labels."),
        ((TEN, np.zeros(11)), "There are 10 paths but 11 labels."),
        ((TEN, []), "There are 10 paths but 0 labels."),
        *(
            ((TEN, labels, shares), f"shares must be two or three numbers above 0 that sum to 1, not {shares!r}.")
            for labels in (None, [0, 1] * 5)
            for shares in [
                (),
                (1.0,),
                (0.25,) * 4,
                (0.8, 0.3),
                (0.5, 0.4),
                (1.0, 0.0),
                (0.0, 1.0),
                (1.2, -0.2),
                (80, 20),
                (math.nan, 0.5),
                (0.5, math.nan),
            ]
        ),
        (([*TEN, TEN[3]],), f"1 path listed more than once would be in several parts: {TEN[3]} ..."),
        (([*TEN, Path(TEN[3]), *TEN[:2]],), f"3 paths listed more than once would be in several parts: {TEN[0]} ..."),
        ((["a.jpg"], []), "There are 1 path but 0 labels."),
        (([],), "Shares of (0.8, 0.2) make parts of [0, 0] out of 0 images: one would be empty."),
        ((["a.jpg"],), "Shares of (0.8, 0.2) make parts of [1, 0] out of 1 image: one would be empty."),
        (
            (TEN, None, (0.99, 0.01)),
            "Shares of (0.99, 0.01) make parts of [10, 0] out of 10 images: one would be empty.",
        ),
        ((TEN, [0, 1] * 5, (0.01, 0.99)), "make parts of [0, 10] out of 10 images: one would be empty."),
        ((TEN, None, (0.9, 0.09, 0.01)), "make parts of [9, 1, 0] out of 10 images: one would be empty."),
    ],
)
def test_a_split_that_cannot_be_is_refused(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        split_paths(*arguments)


@pytest.mark.parametrize("labels", [None, [0, 1] * 5])
@pytest.mark.parametrize("seed", [-1, 1.5, "one"])
def test_a_seed_that_is_none_is_refused(labels, seed):
    with pytest.raises(ValueError, match="seed"):
        split_paths(TEN, labels, seed=seed)


SMALL_CLASSES = [  # labels, shares, what is said of them
    (["a"] * 9 + ["b"], (0.8, 0.2), "10 images cannot be split into [8, 2] by class ("),
    ([0] * 8 + [1] * 2, (0.9, 0.1), "10 images cannot be split into [9, 1] by class ("),
    ([0] * 8 + [1] * 2, (0.2, 0.4, 0.4), "10 images cannot be split into [2, 4, 4] by class ("),
    ([0] * 98 + [7] * 2, (0.9, 0.1), "The part with 10 images has none of class 7 (98.jpg)."),
    (np.array([0] * 98 + [7] * 2), (0.9, 0.1), "The part with 10 images has none of class 7 (98.jpg)."),
    (np.array(["a"] * 98 + ["b"] * 2), (0.1, 0.9), "The part with 10 images has none of class 'b' (98.jpg)."),
    (["a", *["b"] * 2, *["c"] * 97], (0.8, 0.1, 0.1), "100 images cannot be split into [80, 10, 10] by class ("),
]


@pytest.mark.parametrize(("labels", "shares", "words"), SMALL_CLASSES)
def test_a_class_that_is_too_small_for_each_part_is_refused(labels, shares, words):
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        split_paths([f"{number}.jpg" for number in range(len(labels))], labels, shares)
    advice = "Leave out small classes, make the small part larger, or split without labels."
    assert str(error.value).endswith(advice)


# Small classes


@pytest.mark.parametrize(
    ("labels", "rows", "labels_left"),
    [
        ([1, 0, 1, 2, 0], [0, 1, 2, 4], [1, 0, 1, 0]),
        ([1, 0, 1, 0], [0, 1, 2, 3], [1, 0, 1, 0]),
        ([2, 1, 0], [0, 1, 2], [0, 0, 0]),  # all are small: one class
    ],
)
def test_small_classes_are_left_out(labels, rows, labels_left):
    table = pd.DataFrame({"path": paths_for(labels), "label": labels})
    left = without_small_classes(table, at_least=2)
    assert left.path.tolist() == table.path[rows].tolist()
    assert left.label.tolist() == labels_left
    assert table.label.tolist() == labels
