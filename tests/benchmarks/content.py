"""Measures content screening; writes docs/measurements-content.md, its figures and pictures (`make bench-content`)."""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import time
from typing import Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
# The project goes first: tests/screening and tests/consumers would stand in for its packages.
sys.path[:0] = [str(_TESTS.parent), str(_TESTS)]

import bench_engine
import biglists
import contentcurves
import contentpage
import contentquality
import wordends
from datafolder import ROOT, data_folder

PAGE: Final = ROOT / "docs" / "measurements-content.md"
FIGURES: Final = ROOT / "docs" / "measurements-content.json"
PICTURES: Final = ROOT / "docs" / "pictures"
BLIND: Final = ROOT / "tests" / "cases" / "blind-content.jsonl"
"""Plain texts, violations and clean ones, by somebody who has not seen the lexicons; measured where they are there."""
SIZES: Final = (64_000, 1_000_000)
"""Terms of the lists that throughput is measured with."""


def main() -> int:
    """Measure, write the page, the pictures and the figures, and return the exit code."""
    began, code = time.monotonic(), _code()
    try:
        data = data_folder() / "content"
        tell("evasions, ordinary and labelled texts")
        bench = contentquality.Bench()
        harm = contentquality.harmful(bench, data)
        quality = [
            contentquality.altered(bench),
            contentquality.ordinary(bench, data),
            *contentquality.blind(bench, BLIND),
            harm,
            contentquality.offensive(bench, data),
        ]
        del bench
        tell("ends of words")
        ends = wordends.compared(data)
        speed = []
        for size in SIZES:
            tell(f"throughput with {size:,} terms")
            speed += bench_engine.measured(size)
        tell("large lists")
        large = list(biglists.measured())
    except FileNotFoundError as error:
        sys.stderr.write(f"content: {error}\n")
        return 1
    figures = {name: value for part in (*quality, ends) for name, value in part.figures.items()}
    figures |= {name: value for row in (*speed, *large) for name, value in row.values}
    figures = {name: round(value, 4) for name, value in figures.items()}
    before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    machine = f"{os.cpu_count()} shared cores ({platform.machine()}), Python {platform.python_version()}"
    day = time.strftime("%Y-%m-%d", time.gmtime())
    head = f"{day}, code of `{code}`, {machine}, {(time.monotonic() - began) / 60:.1f} minutes in all."
    contentcurves.draw(figures, contentpage.floors_of_evasions(), harm.curve, SIZES, PICTURES)
    PAGE.write_text(contentpage.written(head, figures, before, [*quality, ends], speed, large), "utf-8")
    FIGURES.write_text(
        json.dumps({"day": day, "code": code, "figures": figures}, indent=1, sort_keys=True, ensure_ascii=False) + "\n",
        "utf-8",
    )
    tell(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


def _code() -> str:
    """Return which commit is measured, and whether something was changed since."""
    git = shutil.which("git") or "git"
    asked = [git, "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def tell(text: str) -> None:
    """Say on stderr how far it is."""
    sys.stderr.write(f"content: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
