"""The page and the plot about load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from load import Latency, Run

_HEAD: Final = """\
# How load is measured

Written by `make load`: do not edit. It starts a Kafka broker of its own, writes contents of 300 characters made of
ordinary sentences (one in a hundred holds what is ordered deleted), and lets workers work off a backlog of them. The
figures stand in [measurements-load.json](measurements-load.json) too, to compare with.

{machine}. Broker, producer and workers share these cores with whatever else runs there. So the rate by the clock says
what was left for the pipeline at that moment; **contents in a second of the workers' processor time** is the figure to
compare: what a worker carries that has a core for itself, the broker apart. Half load is half of what the machine left
for one worker then, and not half of the floor.

## Rate

| log | what works | workers of each role | contents/s by the clock | in a second of processor time | committing |
|---|---|---:|---:|---:|---:|
{rates}

![Contents in a second, by log and number of workers](measurements-load.svg)

`content` alone takes a content from the input topic to its result. The whole pipeline takes it through `content`,
`enforcement` and `records` as well, to its orders and into the ledger, and the processor time is that of all three.
The first batch of each worker, in which it reads the lexicon, is left out.

The floor is 4,000 a second for one worker of `content` on Kafka, the aim 8,000. {floor}

The last column is the share of a batch's time in which its outputs and positions are sent and committed.

## What exactly-once costs

{cost}

## Latency at half load

In an open loop: a producer writes each content when it is due, whether the pipeline keeps up or not, and the time
counts from then to the commit. One worker each of `content` and `enforcement`; the rate is half of what one worker of
`content` reached by the clock.

| log | contents/s | to the | p50, ms | p99, ms | p99.9, ms |
|---|---:|---|---:|---:|---:|
{latencies}

The floor is a 99th percentile of 500 ms on Kafka, the aim 300 ms. {late}
"""

_PROFILE: Final = """
## Where the time goes

One worker of `content`, by the profiler, which makes calls look dearer than they are; waiting apart. What starting
takes is in it.

| part | {logs} |
|---|{bars}
{parts}
"""

_SHORT: Final = """
## What is missing here

This was a short measurement (`tests/benchmarks/load.py --short`): one worker on Kafka. The embedded log, 2 and 4
workers, the whole pipeline and the profile are measured by `make load`, which takes some minutes.
"""

_LEFT_OUT: Final = """
## What no time was left for

The machine was so busy that ten minutes were over before these were begun:

{named}
"""

_LEFT: Final = {"latency": "the latency at half load", "profile": "the profile"}

_FLOOR: Final = 4_000
_FLOOR_MS: Final = 500

_COST: Final = """\
The run named *without transactions* does the same work with the same client, but writes its results first and commits
its positions then, so that a worker that dies in between repeats a batch. Beside it, exactly-once costs {wall} of the
rate by the clock and {processor} of that by processor time, in transactions of up to 500 contents. The two runs follow
each other; what else the machine had to do meanwhile is in the first figure, and hardly in the second."""

WHAT: Final = {
    "content": "`content` alone",
    "repeating": "`content` alone, without transactions",
    "whole": "the whole pipeline",
}
"""What worked in a run, in words."""

_BAR: Final = {"content": "content", "repeating": "repeating", "whole": "all roles"}

_COLOURS: Final = {"Kafka": "#3566a0", "embedded": "#c08030"}


def page(
    runs: Sequence[Run],
    latencies: Sequence[Latency],
    profiles: Mapping[str, Mapping[str, float]],
    machine: str,
    left_out: Sequence[tuple[str, str, int]],
) -> str:
    """Return the page."""
    rates = [
        f"| {run.log} | {WHAT[run.what]} | {run.workers} | {run.rate:,.0f} | {run.per_processor:,.0f}"
        f" | {run.transaction_share:.0%} |"
        for run in runs
    ]
    rows = [
        f"| {one.log} | {one.rate:,.0f} | {one.to} | " + " | ".join(f"{held:,.0f}" for held in one.percentiles) + " |"
        for one in latencies
    ]
    names = sorted(
        {part for held in profiles.values() for part in held},
        key=lambda part: -max(held.get(part, 0.0) for held in profiles.values()),
    )
    parts = [
        f"| {name} | " + " | ".join(f"{held.get(name, 0.0):.0%}" for held in profiles.values()) + " |"
        for name in names
        if max(held.get(name, 0.0) for held in profiles.values()) >= 0.005
    ]
    worker = next(run for run in runs if (run.log, run.what, run.workers) == ("Kafka", "content", 1))
    freely = next(run for run in runs if run.what == "repeating")
    late = {one.to: one.percentiles[1] for one in latencies if one.log == "Kafka"}
    written = _HEAD.format(
        floor=(
            f"By the clock the floor is {_reached(worker.rate >= _FLOOR)},"
            f" by processor time {_reached(worker.per_processor >= _FLOOR)}."
        ),
        late=(
            f"To the result, which is what a worker of `content` does, the floor is"
            f" {_reached(late['result'] <= _FLOOR_MS)};"
            f" to the decision, behind which a second worker stands, {_reached(late['decision'] <= _FLOOR_MS)}."
        ),
        machine=machine,
        cost=_COST.format(
            wall=_cost(worker.rate, freely.rate), processor=_cost(worker.per_processor, freely.per_processor)
        ),
        rates="\n".join(rates),
        latencies="\n".join(rows),
    )
    if profiles:
        written += _PROFILE.format(logs=" | ".join(profiles), bars="---|" * len(profiles), parts="\n".join(parts))
    else:
        written += _SHORT
    if left_out:
        named = [f"- {_LEFT.get(what, WHAT.get(what))}, {log}, workers: {workers}" for log, what, workers in left_out]
        written += _LEFT_OUT.format(named="\n".join(named))
    return written


def _cost(rate: float, freely: float) -> str:
    """Return which share of a rate is lost; a run that was faster where it had more to do met a machine less busy."""
    lost = 1 - rate / freely
    return f"{lost:.0%}" if lost > 0 else f"nothing that could be seen ({abs(lost):.0%} more was reached)"


def _reached(reached: bool) -> str:  # noqa: FBT001 - what a comparison gave
    return "reached" if reached else "**not reached**"


def plot(runs: Sequence[Run]) -> str:
    """Return a bar for each run, as SVG."""
    most = max(run.rate for run in runs)
    width, font = 40 + 100 * len(runs), 'font-family="sans-serif" font-size="12"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="260" {font}>',
        f'<rect width="{width}" height="260" fill="white"/>',
    ]
    for place, run in enumerate(runs):
        left, height = 30 + place * 100, 180 * run.rate / most
        lines += [
            f'<rect x="{left}" y="{210 - height:.1f}" width="60" height="{height:.1f}" fill="{_COLOURS[run.log]}"/>',
            f'<text x="{left + 30}" y="{204 - height:.1f}" text-anchor="middle">{run.rate:,.0f}</text>',
            f'<text x="{left + 30}" y="228" text-anchor="middle">{run.log}</text>',
            f'<text x="{left + 30}" y="244" text-anchor="middle">{_BAR[run.what]} × {run.workers}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])
