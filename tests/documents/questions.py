"""QUESTIONS, as somebody searches it: with a message pasted into the search field."""

import re

from tests.material import ROOT

QUESTIONS = (ROOT / "notebooks/QUESTIONS.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!You ask|---).*$", QUESTIONS, re.MULTILINE)


def code_spans(text: str) -> list[str]:
    """What stands in backticks, two where there is one inside; in a table, a bar is written with a backslash."""
    found = re.findall(r"``\s?(.+?)\s?``|`([^`]+)`", text)
    return [(double or single).replace("\\|", "|") for double, single in found]


MESSAGES = [span for row in ROWS for span in code_spans(row.split(" | ")[0])]


def is_found(line: str, message: str) -> bool:
    """Whether a line that is shown is this message of QUESTIONS, or begins with whole sentences of it.

    Three dots in a message are what differs from one learner to the next, such as a path.
    """
    match = re.match(".*?".join(map(re.escape, message.split("…"))), line)
    return match is not None and (match[0] == line or message.endswith((".", ":", "…")))
