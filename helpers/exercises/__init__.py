"""Predictions, and the checks of the exercises of each lesson.

Each check is defined in its lesson's module, ``nbNN_….py``, and found there; no list names it.
"""

import importlib
import pkgutil

from helpers.exercises.check import Exercise
from helpers.exercises.predictions import predict
from helpers.exercises.progress import progress

__all__ = ["predict", "progress"]

for _module in pkgutil.iter_modules(__path__):
    if _module.name.startswith("nb"):
        _found = vars(importlib.import_module(f"{__name__}.{_module.name}"))
        globals().update({name: value for name, value in _found.items() if isinstance(value, Exercise)})
