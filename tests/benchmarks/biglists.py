"""What large lists cost: importing, activating, compiling and loading, each in a process of its own.

    python tests/benchmarks/biglists.py --commands TERMS
    python tests/benchmarks/biglists.py --build TERMS [--required]
    python tests/benchmarks/biglists.py --load FOLDER DIGEST [--required]

A process of its own, because memory can be told only of a whole process: the figure is the most that it ever held.
What a process holds when it starts another counts for that one too, so that whoever starts the commands holds little.
Times are processor time. `--required` does without the engines of the `fast` extra.
"""

# ruff: noqa: E402 - what is imported lies in folders that are named first

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any, Final

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS)]

import bench_engine
from bench_engine import Row
from datafolder import ROOT
from plainlists import shared

from consumers.compiled_lexicons import CompiledLexicons
from screening.lexicon import automaton
from screening.lexicon.automaton import Engine, engines
from screening.lexicon.compiled import compile_lexicon
from screening.lexicon.entries import Lexicon, PlainList
from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.packed import PackedTexts
from screening.subjects import Content
from screening.text.segment import Segmenter, open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES: Final = (64_000, 1_000_000)
MOST: Final = 2_000_000


def main() -> int:
    """Do one thing and print what it cost."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--commands", type=int)
    asked.add_argument("--write", nargs=2, help=argparse.SUPPRESS)
    asked.add_argument("--build", type=int)
    asked.add_argument("--load", nargs=2)
    asked.add_argument("--required", action="store_true")
    given = asked.parse_args()
    if given.required:
        automaton._charwise = None
    if given.write:
        _write(pathlib.Path(given.write[0]), int(given.write[1]))
        return 0
    told: object
    if given.commands:
        told = [dataclasses.astuple(row) for row in _commands(given.commands)]
    else:
        told = _build(given.build) if given.build else _load(pathlib.Path(given.load[0]), given.load[1])
    sys.stdout.write(json.dumps(told))
    return 0


def measured() -> Iterator[Row]:
    """Yield what each size and engine costs, and the way of a list from a file to a worker by the commands."""
    for size in SIZES:
        for row in _alone("--commands", str(size)):
            yield Row(*row[:-1], values=tuple((name, value) for name, value in row[-1]))
    for size in (*SIZES, MOST):
        for engine in engines():
            if size == MOST and engine is not engines()[0]:
                continue
            told = _alone("--build", str(size), engine=engine)
            note = f"{told['most']:.0f} MiB at most"
            if told["size"]:
                note += f"; {told['size'] / 2**20:.0f} MiB of bytes"
            yield _row(f"{size:,} terms: compile", engine.value, told, f"compile.{size}.{engine.value}", note)


def _commands(size: int) -> Iterator[Row]:
    """Import a file and activate it as a user does, then load what a worker loads, with either engine."""
    with tempfile.TemporaryDirectory() as named:
        folder = pathlib.Path(named)
        subprocess.run([sys.executable, __file__, "--write", folder / "list.txt", str(size)], check=True)
        words = ("import", "plain", "list.txt", "--category", "gambling", "--out", "words")
        both = 0.0
        for what, command in (("import", words), ("activate", ("activate", "words", "--yes"))):
            told = _timed(folder, "-m", "consumers", "lexicon", *command)
            both += told["seconds"]
            note = f"{told['most']:.0f} MiB at most"
            yield _row(f"{size:,} terms: `lexicon {what}`", f"{engines()[0]}", told, f"{what}.{size}", note)
        yield Row(
            f"{size:,} terms: both together", f"{engines()[0]}", f"{both:.1f} s", "",
            ((f"import and activate.{size} s", both),),
        )  # fmt: skip
        (file,) = (folder / ".screening" / "compiled").glob("*.lexicon")
        for engine in engines():
            told = _alone("--load", str(file.parent), file.stem, engine=engine)
            note = f"{told['most']:.0f} MiB at most; a file of {file.stat().st_size / 2**20:.0f} MiB"
            yield _row(f"{size:,} terms: load", engine.value, told, f"load.{size}.{engine.value}", note)


def _write(path: pathlib.Path, size: int) -> None:
    """Write a list, without what would be refused as another tool's combination of terms."""
    terms = [term for term in bench_engine.made_terms(size) if term.isalnum()]
    path.write_text("\n".join(terms) + "\n", "utf-8")


def _row(what: str, engine: str, told: dict[str, Any], named: str, note: str) -> Row:
    values = ((f"{named} s", told["seconds"]), (f"{named} MiB", told["most"]))
    return Row(what, engine, f"{told['seconds']:.2f} s", note, values)


def _alone(*arguments: str, engine: Engine | None = None) -> Any:
    """Run this module in a process of its own and return what it prints."""
    required = ["--required"] if engine is Engine.PYAHOCORASICK and len(engines()) > 1 else []
    done = subprocess.run([sys.executable, __file__, *arguments, *required], check=True, capture_output=True)
    return json.loads(done.stdout)


def _timed(folder: pathlib.Path, *arguments: str) -> dict[str, Any]:
    """Run Python in a folder and return the processor time and the most memory of that process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCREENING_")}
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return {"seconds": used.ru_utime + used.ru_stime, "most": used.ru_maxrss / 1024}


def _build(count: int) -> dict[str, float]:
    """Compile a plain list in the views that an imported one has."""
    terms = PackedTexts.of(bench_engine.made_terms(count))
    lexicon = Lexicon((), (PlainList(shared(views=bench_engine.PLAIN), terms),))
    started = time.process_time()
    data = compile_lexicon(lexicon)
    return {"seconds": time.process_time() - started, "most": _most(), "size": len(data)}


def _load(folder: pathlib.Path, digest: str) -> dict[str, float]:
    """Load a compiled lexicon as a worker does; a file that cannot be used is no measurement."""

    def never() -> Lexicon:
        raise RuntimeError("found no file that can be loaded, expected one")

    started = time.process_time()
    ready = CompiledLexicons(folder, read_only=True).get(digest, never, sys.exit)
    seconds = time.process_time() - started
    matcher = ContentMatcher(ready, Segmenter(open_tokenizer(None)))
    term = ready.terms[len(ready.terms) // 2]
    (found,) = matcher.find([Content(id="c", account_id="bench", body=f"《{term}》")])
    if not found:
        raise RuntimeError(f"found nothing in a text that holds {term!r}")
    return {"seconds": seconds, "most": _most()}


def _most() -> float:
    """Return the most memory that this process ever had, in MiB; getrusage tells the parent's too."""
    status = pathlib.Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
