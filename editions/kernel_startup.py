"""Runs in the kernel of a checked run before its first cell: `run` copies it to IPython's start-up folder."""


def _start() -> None:  # a function, so that its imports do not stand in for those that a notebook forgot
    import json
    import os
    import socket
    import sys
    from pathlib import Path

    import psutil
    import pytest_socket
    from IPython import get_ipython

    def without_names(look_up):
        def look_up_no_name(host, *args, **kwargs):
            if host not in (None, "", "localhost") and not pytest_socket.is_ipaddress(host):
                raise pytest_socket.SocketBlockedError(f"The tests cut the network: {host} is not looked up.")
            return look_up(host, *args, **kwargs)

        return look_up_no_name

    def peak_mb() -> float:
        try:  # not getrusage: on Linux its peak includes that of the process which started this one
            return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
        except FileNotFoundError:  # not Linux: what is in use now
            return psutil.Process().memory_info().rss / 2**20

    def report(_) -> None:
        Path(os.environ["KERNEL_REPORT"]).write_text(json.dumps({"prefix": sys.prefix, "peak_mb": peak_mb()}))

    # What Python code connects to. TensorFlow's own C++ connections do not come this way.
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    # pytest-socket lets names be looked up, and a look-up leaves the machine.
    socket.getaddrinfo = without_names(socket.getaddrinfo)
    socket.gethostbyname = without_names(socket.gethostbyname)
    get_ipython().events.register("post_run_cell", report)  # last: a report means that all is in place


def _wait_for_red_lines() -> None:
    """What C libraries write goes through a pipe that a thread of ipykernel reads: let it, before a cell ends."""
    import time

    try:
        import fcntl
        import termios
    except ImportError:  # Windows, where ipykernel does not show what C libraries write
        return

    from IPython import get_ipython

    def wait(_) -> None:
        for _attempt in range(100):
            if fcntl.ioctl(2, termios.FIONREAD, bytes(4)) == bytes(4):  # the number of bytes in the pipe
                break
            time.sleep(0.01)
        time.sleep(0.02)  # what was read is now passed on

    get_ipython().events.register("post_run_cell", wait)


_wait_for_red_lines()
_start()
del _start, _wait_for_red_lines
