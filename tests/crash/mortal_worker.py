"""A worker of one role in a process of its own that can kill itself at a chosen point; run as a program.

Its one argument is JSON: `flags` (settings by dotted name), `role`, `number`, `mark` (a file to make once it has
worked) and, to die, `point` and `time`: the first, second, … time that point is reached. The points:
- `applied`: the ledger has committed what follows from a batch, the log has not been told of it;
- `sent`: the log has the outputs (a broker has acknowledged them), and has not committed them.
"""

from __future__ import annotations

import json
import os
import pathlib
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from consumers.happenings import Happened, Moved  # noqa: E402 - found through the line above
from consumers.log import kafka_session, sqlite_session  # noqa: E402
from consumers.run import run_worker  # noqa: E402
from consumers.settings import load_settings  # noqa: E402
from consumers.supervisor import Stopping  # noqa: E402
from consumers.wiring import Installation  # noqa: E402

if TYPE_CHECKING:
    from consumers.happenings import Happening

POINTS = ("applied", "sent")


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


def main() -> None:
    """Work until told to stop, or until death."""
    asked = json.loads(sys.argv[1])
    death = Death(asked.get("point"), asked.get("time", 0))
    place_points(death)
    mark = pathlib.Path(asked["mark"])

    def tell(happened: Happening) -> None:
        if isinstance(happened, Moved) and happened.busy:
            mark.touch()
        if isinstance(happened, Happened) and happened.what == "applied" and happened.count:
            death.reached("applied")

    stopping = Stopping()
    with Installation(load_settings(None, "", {}, asked["flags"])) as installation:
        run_worker(installation, asked["role"], asked["number"], drain=False, stopping=stopping, tell=tell)


if __name__ == "__main__":
    main()
