"""Programs that run as separate processes: one that ends by itself, and the servers of tf.data service."""

import os
import queue
import re
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from helpers.quiet import tensorflow as tf

from IPython import get_ipython

LONGEST = 120  # seconds for a program
_ERROR = re.compile(r"^[\w.]*(?:Error|Exception)\b.*", re.MULTILINE)
# A server ends when its standard input does: also if the process that started it is killed.
SERVER = """
import os, signal, sys, threading

def end_with_the_notebook():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=end_with_the_notebook, daemon=True).start()
import tensorflow as tf

service = tf.data.experimental.service
if len(sys.argv) == 1:
    server = service.DispatchServer()
    print(server.target, flush=True)
else:
    server = service.WorkerServer(service.WorkerConfig(sys.argv[1]))
    print("ready", flush=True)
server.join()
"""


def run_program(program: str, *arguments: str | os.PathLike, **environment: str) -> str:
    """Run a Python program, passed as text, in a separate process, and wait for it to end.

    Args:
        program: The text of the program.
        *arguments: What it finds in ``sys.argv[1:]``.
        **environment: Environment variables to set for it, such as ``KERAS_BACKEND="jax"``.

    Returns:
        What it printed, without the last newline. If it ended with an error, the last line holds its type and message.

    Raises:
        subprocess.TimeoutExpired: It had not finished after two minutes and was killed.

    Introduced in notebook 17_other_frameworks.

    >>> from helpers import processes
    >>> print(processes.run_program("import sys; print('Hello', sys.argv[1])", "Ada"))
    Hello Ada
    >>> print(processes.run_program("print('begun'); int('x')"))
    begun
    ValueError: invalid literal for int() with base 10: 'x'
    """
    with tempfile.TemporaryDirectory() as folder:  # as a file, so that the program may itself start processes
        path = Path(folder, "program.py")
        path.write_text(program, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, path, *(os.fspath(argument) for argument in arguments)],
            env={"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, "PYTHONIOENCODING": "utf-8", **environment},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST,
            check=False,
        )
    errors = _ERROR.findall(done.stderr) if done.returncode else []
    return "\n".join(filter(None, (done.stdout.rstrip("\n"), *errors[-1:])))


def patient(dataset: tf.data.Dataset, seconds: float = 10) -> Iterator:
    """The elements of a dataset, until its end or until none has arrived for so many seconds.

    The dataset is read in a thread, because TensorFlow waits endlessly for a dead worker and ignores signals.

    Args:
        dataset: Any dataset.
        seconds: How long to wait for an element.

    Yields:
        The elements. Errors from the dataset pass through.

    Introduced in notebook 16_devices_and_workers.

    >>> import tensorflow as tf
    >>> from helpers import processes
    >>> [int(number) for number in processes.patient(tf.data.Dataset.range(3))]
    [0, 1, 2]
    """
    arrived: queue.Queue = queue.Queue()

    def read() -> None:
        try:
            for element in dataset:
                arrived.put((element, None))
            arrived.put((None, StopIteration()))
        except Exception as error:
            arrived.put((None, error))

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            element, error = arrived.get(timeout=seconds)
        except queue.Empty:
            return
        if isinstance(error, StopIteration):
            return
        if error:
            raise error
        yield element


def knock(target: str) -> None:
    """Do nothing if a server answers at an address; raise an error if none does.

    A client of tf.data service would wait forever.

    Args:
        target: Such as ``"grpc://localhost:5050"``.

    Raises:
        OSError: No server answers, for example ConnectionRefusedError.

    Introduced in notebook 16_devices_and_workers.

    >>> from helpers import processes
    >>> processes.knock("grpc://localhost:1")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ConnectionRefusedError: ...
    """
    host, port = target.rpartition("/")[2].split(":")
    socket.create_connection((host, int(port)), timeout=10).close()


class Servers:
    """A dispatcher and workers of tf.data service, each a separate process on this machine.

    **They listen on all network addresses of the machine, without a password**; TensorFlow has no option to prevent it.
    They end with `stop`, after a cell of the notebook fails, when other servers are started, and when the process
    that started them ends, however it ends.

    Each worker runs in its own folder, where the file ``worker_name`` holds its name.

    Args:
        workers: How many; they are called "worker 1", "worker 2", …

    Attributes:
        target: Address of the dispatcher, for `tf.data.experimental.service.distribute`.
        processes: Name -> process; the first is the dispatcher.

    Raises:
        RuntimeError: A server did not start.

    Introduced in notebook 16_devices_and_workers.
    """

    _running: list["Servers"] = []

    def __init__(self, workers: int = 2):
        for others in self._running:
            others.stop()
        self.processes: dict[str, subprocess.Popen] = {}
        self._running[:] = [self]
        if get_ipython():
            get_ipython().events.register("post_run_cell", self._stop_after_a_failure)
        try:
            self.target = self._start("dispatcher")
            for number in range(1, workers + 1):
                self._start(f"worker {number}", self.target.rpartition("/")[2])
        except BaseException:
            self.stop()
            raise

    def kill(self, name: str) -> None:
        """End one server at once, as a crash would."""
        self.processes[name].kill()
        self.processes[name].wait()

    def stop(self) -> None:
        """End all servers."""
        for name in self.processes:
            self.kill(name)

    def _start(self, name: str, *arguments: str) -> str:
        folder = tempfile.mkdtemp()
        Path(folder, "worker_name").write_text(name, encoding="utf-8")
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-c", SERVER, *arguments],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        words = self.processes[name].stdout.readline().strip()  # type: ignore[union-attr]
        if not words:
            raise RuntimeError(f"The {name} of tf.data service did not start.")
        return words

    def _stop_after_a_failure(self, result) -> None:
        if not result.success:
            self.stop()
