"""The page and the plot about re-screening."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import matplotlib as mpl

mpl.use("svg")

import rescreen_spark_section
from matplotlib import pyplot as plt

if TYPE_CHECKING:
    import pathlib

    from rescreen import Figures, Update

PLOT: Final = "measurements-rescreen.svg"
LATENCY: Final = "measurements-rescreen-latency.json"
_FLOOR, _AIM = 30.0, 5.0

_TIMES: Final = 2.0
"""How many times its figure at rest a latency may be."""

_NAMED: Final = {"p50": "median", "p99": "99th of 100"}

_PAGE: Final = """\
# How re-screening is measured

Written by `make bench-rescreen`: do not edit. The figures stand in [a file](measurements-rescreen.json) too.

{machine}, code of `{commit}`.
Where more processes wanted these cores than there are, seconds by the clock are what was left, and processor seconds
are the figure to compare.

## An update of a list

The real list of OFAC (its primary file) of 2021-08-18 is in force, {registrants:,} registrants stand: the parties that
come and go by 2022-02-23, with their birth dates where the list gives a day, {streamed:,} of the crowd who went through
the stream, and others of whom the ledger was told that they were judged clear. Then each update is put in force, and
`screening rescreen run --workers 2` is started: from there to the end of the command, with the start of its processes,
the plan, the run, and `enforcement` at the end of its topic.

| list of | entries concerned | new names | looked at | judged otherwise | seconds by the clock | processor seconds |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{updates}

The floor for the first is 30 s, the aim 5 s, by the clock: {reached}.

![Processor seconds by the number of new names](measurements-rescreen.svg)

Who is looked at are those with a hit on an entry that came, went or changed, and those whom a new name is like. What
does not follow the change is the start of the process, the reading of both lists, and one look over the index
({megabytes:,.0f} MB, searched where it lies) that nothing of it is harmed. The index was made once, in
{index_seconds:,.0f} s by the clock and {index_processor:,.0f} s of processor time; a further registration costs its
share of that.

## The whole list

With `--all` everybody is judged anew: {judged:,} registrants by two workers in {run_minutes:,.1f} minutes, with the
results sent, {rate:,.0f} a second for each worker. The command took {minutes:,.1f} minutes by the clock and
{processor:,.1f} of processor time: its plan judges everybody as well, and afterwards `enforcement` and `records` read
a result of each.

## Changed terms

{terms} entries of the shipped lexicon changed, half withdrawn, half with another severity; {texts:,} texts of
{characters:,} characters stand, ordinary ones and posts.

| what | processor seconds |
| --- | ---: |
| asking every text for the changed terms alone | {selecting:,.1f} |
| judging the {touched:,} texts that hold one | {judging:,.1f} |
| together | {together:,.1f} |
| judging every text (from a tenth of them) | {everybody:,.1f} |

Which pays depends on how common the changed terms are: a change of few terms, or of rare ones, leaves little to judge.

## Live roles beside a full pass

{latency}

{spark}"""

_LATENCY: Final = """\
Written by `tests/benchmarks/rescreen_latency.py`: contents and registrations that an order follows from are published
at their own pace while a full pass runs, and while none does. What counts is the time from a record to its order.

| log | registrants judged anew | at rest, median and 99th of 100, ms | beside a pass, ms | times |
| --- | ---: | ---: | ---: | ---: |
{rows}

At most twice the figure at rest is wanted: {kept}. On the average {load:.1f} processes wanted these cores.
"""


def write(figures: Figures, folder: pathlib.Path) -> None:
    """Write the page and draw the plot."""
    rows = [_row(one) for one in (figures.update, *figures.further)]
    seconds = figures.update.seconds
    reached = "aim reached" if seconds <= _AIM else "floor reached, aim not" if seconds <= _FLOOR else "not reached"
    page = _PAGE.format(
        machine=figures.machine,
        commit=figures.commit,
        registrants=figures.registrants,
        streamed=figures.streamed,
        updates="\n".join(rows),
        reached=reached,
        megabytes=figures.index_megabytes,
        index_seconds=figures.index_seconds,
        index_processor=figures.index_processor,
        judged=figures.whole.judged,
        run_minutes=figures.whole.run_seconds / 60,
        rate=figures.whole.rate,
        minutes=figures.whole.seconds / 60,
        processor=figures.whole.processor / 60,
        terms=figures.terms,
        texts=figures.texts,
        characters=figures.characters,
        selecting=figures.selecting,
        judging=figures.judging,
        touched=figures.touched,
        together=figures.selecting + figures.judging,
        everybody=figures.everybody,
        latency=_latency(folder / LATENCY),
        spark=rescreen_spark_section.section(folder),
    )
    (folder / "measurements-rescreen.md").write_text(page, encoding="utf-8")
    _draw((*figures.further, figures.update), folder / PLOT)


def _latency(path: pathlib.Path) -> str:
    """Return what was measured of live roles, where it was."""
    if not path.exists():
        return "Not measured here: `tests/benchmarks/rescreen_latency.py` does."
    logs = json.loads(path.read_text("utf-8"))
    times = {(one["log"], what): one[what][1] / one[what][0] for one in logs for what in ("p50", "p99")}
    rows = [
        f"| {one['log']} | {one['registrants']:,} | {one['p50'][0]:,.0f} / {one['p99'][0]:,.0f} |"
        f" {one['p50'][1]:,.0f} / {one['p99'][1]:,.0f} |"
        f" {times[one['log'], 'p50']:.1f} / {times[one['log'], 'p99']:.1f} |"
        for one in logs
    ]
    over = [f"the {_NAMED[what]} on {log}" for (log, what), held in times.items() if held > _TIMES]
    return _LATENCY.format(
        rows="\n".join(rows),
        kept="not kept for " + " and ".join(over) if over else "kept",
        load=sum(one["load"] for one in logs) / len(logs),
    ).strip()


def _row(one: Update) -> str:
    return (
        f"| {one.day} | {one.entries:,} | {one.names:,} | {one.accounts:,} | {one.otherwise:,} | {one.seconds:,.1f}"
        f" | {one.processor:,.1f} |"
    )


def _draw(updates: tuple[Update, ...], path: pathlib.Path) -> None:
    ordered = sorted(updates, key=lambda one: one.names)
    with mpl.rc_context({"svg.hashsalt": "rescreen", "font.size": 9}):
        figure, axes = plt.subplots(figsize=(7, 3.6))
        names = [one.names for one in ordered]
        axes.plot(names, [one.processor for one in ordered], "o-", label="processor seconds")
        axes.plot(names, [one.seconds for one in ordered], "s--", label="seconds by the clock", alpha=0.6)
        axes.set(xlabel="names that came with the update", ylabel="seconds", xlim=(0, None), ylim=(0, None))
        axes.grid(alpha=0.3)
        axes.legend()
        figure.tight_layout()
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)
