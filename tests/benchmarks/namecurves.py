"""Curves of how names are found: precision against recall, and the time of a lookup against its share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Sequence

    from labelled import Scored
    from namepage import Measured

CURVES = "names-precision-recall.svg"
KINDS = "names-found-by-kind.svg"


def draw(measured: Measured, folder: pathlib.Path) -> None:
    """Draw the pictures of the page. The same figures give the same files."""
    with mpl.rc_context({"svg.hashsalt": "names", "font.size": 9}):
        _curves(measured, folder / CURVES)
        _kinds(measured, folder / KINDS)


def curve(found: Sequence[Scored]) -> list[tuple[float, float, float]]:
    """Return score, recall and precision for every score at which something changes, highest first.

    A listed name counts where its own entry is found, any other name is a false alarm where anybody is.
    """
    wanted = sum(bool(one.trial.entries) for one in found)
    points = []
    right = wrong = 0
    ordered = sorted(found, key=lambda one: -one.score)
    for place, one in enumerate(ordered):
        if one.score <= 0.0:
            break
        right += bool(one.trial.entries)
        wrong += not one.trial.entries
        if place + 1 == len(ordered) or ordered[place + 1].score < one.score:
            points.append((one.score, right / max(1, wanted), right / (right + wrong)))
    return points


def _curves(measured: Measured, path: pathlib.Path) -> None:
    figure, axes = plt.subplots(figsize=(7, 4.5))
    own = measured.found
    for label, found in (
        ("this project, labelled names", own["labelled"]),
        ("this project, names of the generator", [*own["altered"], *own["ordinary"], *own["adversarial"]]),
        *((f"{label}, labelled names", found) for label, found in measured.peers.items()),
    ):
        points = curve(found)
        axes.plot([point[1] for point in points], [point[2] for point in points], label=label, linewidth=1.4)
    for name in ("labelled",):
        at = [point for point in curve(own[name]) if point[0] >= measured.review_from]
        if at:
            axes.plot(at[-1][1], at[-1][2], "o", color="black", label=f"review from {measured.review_from:.2f}")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0.0, 1.01), ylim=(0.5, 1.01))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _kinds(measured: Measured, path: pathlib.Path) -> None:
    shares: dict[str, list[bool]] = {}
    for name in ("altered", "chinese", "scripts"):
        for one in measured.found[name]:
            shares.setdefault(one.trial.kind, []).append(one.score >= measured.review_from)
    rows = sorted(((sum(found) / len(found), kind) for kind, found in shares.items()), reverse=True)
    figure, axes = plt.subplots(figsize=(7, 0.24 * len(rows) + 0.8))
    axes.barh([kind for _, kind in rows], [share for share, _ in rows], color="#4477aa")
    axes.invert_yaxis()
    axes.set(xlabel=f"share found with a score of {measured.review_from:.2f} or more", xlim=(0.0, 1.0))
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
