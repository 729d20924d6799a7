"""Make everything: `uv run --extra editions python -m editions`; it goes to data/.

While notebook 16 runs, about a minute, the servers of tf.data service listen on all network addresses of this machine.
`--without-servers` runs it without them; the website and the slides then lack what they show.
"""

import argparse
from pathlib import Path

from editions import live, programs, slides, website
from editions.run import run_notebooks

DATA = Path(__file__).parent.parent / "data"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m editions")
    parser.add_argument("--as-executed", action="store_true", help="take the notebooks as the last run left them")
    parser.add_argument("--without-servers", action="store_true", help="start no servers of tf.data service")
    options = parser.parse_args()
    executed = DATA / "executed"
    if not options.as_executed:
        run_notebooks(executed, servers=not options.without_servers)
    website.make(executed, DATA / "website")
    print(f"website: {DATA / 'website' / 'index.html'}")
    programs.make(DATA / "programs")
    print(f"programs: {DATA / 'programs'}")
    slides.make(executed, DATA / "slides")
    print(f"slides: {DATA / 'slides'}")
    try:
        live.make(DATA / "live")
        print(f"to type along: {DATA / 'live'}")
    except FileExistsError as error:  # the rest is made all the same
        print(f"to type along: not made. {error}")
