"""A report's words on a dataset: what it yields, and the lines of code that show one image of it."""

from helpers.case import Case
from helpers.decoding import channel_axis
from helpers.errors import counted
from helpers.quiet import tensorflow as tf
from helpers.recognise import Recognised, is_around_zero
from helpers.walk import leaves


def facts_of(case: Case, has_other: bool) -> dict[str, str]:
    """What a report says before its findings: name of a row -> text.

    >>> import tensorflow as tf
    >>> from helpers.describe import facts_of
    >>> from helpers.case import Case
    >>> from helpers.walk import walk
    >>> dataset = tf.data.Dataset.from_tensor_slices(tf.ones((4, 8, 8, 3))).batch(2)
    >>> first, second = walk(dataset, 9), walk(dataset, 9)
    >>> facts_of(Case(dataset.element_spec, 2, first.layout, first, second), False)["Length"]
    '2 batches, 4 images'
    """
    facts = {"An element": "; ".join(_parts(case)), "Length": _length(case)}
    facts["Two passes"] = {
        "same": "the same order",
        "new": "a new order in the second",
        None: "it cannot be told whether their order was the same",
    }[case.order]
    if case.labels.loss:
        facts["Loss"] = case.labels.loss
    if case.recognised:
        facts["Photos of the folder"] = _recognised(case.recognised, case)
    if has_other:
        number = (
            "cannot be told: sizes differ, or pixels were changed" if case.shared is None else str(len(case.shared))
        )
        facts["Images in the other dataset"] = number
    return facts


def _parts(case: Case) -> list[str]:
    names, parts = _names(case), []
    for place, spec in leaves(case.spec):
        name = "".join([names[place[0]] if isinstance(case.spec, tuple) else names[0], *_keys(case, place)])
        text = f"{name}, {spec.dtype.name} of shape {case.first.shapes.get(place, spec.shape)}"
        if place == case.layout.place and case.images:
            text += f", {_words(case)}"
        if place in case.layout.targets:
            text += f", {case.labels.words}"
        parts.append(text)
    return parts


def _words(case: Case) -> str:
    low, high, nominal = case.range
    if nominal:
        return f"values from {nominal[0]} to {nominal[1]}"
    return f"values from {low:.3g} to {high:.3g}{', around 0' if is_around_zero(low, high) else ''}"


def _length(case: Case) -> str:
    seen = counted(case.first.batches, "batch" if case.layout.axes else "element")
    if case.first.has_ended:
        return f"{seen}, {counted(case.images, 'image')}"
    whole = {tf.data.INFINITE_CARDINALITY: "endless", tf.data.UNKNOWN_CARDINALITY: "not known"}
    return f"{whole.get(case.length, case.length)}; looked at the first {seen}, {counted(case.images, 'image')}"


def _recognised(recognised: Recognised, case: Case) -> str:
    if recognised.number:
        return f"{recognised.number} of {counted(case.images, 'image')} recognised, of {recognised.tried} files decoded"
    return (
        f"none recognised, of {recognised.tried} files decoded: the pixels were changed, or these are other files. "
        "So labels and colours were not compared with the folder"
    )


def _names(case: Case) -> list[str]:
    """Names for the parts of an element, as a reader would unpack them."""
    parts = len(case.spec) if isinstance(case.spec, tuple) else 1
    one = case.layout.axes == 0
    inputs = "inputs" if len(case.layout.place) > 1 or case.layout.place[:1] == (1,) else "image" if one else "images"
    targets = {"text": "texts", "images": "targets", "masks": "masks"}.get(
        case.labels.words, "label" if one else "labels"
    )
    if isinstance(case.spec, dict):
        inputs = "inputs"
    return [inputs, targets, "third", *(f"part_{number}" for number in range(3, parts))][:parts]


def _keys(case: Case, place: tuple) -> list[str]:
    return [
        f'["{key}"]' if isinstance(key, str) else f"[{key!r}]"
        for key in (place[1:] if isinstance(case.spec, tuple) else place)
    ]


def lines_of(case: Case) -> str:
    """Two lines of code that show one image, in the form that this dataset has; empty if there is none.

    >>> import tensorflow as tf
    >>> from helpers.describe import lines_of
    >>> from helpers.case import Case
    >>> from helpers.walk import walk
    >>> dataset = tf.data.Dataset.from_tensors({"photo": tf.ones((4, 8, 8, 3))})
    >>> first, second = walk(dataset, 9), walk(dataset, 9)
    >>> print(lines_of(Case(dataset.element_spec, 1, first.layout, first, second)))
    inputs = next(iter(dataset))
    plt.imshow(inputs["photo"][0])
    """
    if not case.images:
        return ""
    names, place = _names(case), case.layout.place
    name = names[place[0]] if isinstance(case.spec, tuple) else names[0]
    image = "".join([name, *_keys(case, place), ("", "[0]", "[0, 0]")[case.layout.axes]])
    unpacked = f"({names[0]},)" if isinstance(case.spec, tuple) and len(names) == 1 else ", ".join(names)
    return f"{unpacked} = next(iter(dataset))\nplt.imshow({_shown(image, case)})"


def _shown(image: str, case: Case) -> str:
    """What `imshow` needs to show it rightly: channels last, floats from 0 to 1; of gray images, black and white."""
    low, high, nominal = case.range
    is_float = dict(leaves(case.spec))[case.layout.place].dtype.is_floating
    if nominal == (0, 1) and not is_float:
        nominal = None
    if next(iter(case.first.sizes))[-1] not in (3, 4):
        gray = {-1: f"{image}[..., 0]", -3: f"{image}[0]", None: image}[case.layout.channels]
        limits = f", vmin={nominal[0]}, vmax={nominal[1]}" if nominal else ""
        return f'{gray}, cmap="gray"{limits}'
    if case.layout.channels == -3:
        image = f"{image}.numpy().transpose(1, 2, 0)"
    if nominal is None:
        last = "" if channel_axis() == -1 else ', data_format="channels_last"'
        return f"tf.keras.utils.array_to_img({image}{last})"
    scaled = (
        {1: image, 255: f"{image} / 255" if is_float else image}[nominal[1]]
        if nominal[0] == 0
        else f"({image} + 1) / 2"
    )
    is_inside = nominal[0] <= low <= high <= nominal[1]
    return scaled if is_inside or not is_float else f"tf.clip_by_value({scaled}, 0, 1)"
