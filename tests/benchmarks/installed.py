"""The `screening` command of this environment, run as a user runs it: in a folder of its own, unconfigured."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCREENING: Final = pathlib.Path(sys.executable).parent / "screening"
"""The script that was installed beside this interpreter."""


def environment(flags: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which commands find their settings (dotted name → value) and nothing else."""
    return {"PATH": "/usr/bin:/bin"} | {
        f"SCREENING_{name.replace('.', '_').upper()}": value for name, value in flags.items()
    }


class Unusable(Exception):
    """The command did not do what it promises, so there is nothing to measure; the message says what it did."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What one run of `check` gave: a result for each subject, in order, and how long the whole command took."""

    results: list[dict[str, Any]]
    seconds: float


class Installed:
    """The installed command on one data directory.

    Args:
        folder: an empty folder, used as working directory too, so that no configuration file is met.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        if not SCREENING.exists():
            raise Unusable(f"{SCREENING}: found nothing, expected the installed command; run `make setup`")
        self._folder = folder

    def run(self, *arguments: str) -> str:
        """Run a command that must succeed, and return what it printed."""
        done = self._run(arguments)
        if done.returncode:
            raise Unusable(f"screening {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")
        return done.stdout

    def check(self, what: str, lines: bytes, names: Sequence[str]) -> Checked:
        """Run `check` over JSON Lines.

        Args:
            what: content or registrations.
            lines: the input.
            names: the `id` that each result must have, in order.

        Raises:
            Unusable: an error line, a missing or foreign result, or another exit code than 0.
        """
        given = self._folder / "input.jsonl"
        given.write_bytes(lines)
        started = time.perf_counter()
        done = self._run(("check", what, str(given)))
        seconds = time.perf_counter() - started
        results = [json.loads(line) for line in done.stdout.split("\n") if line]
        errors = [result for result in results if "error" in result]
        if errors or done.returncode:
            told = "\n".join(json.dumps(error, ensure_ascii=False) for error in errors[:20])
            raise Unusable(
                f"check {what}: exit code {done.returncode}, {len(errors)} error lines of {len(names)}, expected none\n"
                f"{told}\n{done.stderr}"
            )
        if [result["id"] for result in results] != list(names):
            raise Unusable(f"check {what}: found {len(results)} results, expected {len(names)} in the order of input")
        return Checked(results, seconds)

    def _run(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SCREENING_")}
        return subprocess.run(
            [str(SCREENING), *arguments],
            cwd=self._folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
