"""Answers to the exercises of 15_beyond_one_machine."""

from pathlib import Path

import tensorflow as tf
import numpy as np
import pandas as pd


def chunk(paths, index, size):
    return sorted(paths)[index * size :][:size]


def in_parts_and_the_rest(paths, index, hosts):
    size = len(paths) // hosts
    start = range(0, size * hosts, size)[index]
    rest = sorted(paths)[size * hosts :]
    return sorted(paths)[start : start + size] + rest[index : index + 1]


def by_file_name(paths, index, hosts):
    return sorted(paths, key=lambda path: Path(path).name)[index::hosts]


def sorted_in_place(paths, index, hosts):
    paths.sort()
    return paths[index::hosts]


def names_only(paths, index, hosts):
    return [Path(path).stem for path in sorted(paths)[index::hosts]]


def as_dataset(paths, index, hosts):
    return tf.data.Dataset.from_tensor_slices(sorted(paths)).shard(hosts, index)


def by_turns(paths, index, hosts):
    return (path for number, path in enumerate(sorted(paths)) if number % hosts == index)


def whole_lines(text):
    return [line for line in text.splitlines(True) if line.endswith("\n")]


def path_before_the_last_comma(line):
    return line.rpartition(",")[0]


def path_before_the_first_comma(line):
    return line.split(",")[0]


def without(paths, lines, part=path_before_the_last_comma):
    done = {part(line) for line in lines}
    return [path for path in paths if path not in done]


def left(paths, text):
    return without(paths, whole_lines(text))


def taken_out(paths, text):
    for line in whole_lines(text):
        paths.remove(path_before_the_last_comma(line))
    return paths


def taken_out_of_a_copy(paths, text):
    return taken_out(list(paths), text)


def not_in_the_text(paths, text):
    return [path for path in paths if path not in text]


def not_in_whole_lines(paths, text):
    return not_in_the_text(paths, "".join(whole_lines(text)))


def not_before_a_comma(paths, text):
    return [path for path in paths if f"{path}," not in "".join(whole_lines(text))]


def not_at_a_beginning(paths, text):
    return [path for path in paths if not text_begins(path, whole_lines(text))]


def text_begins(path, lines):
    return any(line.startswith(path) for line in lines)


def by_name_alone(paths, text):
    names = {Path(path_before_the_last_comma(line)).name for line in whole_lines(text)}
    return [path for path in paths if Path(path).name not in names]


def by_pandas(paths, text):
    series = pd.Series(paths)
    return series[~series.isin([path_before_the_last_comma(line) for line in whole_lines(text)])]


def paths_in(folder):
    return sorted(map(str, Path(folder).glob("*/*.jpg")))


def classes_of(file_paths):
    return [Path(path).parent.name for path in file_paths]


def slices(*columns):
    return tf.data.Dataset.from_tensor_slices(columns)


def contents_of(folder):
    return [Path(path).read_bytes() for path in paths_in(folder)]


def read_in_map(folder):
    pairs = slices(classes_of(paths_in(folder)), paths_in(folder))
    return pairs.map(lambda name, path: (name, tf.io.read_file(path)))


def read_in_python(folder):
    return slices(classes_of(paths_in(folder)), contents_of(folder))


def zipped_and_shuffled(folder):
    names = tf.data.Dataset.from_tensor_slices(classes_of(paths_in(folder)))
    return tf.data.Dataset.zip(names, tf.data.Dataset.from_tensor_slices(contents_of(folder))).shuffle(8)


def by_path_parts(folder):
    files = tf.data.Dataset.list_files(f"{folder}/*/*.jpg")
    return files.map(lambda path: (tf.strings.split(path, "/")[-2], tf.io.read_file(path)))


def with_a_shuffled_list(folder):
    load = tf.keras.utils.image_dataset_from_directory
    shuffled = load(folder, labels=None, seed=1, verbose=False).file_paths
    names = classes_of(load(folder, labels=None, shuffle=False, verbose=False).file_paths)
    return slices(names, [Path(path).read_bytes() for path in shuffled])


def of_the_loader(folder, **options):
    return tf.keras.utils.image_dataset_from_directory(folder, image_size=(8, 8), verbose=False, **options)


