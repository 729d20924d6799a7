"""Programs in processes of their own. The servers here are stand-ins that open no port."""

import subprocess
import sys
import threading
from types import SimpleNamespace

from helpers import processes

import tensorflow as tf
import psutil
import pytest

from tests.material import ROOT

STAND_IN = """
import sys, threading
print("grpc://localhost:1" if len(sys.argv) == 1 else f"ready for {sys.argv[1]}", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def servers(monkeypatch):
    monkeypatch.setattr(processes, "SERVER", STAND_IN)
    started = processes.Servers(workers=2)
    yield started
    started.stop()


def are_running(servers) -> list[bool]:
    return [process.poll() is None for process in servers.processes.values()]


def test_a_program_gets_its_arguments_and_variables(tmp_path):
    program = "import os, sys; print(sys.argv[1:], os.environ['COLOUR'])"
    assert processes.run_program(program, tmp_path, "b", COLOUR="größer") == f"{[str(tmp_path), 'b']} größer"


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("", ""),
        ("print('a'); print('b')", "a\nb"),
        ("import not_there", "ModuleNotFoundError: No module named 'not_there'"),
        ("import sys; print('ValueError: no', file=sys.stderr)", ""),  # it did not fail
        ("import os; os._exit(3)", ""),
        ("try:\n    1 / 0\nfinally:\n    int('x')", "ValueError: invalid literal for int() with base 10: 'x'"),
    ],
)
def test_what_a_program_printed(program, printed):
    assert processes.run_program(program) == printed


def test_a_program_that_does_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(processes, "LONGEST", 0.5)
    with pytest.raises(subprocess.TimeoutExpired):
        processes.run_program("import time; time.sleep(60)")


def test_patience_ends_with_the_dataset():
    assert [int(number) for number in processes.patient(tf.data.Dataset.range(3), seconds=60)] == [0, 1, 2]


def test_patience_is_lost():
    goes_on = threading.Event()

    def numbers():
        yield from (1, 2)
        goes_on.wait(60)

    assert list(processes.patient(numbers(), seconds=0.2)) == [1, 2]
    goes_on.set()


def test_an_error_of_the_dataset_passes_through():
    dataset = tf.data.Dataset.from_tensor_slices(["nothing/here"]).map(tf.io.read_file)
    with pytest.raises(tf.errors.NotFoundError, match="nothing/here"):
        list(processes.patient(dataset))


def test_servers_start_with_their_names_and_the_address(servers):
    assert servers.target == "grpc://localhost:1"
    assert list(servers.processes) == ["dispatcher", "worker 1", "worker 2"]
    assert are_running(servers) == [True, True, True]


def test_one_of_them_is_killed_and_then_all_are_stopped(servers):
    servers.kill("worker 2")
    servers.kill("worker 2")
    assert are_running(servers) == [True, True, False]
    servers.stop()
    assert are_running(servers) == [False, False, False]


def test_other_servers_take_their_place(servers):
    others = processes.Servers(workers=1)
    assert are_running(servers) == [False, False, False]
    assert are_running(others) == [True, True]
    others.stop()


def test_a_server_that_does_not_start_is_told_and_the_others_are_stopped(monkeypatch):
    started = []
    monkeypatch.setattr(processes, "SERVER", STAND_IN.replace("print", "if len(sys.argv) > 1: sys.exit(1)\nprint", 1))
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **more: started.append(popen(*args, **more)) or started[-1])
    with pytest.raises(RuntimeError, match="The worker 1 of tf.data service did not start"):
        processes.Servers()
    assert [process.poll() is None for process in started] == [False, False]


def test_a_cell_that_fails_stops_them(monkeypatch):
    called = {}
    events = SimpleNamespace(register=lambda name, function: called.update({name: function}))
    monkeypatch.setattr(processes, "get_ipython", lambda: SimpleNamespace(events=events))
    monkeypatch.setattr(processes, "SERVER", STAND_IN)
    servers = processes.Servers(workers=1)
    called["post_run_cell"](SimpleNamespace(success=True))
    assert are_running(servers) == [True, True]
    called["post_run_cell"](SimpleNamespace(success=False))
    assert are_running(servers) == [False, False]


def test_they_end_with_the_process_that_started_them():
    program = f"""
from helpers import processes
processes.SERVER = {STAND_IN!r}
servers = processes.Servers(workers=1)
print(*[process.pid for process in servers.processes.values()], flush=True)
import os
os._exit(1)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    pids = [int(pid) for pid in run.stdout.split()]
    assert len(pids) == 2
    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=10)
    assert not alive
