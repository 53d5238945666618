"""The command `rescreen run` in a process of its own that can kill itself at a chosen point of its pages.

The points:
- `sent`: the log has a page's results (a broker has acknowledged them), and has not committed them;
- `appended`: the log has them for good, and the ledger does not know of it;
- `kept`: the ledger knows how far the run has come, and nothing of the next page was sent.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from datetime import timedelta
from typing import Any

from crash.mortal_worker import Death

from consumers import cli, pools, rejudging_pool, rescreening
from consumers.ledger.port import RescreeningState
from consumers.log import kafka, sqlite_topics
from consumers.settings import all_settings

PAGE = 4
"""Subjects of a page: few, so that there are several pages to be killed in, and processes to share them."""

WORKERS = 3


def place_points(death: Death) -> None:
    """Put the points into the pass, and into what it writes to the log by; they count while its pages are sent."""
    arrived, written = kafka.sent_all, sqlite_topics.Topics.write
    running, keeping = rescreening.Pass.run, rescreening.Pass._keep
    sending = [False]

    def run(one: Any, *given: Any, **named: Any) -> Any:
        sending[0] = True
        try:
            return running(one, *given, **named)
        finally:
            sending[0] = False

    def sent(*given: Any) -> Any:
        found = arrived(*given)
        if sending[0]:
            death.reached("sent")
        return found

    def write(*given: Any) -> Any:
        found = written(*given)
        if sending[0]:
            death.reached("sent")
        return found

    def keep(one: Any, state: Any, *given: Any, **named: Any) -> None:
        of_a_page = state is RescreeningState.RUNNING and not named.get("taking")
        if of_a_page:
            death.reached("appended")
        keeping(one, state, *given, **named)
        if of_a_page:
            death.reached("kept")

    kafka.sent_all = sent
    sqlite_topics.Topics.write = write
    rescreening.Pass.run = run
    rescreening.Pass._keep = keep


def rescreen(asked: dict[str, Any]) -> None:
    """Run it until it ends, or until death."""
    place_points(Death(asked.get("point"), asked.get("time", 0)))
    rejudging_pool.PAGE = PAGE
    # Whoever starts this knows that the one before is dead.
    rescreening._SILENCE = timedelta(0)
    pools.CONTEXT = "forkserver"
    multiprocessing.set_forkserver_preload(["consumers.rejudging_pool"])
    os.environ.update({all_settings()[name].variable: value for name, value in asked["flags"].items()})
    os.chdir(asked["flags"]["data"])
    words = ["rescreen", "run", "--subject", asked["subject"], "--yes", "--workers", str(WORKERS), "--by", "a test"]
    sys.exit(int(cli.run(words)))
