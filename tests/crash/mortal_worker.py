"""A worker of one role in a process of its own that can kill itself at a chosen point.

It is told: `flags` (settings by dotted name), `role`, `number`, `mark` (a file to make once it has
worked) and, to die, `point` and `time`: the first, second, … time that point is reached. The points:
- `applied`: the ledger has committed what follows from a batch, the log has not been told of it;
- `sent`: the log has the outputs (a broker has acknowledged them), and has not committed them.
"""

from __future__ import annotations

import os
import pathlib
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consumers.happenings import Happened, Moved
from consumers.log import kafka_session, sqlite_session
from consumers.run import run_worker
from consumers.settings import load_settings
from consumers.supervisor import Stopping
from consumers.wiring import Installation

if TYPE_CHECKING:
    from consumers.happenings import Happening


_APPLIED = ("applied", "archived")
"""What a role says once the ledger has committed."""


@dataclass
class Death:
    """Where and when this process kills itself; never where there is no point."""

    point: str | None
    time: int

    def reached(self, point: str) -> None:
        """Note that a point was reached, and die there if this was the time."""
        if point != self.point:
            return
        self.time -= 1
        if self.time <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def place_points(death: Death) -> None:
    """Put the point `sent` into both adapters: behind the writing of outputs, before the commit."""
    arrived, written = kafka_session.sent_all, sqlite_session.SqliteSession._commit

    def sent(producer: Any, topics: Any, records: Any) -> Any:
        found = arrived(producer, topics, records)
        if records:
            death.reached("sent")
        return found

    def commit(session: Any, opened: Any) -> Any:
        reached = written(session, opened)
        if opened.sent:
            death.reached("sent")
        return reached

    kafka_session.sent_all = sent
    sqlite_session.SqliteSession._commit = commit


def work(asked: dict[str, Any]) -> None:
    """Work until told to stop, or until death."""
    death = Death(asked.get("point"), asked.get("time", 0))
    place_points(death)
    mark = pathlib.Path(asked["mark"])

    def tell(happened: Happening) -> None:
        if isinstance(happened, Moved) and happened.busy:
            mark.touch()
        if isinstance(happened, Happened) and happened.what in _APPLIED and happened.count:
            death.reached("applied")

    stopping = Stopping()
    with Installation(load_settings(None, "", {}, asked["flags"])) as installation:
        run_worker(installation, asked["role"], asked["number"], drain=False, stopping=stopping, tell=tell)
