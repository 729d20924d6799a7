"""A plugin of pytest: a run of all tests prints which lines and branches of the helpers' core their unit tests reach.

Measured, in memory, is what costs least: the imports at collection and the tests in folders named `helpers`. For a part
of the tests there is `uv run coverage run -m pytest -n 0 tests/helpers`.
"""

import importlib
import io

import coverage
import pytest

MEASURED = pytest.StashKey[coverage.Coverage | None]()


def pytest_configure(config) -> None:
    is_whole = config.args == config.getini("testpaths") and "not thorough" in config.option.markexpr
    config.stash[MEASURED] = None
    if is_whole:
        settings = str(config.rootpath / "pyproject.toml")
        config.stash[MEASURED] = coverage.Coverage(data_file=None, config_file=settings)
        if not config.option.numprocesses:  # else the workers run the tests
            importlib.import_module("tensorflow")  # which takes longer if it is measured
            config.stash[MEASURED].start()


def pytest_collection_finish(session) -> None:
    if (measured := session.config.stash[MEASURED]) and not session.config.option.numprocesses:
        measured.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    if (measured := item.config.stash[MEASURED]) and item.path.parent.name == "helpers":
        with measured.collect():
            return (yield)
    return (yield)


def pytest_sessionfinish(session) -> None:
    if (measured := session.config.stash[MEASURED]) and hasattr(session.config, "workeroutput"):
        session.config.workeroutput["coverage"] = measured.get_data().dumps()


def pytest_testnodedown(node) -> None:
    if "coverage" in getattr(node, "workeroutput", {}):  # not of a worker that crashed
        data = coverage.CoverageData(no_disk=True)
        data.loads(node.workeroutput["coverage"])
        node.config.stash[MEASURED].get_data().update(data)


def pytest_terminal_summary(terminalreporter, config) -> None:
    if measured := config.stash[MEASURED]:
        terminalreporter.section("coverage of the helpers by their unit tests")
        table = io.StringIO()
        measured.report(file=table, skip_covered=True, show_missing=True)
        terminalreporter.write(table.getvalue())
