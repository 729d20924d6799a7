"""A report's words on a dataset: what it yields, and the lines of code that show one image of it."""

from helpers.checkup.case import Case
from helpers.checkup.recognise import is_around_zero
from helpers.decoding import channel_axis
from helpers.errors import counted
from helpers.quiet import tensorflow as tf


def facts_of(case: Case) -> dict[str, str]:
    """What a report says before its findings: name of a row -> text."""
    found = case.first
    facts = {_named(case, place): _part(case, place) for place in found.specs}
    facts["Length"] = _length(case)
    if not case.stopped and case.order != "new":  # which is a finding
        same = "the same order in both"
        facts["Two passes"] = same if case.order else "it cannot be told whether their order was the same"
    if case.labels.loss:
        facts["Loss to train with"] = case.labels.loss
    if case.listing and found.images:
        facts["Files"] = (
            f"{case.recognised} of {counted(len(found.images), 'image')} found again in the folder"
            if case.recognised
            else "no image found again in the folder (changed pixels, or other files), so labels were not compared"
        )
    if case.other and not case.shared:
        both = f"({len(found.images)} and {len(case.other.images)} compared)"
        cannot = "not compared: " + ("other sizes, or changed pixels" if case.other.images else "it yields no image")
        facts["The other dataset"] = cannot if case.shared is None else f"no image is in both {both}"
    return facts


def _part(case: Case, place: tuple) -> str:
    """What one part of an element is."""
    found = case.first
    shape = found.parts[place].shape if found.parts else found.specs[place].shape
    text = f"{found.specs[place].dtype.name} of shape {shape}"
    if place in found.layout.targets:
        return f"{text}, {case.labels.words}"
    if place != found.layout.place or not found.images:
        return text
    low, high, nominal = case.range
    around = ", around 0" if not nominal and is_around_zero(low, high) else ""
    return f"{text}, values from " + (
        f"{nominal[0]} to {nominal[1]}" if nominal else f"{low:.3g} to {high:.3g}{around}"
    )


def _length(case: Case) -> str:
    found, images = case.first, counted(len(case.first.images), "image")
    noun = "batch" if found.layout.axes else "image"
    seen = counted(found.batches, noun) + (f", {images}" if found.layout.axes else "")
    if found.has_ended:
        return seen
    known = {tf.data.INFINITE_CARDINALITY: "endless", tf.data.UNKNOWN_CARDINALITY: "not known"}
    whole = known.get(case.length) or counted(case.length, noun)
    return f"{whole}; {'it stopped after' if found.error else 'looked at the first'} {seen}"


def _names(case: Case) -> list[str]:
    """Names for the parts of an element, as a reader would unpack them."""
    layout = case.first.layout
    names = ["inputs", "images"] if layout.place[:1] == (1,) else ["images", "labels"]
    if layout.axes == 0:
        names = [name.removesuffix("s") for name in names]
    if isinstance(case.spec, dict) or len(layout.place) > 1:
        names[0] = "inputs"
    parts = len(case.spec) if isinstance(case.spec, tuple) else 1
    return [*names, *(f"part_{number}" for number in range(3, parts + 1))][:parts]


def _named(case: Case, place: tuple) -> str:
    """One part, as code."""
    number, *keys = place if isinstance(case.spec, tuple) else (0, *place)
    return _names(case)[number] + "".join(f'["{key}"]' if isinstance(key, str) else f"[{key!r}]" for key in keys)


def lines_of(case: Case) -> str:
    """Lines of code that show one image, in the form that this dataset has; empty if there is none."""
    if not case.first.images:
        return ""
    layout, names = case.first.layout, _names(case)
    image = _named(case, layout.place) + ("", "[0]", "[0, 0]")[layout.axes]
    comma = "," if isinstance(case.spec, tuple) and len(names) == 1 else ""
    take = f"{', '.join(names)}{comma} = next(iter(dataset))"
    return f"import matplotlib.pyplot as plt\n{take}\nplt.imshow({_shown(image, case)})"


def _shown(image: str, case: Case) -> str:
    """What `imshow` needs to show it rightly: channels last, floats from 0 to 1; of gray images, black and white."""
    low, high, nominal = case.range
    layout = case.first.layout
    is_float = case.first.specs[layout.place].dtype.is_floating
    if nominal == (0, 1) and not is_float:
        nominal = None
    if case.first.images[0].shape[-1] not in (3, 4):
        gray = {-1: f"{image}[..., 0]", -3: f"{image}[0]", None: image}[layout.channels]
        return f'{gray}, cmap="gray"' + (f", vmin={nominal[0]}, vmax={nominal[1]}" if nominal else "")
    if layout.channels == -3:
        image = f"{image}.numpy().transpose(1, 2, 0)"
    if nominal is None:
        last = "" if channel_axis() == -1 else ', data_format="channels_last"'
        return f"tf.keras.utils.array_to_img({image}{last})"
    scaled = {(0, 255): f"{image} / 255", (0, 1): image, (-1, 1): f"({image} + 1) / 2"}[nominal] if is_float else image
    is_inside = not is_float or nominal[0] <= low <= high <= nominal[1]
    return scaled if is_inside else f"tf.clip_by_value({scaled}, 0, 1)"
