"""A real Prometheus and its promtool for tests: unpacked from Debian's package when first asked for."""

from __future__ import annotations

import contextlib
import json
import pathlib
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services import MissingService, ends_with_parent, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOME = ROOT / ".tools" / "prometheus"
RULES = ROOT / "deploy" / "prometheus" / "rules"

UP_SECONDS = 120.0
"""How long it may take to come up: it takes a second, and many times that on a machine with other work."""


def program_of(name: str) -> pathlib.Path:
    """Return where `prometheus` or `promtool` is.

    Raises:
        MissingService: it is nowhere and cannot be fetched; the message says why.
    """
    if not (HOME / "complete").exists():
        made = subprocess.run(
            [ROOT / "scripts" / "setup-prometheus"], capture_output=True, text=True, check=False, timeout=300
        )
        if made.returncode != 0:
            raise MissingService(f"scripts/setup-prometheus failed: {made.stderr or made.stdout}")
    unpacked = HOME / "usr" / "bin" / name
    found = str(unpacked) if (HOME / "complete").exists() else shutil.which(name)
    if found is None:
        raise MissingService(f"found no '{name}', expected scripts/setup-prometheus to bring it")
    return pathlib.Path(found)


@dataclass(frozen=True)
class Prometheus:
    """A running one."""

    url: str
    process: subprocess.Popen[bytes]
    said: pathlib.Path

    def ask(self, path: str, **parameters: str) -> Any:
        """Return the data that it answers with."""
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}", timeout=60) as answer:  # noqa: S310 - ours
            return json.load(answer)["data"]

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the samples of an instant query."""
        return self.ask("query", query=expression)["result"]


@contextlib.contextmanager
def prometheus(
    folder: pathlib.Path, targets: Sequence[str], *, rules: pathlib.Path = RULES, seconds: int = 1
) -> Iterator[Prometheus]:
    """Run a Prometheus that scrapes some addresses and evaluates the project's rules, and stop it at the end.

    Args:
        folder: for its files.
        targets: `host:port` of what it scrapes, as job `screening`.
        rules: the folder of the rules.
        seconds: between two scrapes.
    """
    port = free_port()
    configuration = {
        "global": {"scrape_interval": f"{seconds}s", "evaluation_interval": f"{seconds}s"},
        "rule_files": [f"{rules}/*.yml"],
        "scrape_configs": [{"job_name": "screening", "static_configs": [{"targets": list(targets)}]}],
    }
    (folder / "prometheus.json").write_text(json.dumps(configuration), "utf-8")
    said = folder / "prometheus.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [*ends_with_parent(), program_of("prometheus"), f"--config.file={folder / 'prometheus.json'}",
             f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address=127.0.0.1:{port}"],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        )  # fmt: skip
    running = Prometheus(f"http://127.0.0.1:{port}", process, said)
    try:
        deadline = time.monotonic() + UP_SECONDS
        while not _answers(running):
            if process.poll() is not None or time.monotonic() > deadline:
                raise MissingService(f"Prometheus did not come up; it said:\n{said.read_text()[-3000:]}")
            time.sleep(0.1)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(running: Prometheus) -> bool:
    try:
        with urllib.request.urlopen(f"{running.url}/-/ready", timeout=10) as answer:  # noqa: S310 - ours
            return answer.status == 200
    except OSError:
        return False
