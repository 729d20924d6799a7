"""Messages of TensorFlow for people."""

import re


def one_line(error):
    lines = str(error).strip().splitlines() or ["(no message)"]
    reason = lines[-1 if lines[0] == "in user code:" else 0].strip().removeprefix(f"{type(error).__name__}: ")
    return re.sub(r"{{.*?}} ?", "", reason)
