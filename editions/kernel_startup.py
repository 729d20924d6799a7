"""Runs in the kernel of a tested notebook before its first cell: CheckedRun copies it to IPython's start-up folder."""


def _start() -> None:  # a function, so that its imports do not stand in for those that a notebook forgot
    import ipaddress
    import json
    import os
    import re
    import socket
    import sys
    from pathlib import Path

    import psutil

    def refuse_unless_loopback(host) -> None:
        if host in (None, "", "localhost"):
            return
        try:
            loopback = ipaddress.ip_address(host).is_loopback
        except ValueError:  # a name
            loopback = False
        if not loopback:
            raise ConnectionError(f"the tests cut the network (wanted: {host})")

    def cut(connect):
        def connect_to_loopback(self, address):
            if self.family in (socket.AF_INET, socket.AF_INET6):
                refuse_unless_loopback(address[0])
            return connect(self, address)

        return connect_to_loopback

    def cut_lookup(look_up):
        def look_up_loopback(host, *args, **kwargs):
            refuse_unless_loopback(host)
            return look_up(host, *args, **kwargs)

        return look_up_loopback

    def peak_mb() -> float:
        try:  # not getrusage: on Linux its peak includes that of the process which started this one
            return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024
        except FileNotFoundError:  # not Linux: what is in use now
            return psutil.Process().memory_info().rss / 2**20

    def report(_) -> None:
        Path(os.environ["KERNEL_REPORT"]).write_text(json.dumps({"prefix": sys.prefix, "peak_mb": peak_mb()}))

    # What Python code asks for. TensorFlow's own C++ connections do not come this way.
    socket.socket.connect = cut(socket.socket.connect)
    socket.socket.connect_ex = cut(socket.socket.connect_ex)
    socket.getaddrinfo = cut_lookup(socket.getaddrinfo)
    socket.gethostbyname = cut_lookup(socket.gethostbyname)
    get_ipython().events.register("post_run_cell", report)  # noqa: F821  last: a report means that all is in place


_start()
del _start
