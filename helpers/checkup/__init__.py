"""What a dataset in hand is, how to get at an image of it, and which traps it is in."""

import dataclasses
import html
import operator
import os
import re
from collections.abc import Sequence

from helpers.checkup.case import Case
from helpers.checkup.recognise import match_files
from helpers.checkup.traps import Level, tell_all
from helpers.checkup.walk import Pass, walk
from helpers.checkup.words import facts_of, lines_of
from helpers.files import Listing, list_images
from helpers.quiet import tensorflow as tf
from helpers.sequences import as_list

_BATCHES_AGAIN = 8  # of a second pass are enough to see whether its order is another


@dataclasses.dataclass(frozen=True)
class Finding:
    """One trap that a dataset is in.

    Attributes:
        kind: Its name, such as "single images".
        level: "fault" if showing images, or training with Keras as it is set here, fails or is silently wrong; "note"
            for what is worth knowing, and right in some uses.
        text: What it is, and what to do.
        see: A notebook and its heading, for a link.
    """

    kind: str
    level: Level
    text: str
    see: str

    def __str__(self) -> str:
        return f"{self.level}, {self.kind}: {self.text} See {self.see}"


@dataclasses.dataclass(frozen=True)
class Report:
    """What `examine` found out: a table in JupyterLab, text elsewhere.

    Attributes:
        facts: What a batch holds, how many there are, whether two passes had the same order, and the like.
        lines: The lines of code that show one image of this dataset, if it is called `dataset`; some need ``import
            tensorflow as tf``. Empty if there is no image.
        findings: The traps it is in, faults first. Empty if all is well.
    """

    facts: dict[str, str]
    lines: str
    findings: list[Finding]

    def __str__(self) -> str:
        shown = ["Show one image:", *(f"    {line}" for line in self.lines.splitlines())] if self.lines else []
        facts = [f"{name}: {text}" for name, text in self.facts.items()]
        findings = [str(finding) for finding in self.findings] or ["No trap found."]
        return "\n".join([*facts, *shown, *findings])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [_row(name, html.escape(text)) for name, text in self.facts.items()]
        if self.lines:
            pre = '<pre style="margin: 0; background: none; font-family: monospace">'
            rows.append(_row("Show one image", f"{pre}{html.escape(self.lines)}</pre>"))
        for finding in self.findings:
            lesson, _, heading = html.escape(finding.see).partition(".ipynb#")
            link = f'<a href="{lesson}.ipynb#{heading}">lesson {int(lesson[:2])}: {heading.replace("-", " ")}</a>'
            text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(finding.text))
            border = "border-left: 4px solid " + {"fault": "#d32f2f", "note": "#888"}[finding.level]
            rows.append(_row(f"{finding.level.capitalize()}: {finding.kind}", f"{text}<br>→ {link}", border))
        if not self.findings:
            rows.append(_row("Findings", "No trap found."))
        return f"<table>{''.join(rows)}</table>"


def _row(name: str, content: str, style: str = "") -> str:
    left = "text-align: left; vertical-align: top"
    head = f'<th style="{left}; white-space: nowrap; {style}">{html.escape(name)}</th>'
    return f'<tr>{head}<td style="{left}">{content}</td></tr>'


