"""Pools of processes: whoever makes one takes it along."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time

from streams import PATIENCE

PROGRAM = """
import fcntl
import sys
import time

from consumers.pools import pool

held = []


def hold(path):
    held.append(open(path))
    fcntl.flock(held[0], fcntl.LOCK_SH)


if __name__ == "__main__":
    opened = pool(1, hold, (sys.argv[1],))
    opened.submit(int).result()
    print("held", flush=True)
    time.sleep(3600)
"""
"""Makes a pool whose process holds a file, and waits to be killed."""


def test_a_pool_ends_with_its_maker(tmp_path):
    """A process whose maker was killed ends by itself, and does not wait for work for ever."""
    program, held = tmp_path / "program.py", tmp_path / "held"
    program.write_text(PROGRAM, encoding="utf-8")
    held.touch()
    with subprocess.Popen([sys.executable, program, held], stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout.readline() == "held\n"
        maker.kill()
    deadline = time.monotonic() + PATIENCE
    with held.open() as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                assert time.monotonic() < deadline, "the process of the pool goes on without its maker"
                time.sleep(0.1)
            else:
                return