WRONG = {
    "check_shard_of": [
        (lambda paths, index, hosts: paths, "each should have its own part"),
        (lambda paths, index, hosts: paths[index::hosts], "sort it first"),
        (by_file_name, "sort it first"),
        (lambda paths, index, hosts: sorted(paths)[: len(paths) // hosts], "sort it first"),
        (lambda paths, index, hosts: chunk(paths, index, 5), "no host has the others"),
        (lambda paths, index, hosts: chunk(paths, index, len(paths) // hosts), "no host has the others"),
        (lambda paths, index, hosts: chunk(paths, index, -(-len(paths) // hosts)), "have 4 and 4 and 2. Their numbers"),
        (
            lambda paths, index, hosts: chunk(paths, index, round(len(paths) / hosts)),
            "have 3 and 3 and 3: no host has the others",
        ),
        (lambda paths, index, hosts: range(len(paths))[index::hosts], "this is not one of them: 0"),
        (in_parts_and_the_rest, "Your answer raised ValueError: range() arg 3 must not be zero"),
        (names_only, "of the paths you were passed; this is not one of them: 0"),
        (as_dataset, "This should be a list; it is a dataset"),
        (lambda paths, index, hosts: sorted(paths)[index], "This should be a list; it is a str"),
        (lambda paths, index, hosts: sorted(paths)[index + 1 :: hosts], "no host has the others"),
        (lambda paths, index, hosts: sorted(paths)[index - 1 :: hosts], "should differ by at most one"),
        (lambda paths, index, hosts: sorted(paths) if index == 0 else [], "should differ by at most one"),
        (sorted_in_place, "Your function changes the list it is called with. Work on a copy."),
    ],
    "check_left_to_do": [
        (lambda paths, text: paths, "photos/a.jpg is done, and would be done again"),
        (not_in_the_text, "photos/a.jpg would be forgotten: its line was cut off"),
        (
            lambda paths, text: without(paths, text.splitlines()),
            "would be forgotten: its line was cut off",
        ),
        (lambda paths, text: without(paths, text.splitlines()[:-1]), "photos/a.jpg is done, and would be done again"),
        (
            lambda paths, text: without(paths, whole_lines(text), path_before_the_first_comma),
            "photos/c, d.jpg is done, and would be done again: its path has a comma",
        ),
        (lambda paths, text: paths[len(whole_lines(text)) :], "photos/a.jpg is done, and would be done again"),
        (lambda paths, text: sorted(left(paths, text)), "The paths are right, but their order is not"),
        (lambda paths, text: left(paths, text)[::-1], "The paths are right, but their order is not"),
        (lambda paths, text: left(paths, text) + left(paths, text)[:1], "twice"),
        (lambda paths, text: [Path(path).name for path in left(paths, text)], "photos/b.jpg would be forgotten"),
        (lambda paths, text: [*left(paths, text), "photos/new.jpg"], "this is not one of them: photos/new.jpg"),
        (not_in_whole_lines, "photos/b.jpg would be forgotten: only old/photos/b.jpg"),
        (not_before_a_comma, "photos/b.jpg would be forgotten: only old/photos/b.jpg"),
        (not_at_a_beginning, "photos/b.jpg would be forgotten: only old/photos/b.jpg"),
        (by_name_alone, "old/photos/b.jpg would be forgotten: only photos/b.jpg and photos/a.jpg are done"),
        (lambda paths, text: "\n".join(left(paths, text)), "This should be a list; it is a str"),
        (taken_out, "Your function changes the list it is called with. Work on a copy."),
        (taken_out_of_a_copy, "x not in list"),
    ],
    "check_to_save": [
        (of_the_loader, "These are pixels"),
        (lambda folder: of_the_loader(folder, batch_size=None), "These are pixels"),
        (lambda folder: of_the_loader(folder).map(lambda images, labels: (labels, images)), "These are pixels"),
        (lambda folder: slices(classes_of(paths_in(folder)), paths_in(folder)), "This is the path of the file"),
        (lambda folder: slices(range(8), contents_of(folder)), "The class is 0 here"),
        (lambda folder: slices(contents_of(folder), classes_of(paths_in(folder))), "are swapped"),
        (lambda folder: slices(paths_in(folder), contents_of(folder)), "The classes are ant, bee, elk; one of yours"),
        (lambda folder: read_in_map(folder).batch(4), "Each pair should hold one photo"),
        (lambda folder: read_in_map(folder).take(5), "The folder has 8 photos, but 5 were saved"),
        (lambda folder: read_in_map(folder).repeat(2), "A photo appears twice"),
        (lambda folder: read_in_map(folder).repeat(), "This never ends"),
        (lambda folder: read_in_map(folder).take(0), "Your dataset is empty"),
        (lambda folder: read_in_map(folder).map(lambda name, content: content), "This should be a pair"),
        (lambda folder: read_in_map(folder).map(lambda n, c: (n, tf.strings.lower(c))), "Save them unchanged"),
        (lambda folder: slices(contents_of(folder), [0.5] * 8), "both should be text"),
        (with_a_shuffled_list, "A photo has the class of another"),
        (lambda folder: list(zip(classes_of(paths_in(folder)), contents_of(folder), strict=True)), "it is a list"),
        (
            lambda folder: slices(classes_of(paths_in(folder)), ["gone/" + p for p in paths_in(folder)]).map(
                lambda name, path: (name, tf.io.read_file(path))
            ),
            "Your answer raised NotFoundError",
        ),
    ],
}
RIGHT = {
    "check_shard_of": [
        by_turns,
        lambda paths, index, hosts: np.array_split(np.sort(paths), hosts)[index],
        lambda paths, index, hosts: sorted(paths)[len(paths) * index // hosts : len(paths) * (index + 1) // hosts],
        lambda paths, index, hosts: sorted(map(Path, paths))[index::hosts],
        lambda paths, index, hosts: list(as_dataset(paths, index, hosts).as_numpy_iterator()),
        lambda paths, index, hosts: tf.constant(sorted(paths))[index::hosts],
        lambda paths, index, hosts: pd.Series(paths).sort_values()[index::hosts],
    ],
    "check_left_to_do": [
        left,
        lambda paths, text: without(paths, text.split("\n")[:-1]),
        lambda paths, text: tuple(map(Path, left(paths, text))),
        lambda paths, text: (path for path in left(paths, text)),
        by_pandas,
    ],
    "check_to_save": [read_in_map, read_in_python, zipped_and_shuffled, by_path_parts],
}