def examine(
    dataset: tf.data.Dataset,
    folder: str | os.PathLike | None = None,
    *,
    other: tf.data.Dataset | None = None,
    class_names: Sequence[str] | None = None,
    most_batches: int = 20,
) -> Report:
    """Say what a dataset of images yields, how to show an image of it, and which known traps it is in.

    Looks at the specification, at up to `most_batches` batches, and at up to 8 of a second pass, one batch in memory at
    a time. With `folder` it also decodes the files, up to 5,000 of them, to recognise the photos. A progress bar shows
    on long runs.

    The dataset, the folder, and the random state of Python, NumPy, TensorFlow and Keras stay as they are. But a pass
    is a pass: a shuffled dataset goes on to its next order, a random layer in it to its next numbers, and a cache is
    filled if the dataset has no more than `most_batches` batches. A generator that can be read only once is used up.

    Args:
        dataset: Images alone, ``(images, labels)`` or ``(inputs, targets, weights)``, where inputs and targets may be
            dicts. Images of shape (batch, height, width, channels), numbers of any range; or whatever of this went
            wrong.
        folder: Where the photos came from: a folder with class folders whose labels these are, or any other.
        other: A second dataset, such as the one for validation, that should share no photo with `dataset`.
        class_names: In the order of their numbers. By default, with `folder`, those that the loader kept, or else the
            names of the class folders.
        most_batches: How many batches to look at; of single images, 32 count as one.

    Returns:
        A report to print. Its `findings` is a list of `Finding`.

    Raises:
        TypeError: `dataset` or `other` is not a `tf.data.Dataset`.
        ValueError: A dataset does not hold images, holds ragged or sparse tensors, or `most_batches` is below 1.
        FileNotFoundError, NotADirectoryError, PermissionError, ValueError: As from `list_images`, for `folder`.

    Introduced in notebook 00_start_here.

    >>> import keras
    >>> from helpers import checkup
    >>> dataset = keras.utils.image_dataset_from_directory(photo_folder, image_size=(32, 32), verbose=False)
    >>> report = checkup.examine(dataset.unbatch(), photo_folder)
    >>> [finding.kind for finding in report.findings if finding.level == "fault"]
    ['single images']
    >>> print(report.lines)
    import matplotlib.pyplot as plt
    image, label = next(iter(dataset))
    plt.imshow(image / 255)
    """
    for value in (dataset,) if other is None else (dataset, other):
        _require_dataset(value)
    if operator.index(most_batches) < 1:
        raise ValueError(f"most_batches must be a whole number above 0, not {most_batches!r}.")
    kept = getattr(dataset, "class_names", None)
    listing = None if folder is None else _listing(folder, kept)
    first = walk(dataset, most_batches)
    second = Pass(first.specs, first.layout) if first.error else walk(dataset, min(most_batches, _BATCHES_AGAIN))
    if class_names is None and listing and listing.class_names:
        class_names = kept
    case = Case(
        spec=dataset.element_spec,
        length=int(dataset.cardinality()),
        first=first,
        second=second,
        class_names=None if class_names is None else as_list(class_names),
        listing=listing,
        matches=match_files(first, listing.paths) if listing else (),
        other=None if other is None else walk(other, most_batches),
        paths=getattr(dataset, "file_paths", None) or (listing.paths if listing else ()),
    )
    findings = [Finding(trap.kind, trap.level, text, trap.see) for trap, text in tell_all(case)]
    return Report(facts_of(case), lines_of(case), findings)


def _require_dataset(value) -> None:
    if isinstance(value, tf.data.Dataset):
        return
    cure = "Load a folder with tf.keras.utils.image_dataset_from_directory."
    if hasattr(value, "__array__"):
        cure = "Make one with tf.data.Dataset.from_tensor_slices(images).batch(32)."
    elif isinstance(value, list | tuple) and value and isinstance(value[0], tf.data.Dataset):
        cure = "It holds several: examine(parts[0], other=parts[1])."
    elif type(value).__module__.startswith("grain"):
        cure = 'Load with format="tf" to examine the same photos.'
    raise TypeError(f"examine needs a tf.data.Dataset, not {type(value).__name__}. {cure}")


def _listing(folder: str | os.PathLike, kept: Sequence[str] | None) -> Listing:
    """What is in the folder; without classes if it has none, or if the loader was given other labels than these."""
    try:
        listing = list_images(folder)
    except ValueError:  # without class folders
        return list_images(folder, labels=None)
    is_labelled_so = kept is None or set(kept) <= set(listing.class_names)
    return listing if is_labelled_so else list_images(folder, labels=None)
