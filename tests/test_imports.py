"""The walls between the rooms hold: every import contract is seen to fail on one line that breaks it."""

from __future__ import annotations

import ast
import os
import pathlib
import shutil
import subprocess
import sys
import tomllib

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOMS = [room for room in ("screening", "consumers", "console") if (ROOT / room).is_dir()]

VIOLATIONS = {
    "rooms": ("screening/errors.py", "import consumers"),
    "core-layers": ("screening/errors.py", "import screening.decisions"),
    "edge-layers": ("consumers/settings/urls.py", "import consumers.topics"),
    "log-adapters": ("consumers/topics.py", "import consumers.log.kafka"),
    "ledger-adapters": ("consumers/topics.py", "import consumers.ledger.database"),
    "pure-core": ("screening/subjects.py", "def now():\n    import time"),
    "door-automaton": ("screening/subjects.py", "import ahocorasick"),
    "door-segment": ("screening/lexicon/entries.py", "import rjieba"),
    "door-scoring": ("screening/watchlist/parties.py", "import rapidfuzz.fuzz"),
    "door-loops": ("screening/watchlist/index.py", "import numba"),
    "door-pinyin": ("screening/watchlist/parties.py", "import pypinyin"),
    "door-kafka": ("consumers/topics.py", "from kafka import KafkaProducer"),
    "door-sqlalchemy": ("consumers/log/port.py", "import sqlalchemy"),
    "door-metrics": ("consumers/worker.py", "import prometheus_client"),
    "door-logs": ("consumers/worker.py", "import structlog"),
    "door-traces": ("consumers/worker.py", "from opentelemetry import trace"),
    "door-archive": ("consumers/topics.py", "import pyarrow"),
    "door-terminal": ("consumers/wire.py", "import rich.console"),
}
"""Contract → a file, and the line that must not stand in it."""


def contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    return [contract["id"] for contract in settings["contracts"]]


@pytest.fixture
def tree(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of what is linted, free to be spoiled."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: pathlib.Path, *contract: str) -> subprocess.CompletedProcess[str]:
    only = [f"--contract={name}" for name in contract]
    command = [str(pathlib.Path(sys.executable).parent / "lint-imports"), "--no-cache", *only]
    environment = {**os.environ, "PYTHONPATH": str(tree), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_tree_as_it_is_keeps_every_contract(tree):
    """An unmodified copy keeps all contracts, and all of them were looked at."""
    done = lint(tree)
    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(contracts())} kept, 0 broken." in done.stdout


def test_every_contract_has_a_violation():
    """No contract goes untried: each has a line below that breaks it."""
    assert set(VIOLATIONS) == set(contracts())


@pytest.mark.parametrize("contract", sorted(VIOLATIONS))
def test_a_forbidden_import_breaks_its_contract(tree, contract):
    """One forbidden line breaks the contract that speaks of it."""
    file, line = VIOLATIONS[contract]
    path = tree / file
    path.write_text(path.read_text("utf-8") + f"\n{line}\n", "utf-8")
    done = lint(tree, contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Contracts: 0 kept, 1 broken." in done.stdout


@pytest.mark.parametrize("room", ["screening", "consumers"])
def test_a_module_without_a_place_breaks_the_layers(tree, room):
    """A new module must be given a layer before it passes."""
    (tree / room / "unplaced.py").write_text("", "utf-8")
    assert "unplaced" in lint(tree).stdout


IMPURE_NAMES = frozenset({"open", "print", "input", "breakpoint", "__import__"})
IMPURE_ATTRIBUTES = frozenset({"now", "utcnow", "today", "uuid1", "uuid4", "read_text", "read_bytes"})


def impure_calls(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_NAMES:
                found.append(f"{node.lineno}: {name}")
            case ast.Call(func=ast.Attribute(attr=name)) if name in IMPURE_ATTRIBUTES:
                found.append(f"{node.lineno}: {name}")
    return found


def test_impure_calls_are_recognised():
    """What no import betrays is seen by its call."""
    assert impure_calls("open('x')\nx = datetime.now(UTC)\ny = opened.today") == ["1: open", "2: now"]


def test_the_core_calls_nothing_impure():
    """The core opens no file, prints nothing and asks no clock, also by names that need no import."""
    found = [
        f"{path.relative_to(ROOT)}:{call}"
        for path in sorted((ROOT / "screening").rglob("*.py"))
        for call in impure_calls(path.read_text("utf-8"))
    ]
    assert found == []
