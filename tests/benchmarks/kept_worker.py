"""A worker that loads lists from their file and says what that costs: `lookups.kept` starts several at once.

It reads lines: "load" and "weigh". Whoever asks waits until all have loaded, so that what they share is seen.
"""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import gc
import json
import pathlib
import sys
import time

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS)]

import numpy as np

from consumers.compiled_lists import CompiledLists
from screening.subjects import Registrant
from screening.watchlist.compiled import loops_for


def main(folder: str, name: str, asked: str) -> None:
    """Do what is asked, and answer each line with one."""
    subject = Registrant(account_id="a", kind="person", name=asked)
    # What every process holds, whatever it searches, is not the file's.
    loops_for(sys.maxsize)
    np.zeros(1)
    before = held()
    ready = None
    for line in sys.stdin:
        if line.strip() == "load":
            started, began = time.process_time(), time.monotonic()
            ready = CompiledLists(pathlib.Path(folder), read_only=True).get(name, never, sys.exit)
            hits = len(ready.names.find([subject])[0])
            answer = {"seconds": time.process_time() - started, "waited": time.monotonic() - began, "hits": hits}
        else:
            gc.collect()
            answer = {kind: size - before[kind] for kind, size in held().items()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def held() -> dict[str, float]:
    """Return the memory that this process has to itself, and that which it shares, in MiB."""
    rows = pathlib.Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()[1:]
    sizes = {name: float(size.split()[0]) / 1024 for name, _, size in (row.partition(":") for row in rows)}
    kinds = {"own": "Private", "shared": "Shared"}
    return {kind: sizes[f"{row}_Clean"] + sizes[f"{row}_Dirty"] for kind, row in kinds.items()}


def never() -> dict[str, tuple[()]]:
    """Say that the lists are not to be read."""
    sys.exit("kept_worker: found no file to load, expected one")


if __name__ == "__main__":
    main(*sys.argv[1:])
