"""What is written of a run: without the folders of the machine on which it ran."""

import json
import sys

from editions.run import without_places
from tests.material import ROOT


def test_folders_of_windows_get_other_names():
    places = {r"C:\Users\Ann\.venv": "/env", r"C:\Users\Ann": "/home"}
    text = r"C:\Users\Ann\a.jpg, C:\Users\Ann\.venv, C:\Users\Anna, " + repr(r"C:\Users\Ann\a.jpg")
    wanted = r"/home\a.jpg, /env, C:\Users\Anna, " + repr(r"/home\a.jpg")
    assert json.loads(without_places(json.dumps(text), places)) == wanted


def test_only_folders_get_other_names():
    text = f"{ROOT}/data\\n{ROOT}.\\n{sys.prefix}/bin base64,iVBOR{ROOT}x {ROOT}x"
    wanted = f"/path/to/project/data\\n/path/to/project.\\n/path/to/project/.venv/bin base64,iVBOR{ROOT}x {ROOT}x"
    assert without_places(text) == wanted
