"""The commands as a user meets them: in a folder of their own, unconfigured, in this process or in one of their own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consumers import cli

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = pathlib.Path(__file__).resolve().parent.parent

SDN = """\
101,"QORVALD, Henrik Ansgar","individual","TESTPROG",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 05 Dec 1966; nationality Russia; Passport 750099913 (Russia)."
102,"BRELVANTIS TRADING LLC",-0- ,"TESTPROG",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Organization Established Date 17 Mar 2008."
"""  # noqa: E501 - a row of the format is one line
"""A list of two invented parties in OFAC's primary form."""

ALT = '101,1,"aka","KORVALT, Henrik",-0- \n102,2,"aka","BRELVANTIS GROUP",-0- \n'
LISTED = {
    "account_id": "a-listed",
    "kind": "person",
    "name": "Henrik Ansgar Qorvald",
    "birth_date": "1966-12-05",
    "nationalities": ["RU"],
}
"""A registration of the first of them, with what corroborates it."""


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The output, as JSON Lines."""
        return [json.loads(line) for line in self.out.split("\n") if line]

    @property
    def said(self) -> dict[str, Any]:
        """The one JSON line of a command that must have gone well."""
        assert self.code == 0, self.err
        (line,) = self.lines
        return line

    @property
    def rows(self) -> list[list[str]]:
        """The output, as a piped table."""
        return [line.split("\t") for line in self.out.split("\n") if line]


class Terminal:
    """Someone in a working directory, whose data directory is the default one.

    Args:
        folder: the working directory.
        environment: beside what the machine has; nothing of ours is inherited.
    """

    def __init__(self, folder: pathlib.Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.data = folder / ".screening"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SCREENING_")}
        self.environment = inherited | dict(environment or {})

    def run(self, *arguments: str, given: str | bytes = b"") -> Done:
        """Run a command in this process, on standard input that is given."""
        said = given.encode() if isinstance(given, str) else given
        out, err = io.StringIO(), io.StringIO()
        environment, here, stdin = dict(os.environ), pathlib.Path.cwd(), sys.stdin
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        os.environ.clear()
        os.environ.update(self.environment)
        os.chdir(self.folder)
        sys.stdin = io.TextIOWrapper(io.BytesIO(said), "utf-8")
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = cli.run(list(arguments))
        finally:
            sys.stdin = stdin
            os.chdir(here)
            os.environ.clear()
            os.environ.update(environment)
            for number, handler in handlers.items():
                signal.signal(number, handler)
        return Done(int(code), out.getvalue(), err.getvalue())

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command in a process of its own, with pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "consumers", *arguments],
            cwd=self.folder,
            env=self.environment | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # Whoever runs the tests in the background of a shell has Ctrl-C ignored, and children take that over.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads are in it
        )

    def write(self, name: str, text: str | bytes) -> str:
        """Write a file into the working directory and return its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return name

    def tail(self, topic: str) -> list[dict[str, Any]]:
        """Return everything on a topic; the markers of activations stand in input topics and are left out there."""
        done = self.run("tail", topic, "--from-start")
        assert done.code == 0, done.err
        if topic == "screening.activations":
            return done.lines
        return [line for line in done.lines if line["headers"].get("ce_type") != "screening.activation.v1"]

    def publish(self, topic: str, *values: object) -> Done:
        """Publish values as JSON Lines."""
        return self.run("publish", topic, given="".join(json.dumps(value) + "\n" for value in values))

    def files(self) -> dict[str, bytes]:
        """Return path → bytes of every file below the working directory."""
        held = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in held}


def with_watchlist(folder: pathlib.Path) -> Terminal:
    """Return someone who has imported the small list."""
    terminal = Terminal(folder)
    terminal.write("list/sdn.csv", SDN + "\x1a\n")
    terminal.write("list/alt.csv", ALT + "\x1a\n")
    done = terminal.run("watchlist", "import", "us-ofac-sdn", "list")
    assert done.code == 0, done.err
    return terminal


def copy_of(terminal: Terminal, folder: pathlib.Path) -> Terminal:
    """Return someone with a copy of all that another has."""
    shutil.copytree(terminal.folder, folder, dirs_exist_ok=True)
    return Terminal(folder)
