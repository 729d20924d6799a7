"""How fast the helpers are, and how much memory they need, as ratios: `uv run python -m tests.benchmarks`."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow is imported, here and in the processes we start
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
