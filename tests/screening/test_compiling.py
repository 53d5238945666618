"""Loops work where nothing of them can be kept."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]

LOOPS = """
import resource

resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

from screening.compiling import NUMBER, compiled, ready

@compiled
def doubled(number):
    return 2 * number

@ready(NUMBER)
def more(number):
    return doubled(number) + 1

print(more(20), doubled(1.5))
"""


def test_a_full_disk_ends_no_loop(tmp_path: pathlib.Path):
    """Neither what is compiled at once nor what is compiled when it is called needs to be kept."""
    pytest.importorskip("numba")
    script = tmp_path / "loops_of_a_test.py"
    script.write_text(LOOPS)
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kept"), "PYTHONPATH": str(ROOT)}
    told = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment, check=False)
    assert (told.stdout, told.returncode) == ("41 3.0\n", 0), told.stderr
    assert not list((tmp_path / "kept").rglob("*.nbc"))
