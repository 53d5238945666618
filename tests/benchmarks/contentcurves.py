"""Pictures of how content is measured: throughput by view, evasions by kind, recall against false alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib as mpl

mpl.use("svg")

import bench_engine
from matplotlib import pyplot as plt

from screening.lexicon.automaton import engines

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping, Sequence

SPEED: Final = "content-throughput.svg"
KINDS: Final = "content-evasions.svg"
HARM: Final = "content-recall.svg"
_COLOURS: Final = ("#4477aa", "#ee6677")


def draw(
    figures: Mapping[str, float],
    floors: Mapping[str, float],
    harm: Sequence[tuple[float, float]],
    sizes: Sequence[int],
    folder: pathlib.Path,
) -> None:
    """Draw the pictures of the page. The same figures give the same files."""
    folder.mkdir(exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "content", "font.size": 9}):
        _speed(figures, sizes, folder / SPEED)
        _kinds(figures, floors, folder / KINDS)
        _harm(harm, folder / HARM)


def _speed(figures: Mapping[str, float], sizes: Sequence[int], path: pathlib.Path) -> None:
    """Draw bars for each thing that is asked for, an engine a colour, a number of terms a field."""
    asked = [bench_engine.RAW, *bench_engine.ASKED]
    figure, fields = plt.subplots(1, len(sizes), figsize=(9, 4), sharey=True, sharex=True)
    height = 0.8 / len(engines())
    for axes, size in zip(fields, sizes, strict=True):
        for place, engine in enumerate(engines()):
            rates = [figures[f"speed.{size}.{engine.value}.{what}"] for what in asked]
            places = [at + place * height for at in range(len(asked))]
            axes.barh(places, rates, height, label=engine.value, color=_COLOURS[place])
        axes.set(xlabel="million characters a second", title=f"{size:,} terms")
        axes.set_yticks([at + height / 2 for at in range(len(asked))], asked)
        axes.grid(axis="x", alpha=0.3)
    fields[0].invert_yaxis()
    fields[-1].legend(loc="lower right")
    _save(figure, path)


def _kinds(figures: Mapping[str, float], floors: Mapping[str, float], path: pathlib.Path) -> None:
    """Draw a bar for each kind of evasion, and a mark where its group's floor is."""
    rows = [
        (name.split(".")[1], name.split(".")[2], share)
        for name, share in figures.items()
        if name.count(".") == 2 and name.startswith("evasions.")
    ]
    figure, axes = plt.subplots(figsize=(7, 0.24 * len(rows) + 0.8))
    names = [kind if kind != group else f"{kind} " for group, kind, _ in rows]
    axes.barh(names, [share for *_, share in rows], color=_COLOURS[0])
    for at, (group, _, _) in enumerate(rows):
        if group in floors:
            axes.plot([floors[group]] * 2, [at - 0.4, at + 0.4], color="black", linewidth=1.2)
    axes.invert_yaxis()
    axes.set(xlabel="share found; the mark is the floor of its group", xlim=(0.0, 1.0))
    _save(figure, path)


def _harm(points: Sequence[tuple[float, float]], path: pathlib.Path) -> None:
    """Draw what is found of the five kinds against what of the clean items is stopped with it."""
    figure, axes = plt.subplots(figsize=(6, 4))
    axes.plot([alarms for alarms, _ in points], [recall for _, recall in points], color=_COLOURS[0], linewidth=1.4)
    axes.axvline(0.02, color="black", linewidth=0.8, linestyle=":")
    axes.set(xlabel="share of clean items stopped", ylabel="share of the five kinds found", xlim=(0.0, 0.3))
    axes.set_ylim(0.5, 1.0)
    axes.grid(alpha=0.3)
    _save(figure, path)


def _save(figure: plt.Figure, path: pathlib.Path) -> None:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    plt.close(figure)
