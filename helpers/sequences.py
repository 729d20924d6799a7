"""Lists of paths, labels or titles by position, whatever index a table has."""

import os


def as_list(values) -> list:
    """The values of a list, tuple, array, tensor, table or generator in their order, as Python values.

    >>> import pandas as pd
    >>> from helpers.sequences import as_list
    >>> as_list(pd.Series(["a", "b"], index=[1, 0]))
    ['a', 'b']
    """
    for conversion in ("numpy", "to_numpy", "tolist"):  # of tensors, of tables, of arrays
        if hasattr(values, conversion):
            values = getattr(values, conversion)()
    values = values if isinstance(values, list) else list(values)
    return [value.numpy() for value in values] if values and hasattr(values[0], "numpy") else values


def path_list(paths) -> list[str]:
    """Paths as strings, from whatever `as_list` takes, of strings, bytes or `pathlib.Path`.

    Raises:
        TypeError: There is one path instead of a list.

    >>> from pathlib import Path
    >>> from helpers.sequences import path_list
    >>> path_list((Path("1.jpg"), Path("2.jpg")))
    ['1.jpg', '2.jpg']
    """
    if isinstance(paths, str | bytes | os.PathLike):
        raise TypeError(
            f"This should be a list of paths, not one path: {os.fsdecode(paths)}. list_images lists those in a folder."
        )
    return [os.fsdecode(path) for path in as_list(paths)]
