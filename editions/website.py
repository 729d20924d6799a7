"""The website: README, QUESTIONS and the executed notebooks as pages that need no server and no other host."""

import json
import re
import shutil
import tempfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from editions.executed import MEASURED

ROOT = Path(__file__).parent.parent
SETTINGS = {
    "project": "Get at the images of image_dataset_from_directory",
    "extensions": ["myst_nb", "sphinx_copybutton"],
    "nb_execution_mode": "off",
    "nb_merge_streams": True,
    "myst_heading_anchors": 3,
    "myst_heading_slug_func": "editions.website.jupyterlab_anchor",
    "smartquotes": False,  # what stands in quotes is often code
    "html_theme": "furo",
    "html_title": "Images of image_dataset_from_directory",
    "html_static_path": [str(Path(__file__).with_name("website.css"))],
    "html_css_files": ["website.css"],
    "html_copy_source": False,
    "html_use_index": False,
    "html_show_copyright": False,
    "html_show_search_summary": False,  # a page that was opened from a file may not fetch others
    # code, and neither what it printed nor file trees
    "copybutton_selector": ", ".join(f"div.highlight-{name} pre" for name in ("ipython3", "python", "bash")),
}
CONTENTS = """
```{{toctree}}
:hidden:
:caption: {caption}

{pages}
```
"""


def make(executed: Path, out: Path) -> None:
    """Build the pages in `out`, which is replaced, from the notebooks that `run_notebooks` wrote to `executed`.

    Raises:
        RuntimeError: Sphinx finds something wrong, for example a link that leads nowhere.
    """
    with tempfile.TemporaryDirectory() as folder:
        sources, built, doctrees = (Path(folder, name) for name in ("sources", "built", "doctrees"))
        _write_sources(executed, sources)
        with docutils_namespace():  # else a second build in one process would warn
            sphinx = Sphinx(sources, None, built, doctrees, "html", SETTINGS, status=None, warningiserror=True)
            sphinx.connect("html-page-context", _accessible, priority=900)  # behind the theme
            sphinx.build()
        if sphinx.statuscode:
            raise RuntimeError("Sphinx warned: see above.")
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(built, out)


def jupyterlab_anchor(heading: str) -> str:
    """What JupyterLab makes of a heading, so that the same links lead to it here."""
    return heading.replace(" ", "-")


def _accessible(sphinx: Sphinx, page: str, template: str, context: dict, document) -> None:
    """What axe finds wrong with the HTML of Sphinx: no key scrolls wide code and tables, a heading has no level."""
    body = context.get("body", "").replace("<pre>", '<pre tabindex="0">')
    context["body"] = re.sub(r'<div (?=class="(?:table-wrapper|output text_html"><div>))', '<div tabindex="0" ', body)
    navigation = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = navigation.replace('role="heading"', 'role="heading" aria-level="2"')


def _write_sources(executed: Path, sources: Path) -> None:
    """The pages as Markdown and notebooks, each in its place of the repository, so that links hold as they are."""
    notebooks = shutil.copytree(executed, sources / "notebooks", ignore=shutil.ignore_patterns(MEASURED))
    beside = ("QUESTIONS.md", "TEACHING.md", "first_picture.jpg")
    for name in (*(f"notebooks/{name}" for name in beside), "tests/benchmarks/performance.png"):
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, sources / name)

    own_photos = "## Your own photos\n"  # where the README goes on for those who have begun
    welcome, further = (ROOT / "README.md").read_text(encoding="utf-8").split(own_photos)
    lessons = [f"notebooks/{path.stem}" for path in sorted(notebooks.glob("*.ipynb"))]
    contents = {
        "Notebooks": lessons,
        "Look up": ["notebooks/QUESTIONS", "notebooks/TEACHING", "further", "run_times", "LICENSE", "LICENSE-text"],
    }
    pages = {
        "index": welcome + "".join(CONTENTS.format(caption=c, pages="\n".join(p)) for c, p in contents.items()),
        "further": f"# Your photos, your machine, your class\n\n{own_photos}{further}",
        "run_times": _run_times(executed),
    }
    for name, title in {"LICENSE": "Licence of the code", "LICENSE-text": "Licence of text and pictures"}.items():
        text = re.sub(r"(https://\S+)", r"<\1>", (ROOT / name).read_text(encoding="utf-8"))
        pages[name] = f"# {title}\n\n{text}"
    for name, text in pages.items():
        (sources / f"{name}.md").write_text(text, encoding="utf-8")


def _run_times(executed: Path) -> str:
    run = json.loads((executed / MEASURED).read_text(encoding="utf-8"))
    lines = [
        "# Run times",
        "",
        f"What each notebook took in the very run whose outputs these pages show: {run['when']}, {run['setting']}. "
        "Seconds include the start of the kernel; peak memory is that of its process.",
        "",
        "| Notebook | Code cells run | Seconds | Peak memory in MB |",
        "|---|--:|--:|--:|",
    ]
    row = "| [](notebooks/{}.ipynb) | {} | {:.1f} | {:.0f} |"
    lines += [row.format(*measured) for measured in run["notebooks"]]
    _, cells, seconds, mb = zip(*run["notebooks"], strict=True)
    lines.append(f"| all, and the largest | {sum(cells)} | {sum(seconds):.1f} | {max(mb):.0f} |")
    return "\n".join(lines) + "\n"
