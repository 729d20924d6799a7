"""The website: README, QUESTIONS and the executed notebooks as pages that need no server and no other host."""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path

import nbformat
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from editions import gallery, one_page, programs
from editions.run import MEASURED, NOTEBOOKS, Figures
from editions.sections import title

ROOT = NOTEBOOKS.parent
SETTINGS = {
    "project": "Get at the images of image_dataset_from_directory",
    "extensions": ["myst_nb", "sphinx_copybutton"],
    "nb_execution_mode": "off",
    "nb_merge_streams": True,
    "myst_heading_anchors": 3,
    "myst_heading_slug_func": "editions.sections.anchor",
    "smartquotes": False,  # what stands in quotes is often code
    "html_theme": "furo",
    "html_title": "Images of image_dataset_from_directory",
    "html_static_path": [str(Path(__file__).with_name(name)) for name in ("website.css", "website.js")],
    "html_css_files": ["website.css"],
    "html_js_files": [("website.js", {"defer": "defer"})],
    "html_copy_source": False,
    "html_use_index": False,
    "html_show_copyright": False,
    "html_show_search_summary": False,  # a page that was opened from a file may not fetch others
    # code, and neither what it printed nor file trees
    "copybutton_selector": ", ".join(f"div.highlight-{name} pre" for name in ("ipython3", "python", "bash")),
}
# In the HTML that Sphinx and its theme write: what axe finds wrong, and links in outputs, which lead to notebooks.
MENDED = {
    r'(href="\w+)\.ipynb(?=#)': r"\1.html",
    r'(?<=class="caption" role="heading")': ' aria-level="2"',
    r'(?<=<aside class="sidebar-drawer")': ' aria-label="All pages"',
    r'(?<=<aside class="toc-drawer")': ' aria-label="On this page"',
    r'<th( class="head")?>(<p></p>)?</th>': r"<td\1></td>",
    r'(?=<div id="search-results">)': "<h1>Search</h1>",
    r'(?<=image_dataset_)(?=from_directory<a class="headerlink")': "<wbr>",  # a phone is narrower than the name
}
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)[^)\s]*\)")
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
            sphinx.build()
        if sphinx.statuscode:
            raise RuntimeError("Sphinx warned: see above.")
        for page in built.rglob("*.html"):
            page.write_text(_mended(page.read_text(encoding="utf-8")), encoding="utf-8")
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(built, out)


def linked_text(text: str, name: str, pages: set[str], sources: Path) -> str:
    """The text of a page. Its pictures are copied; links to files of the repository that are no pages are undone."""

    def follow(link: re.Match) -> str:
        is_picture, words, target = link.groups()
        file = Path(os.path.normpath(Path(name).parent / target))
        if file.with_suffix("").as_posix() in pages or not (ROOT / file).is_file():
            return link[0]
        if not is_picture:
            return words
        (sources / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, sources / file)
        return link[0]

    return _LINK.sub(follow, text)


def _mended(html: str) -> str:
    for fault, remedy in MENDED.items():
        html = re.sub(fault, remedy, html)
    return html


def _write_sources(executed: Path, sources: Path) -> None:
    """The pages as Markdown and notebooks, each in its place of the repository, so that links hold as they are."""
    shutil.copytree(executed, sources / "notebooks", ignore=shutil.ignore_patterns(MEASURED))
    shutil.copytree(NOTEBOOKS / "drawings", sources / "notebooks/drawings")
    notebooks = sorted(executed.glob("*.ipynb"))
    lessons = [f"notebooks/{path.stem}" for path in notebooks]
    documents = [f"notebooks/{path.stem}" for path in sorted(NOTEBOOKS.glob("*.md"))]
    reports = [name for name in ("CONTRIBUTING", "tests/benchmarks/RESULTS") if (ROOT / f"{name}.md").exists()]
    licences = {"LICENSE": "Licence of the code", "LICENSE-text": "Licence of text and pictures"}
    contents = {
        "Notebooks": lessons,
        "Look up": [*documents, "one_page", "programs", "further", *reports, "run_times", *licences],
    }

    # From this heading on, the README is for those who have begun.
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = gallery.markdown(notebooks, sources)
    readme = re.sub(r"!\[[^\]]*\]\(notebooks/lessons\.jpg\)", lambda sheet: pictures, readme)
    welcome, heading, further = readme.partition("## Your own photos\n")
    pages = {
        "index": welcome + "".join(CONTENTS.format(caption=c, pages="\n".join(p)) for c, p in contents.items()),
        "further": f"# Your photos, your machine, your class\n\n{heading}{further}",
        "run_times": _run_times(executed),
        "one_page": one_page.markdown(notebooks),
        "programs": _programs(sources),
    }
    for name in documents + reports:
        pages[name] = (ROOT / f"{name}.md").read_text(encoding="utf-8")
    for name, licence in licences.items():
        text = re.sub(r"(https://\S+)", r"<\1>", (ROOT / name).read_text(encoding="utf-8"))
        pages[name] = f"# {licence}\n\n{text}"
    for name, text in pages.items():
        page = sources / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(linked_text(text, name, {*pages, *lessons}, sources), encoding="utf-8")


def _programs(sources: Path) -> str:
    """The page of the programs to carry home. They are written to `sources`, whence Sphinx takes them along."""
    programs.make(sources / "programs")
    parts = [
        "# Programs to carry home",
        "Each lesson as one file: what its cells show, in plain TensorFlow, without predictions and exercises. "
        "The environment of the lessons has all packages that it imports. "
        "Give it a folder with a sub-folder for each class, as in `python 01_take_one_batch.py my_photos`.",
    ]
    for path in sorted((sources / "programs").iterdir()):
        lesson = NOTEBOOKS / f"{path.stem}.ipynb"
        parts += [
            f"## [{title(nbformat.read(lesson, 4))}](notebooks/{lesson.name})",
            f"Download {{download}}`{path.name} <programs/{path.name}>`",
            f"<details><summary>Read {path.name} here</summary>",
            f"```python\n{path.read_text(encoding='utf-8')}```",
            "</details>",
        ]
    return "\n\n".join(parts) + "\n"


def _run_times(executed: Path) -> str:
    run = json.loads((executed / MEASURED).read_text(encoding="utf-8"))
    notebooks = [Figures(**figures) for figures in run["notebooks"]]
    lines = [
        "# Run times",
        "",
        f"What each notebook took in the very run whose outputs these pages show: {run['when']}, {run['setting']}. "
        "Seconds include the start of the kernel; peak memory is that of its process.",
        "",
        "| Notebook | Cells | Lines of code | Seconds | Peak memory in MB |",
        "|---|--:|--:|--:|--:|",
    ]
    row = "| [](notebooks/{0.notebook}.ipynb) | {0.cells} | {0.code_lines} | {0.seconds:.1f} | {0.peak_mb:.0f} |"
    lines += [row.format(figures) for figures in notebooks]
    cells, code_lines = sum(one.cells for one in notebooks), sum(one.code_lines for one in notebooks)
    seconds, peak_mb = sum(one.seconds for one in notebooks), max(one.peak_mb for one in notebooks)
    lines.append(f"| all, and the largest | {cells} | {code_lines} | {seconds:.1f} | {peak_mb:.0f} |")
    return "\n".join(lines) + "\n"
