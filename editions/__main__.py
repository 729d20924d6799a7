"""Make everything: `uv run --extra editions python -m editions`; it goes to data/."""

import argparse
from pathlib import Path

from editions import live, slides, website
from editions.run import run_notebooks

DATA = Path(__file__).parent.parent / "data"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m editions")
    parser.add_argument("--as-executed", action="store_true", help="take the notebooks as the last run left them")
    executed = DATA / "executed"
    if not parser.parse_args().as_executed:
        run_notebooks(executed)
    website.make(executed, DATA / "website")
    print(f"website: {DATA / 'website' / 'index.html'}")
    slides.make(executed, DATA / "slides")
    print(f"slides: {DATA / 'slides'}")
    try:
        live.make(DATA / "live")
        print(f"to type along: {DATA / 'live'}")
    except FileExistsError as error:  # the rest is made all the same
        print(f"to type along: not made. {error}")
