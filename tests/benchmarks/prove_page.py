"""The page that says what was proven of re-screening, at which size, and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pathlib

PAGE: Final = "measurements-equality.md"

COMPARISONS: Final = {
    "compared": "everybody judged by the last versions alone",
    "compared after the whole pass": "the same, after a whole pass (`rescreen run --all`) over the first",
}

_PAGE: Final = """\
# How re-screening is proven equal to the whole

Written by `make prove-rescreen`: do not edit. The figures stand in [a file](measurements-equality.json) too.

{machine}, code of `{commit}`, seed {seed}. Other work ran on these cores. The command does it with 100,000 registrants
and 50,000 texts unless it is told otherwise; below stands what was done last, and at which size.

The same is done twice. Once by the change: versions come in force one after the other while subjects come, are edited,
are sent again and go, half of them before the markers of a version and half behind them, and each time
`screening rescreen run` is run. And once at once: in an installation of its own everybody is judged by the last
versions alone. Then all that stands is compared, record by record: of every subject the verdict, the grounds, all hits
with their evidence, and what was left unscreened; the orders that stand, with the input and the evidence that they rest
on; whether a person is asked; and, where the same versions judged, the name of the result. Whoever an update does not
concern keeps the result of earlier versions, so that the names of the others differ and nothing else may.

Seconds are of the processor, of the command with all its processes. What is *held* is no difference of judgement: an
order that a machine gave on this very input, where the last versions would only ask a person. A machine lifts on a
clear result alone; the order stands until somebody has said.

{registrants}

{texts}

## With processes killed

Every run of the tests does it at a small size ([test_rescreening_kills.py](../tests/crash/test_rescreening_kills.py)):
on either log three workers a role and the runs themselves are killed inside their transactions and between the log's
commit and the ledger's, while lists and lexicons change and subjects come, are edited and go. On the broker the kills
must leave aborted records behind, or the test fails. What stands in the end must equal the whole, and no order may be
there twice or be missing.
"""

_REGISTRANTS: Final = """\
## Every day of a real list

{registered:,} registrants: {near:,} under the names of listed parties, as they are or as somebody may write them, with
or without what corroborates them, of {moved:,} parties that came, went or changed on some day and of others; and
{ordinary:,} ordinary ones, made of the words of the list and of others, some with listed affiliates. {first:,} of them
registered before the first update, the others between the updates; {edited:,} edits, {again:,} registrations sent again
and {erased:,} erasures come in between.

| list of | added | altered | removed | came | looked at | judged anew | affected | changed | released | seconds |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

{state}
"""

_TEXTS: Final = """\
## Random changes of a lexicon

{texts:,} real texts of {characters:,} characters, ordinary ones and posts, {first:,} of them published before the first
change; {edited:,} edits, {again:,} sent again and {deleted:,} deletions come in between. The shipped lexicon changes
again and again, by chance: entries are withdrawn, come back and are added (terms cut out of the texts); severities,
ceilings, boundaries, views and windows change, allow phrases and words that must, must not, or ask a person where they
stand near, come and go.

| version | changes | came | looked at | judged anew | affected | changed | released | seconds |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

{state}
"""

_STATE: Final = """\
In the end {subjects:,} subjects stand ({verdicts}), judged by {versions:,} sets of versions; {orders:,} orders stand
against {ordered:,} of them, and a person is asked about {asked:,}. {results:,} results and {sent:,} orders and notices
were sent; sent twice: {twice:,}; dead letters: {dead_letters:,}.

| compared with | subjects | judgements | names of results | orders | people asked | held |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{comparisons}

{word}
"""

_LEFT: Final = "Not compared here yet: {what}."


def equal(figures: dict[str, Any]) -> bool:
    """Say whether all that was compared was equal."""
    found = [figures[name]["steps"].get(step) for name in ("registrants", "texts") for step in COMPARISONS]
    return all(one is not None and one["equal"] for one in found)


def write(figures: dict[str, Any], folder: pathlib.Path) -> None:
    """Write the page."""
    parts = {"registrants": _registrants(figures), "texts": _texts(figures)}
    named = {name: figures[name] for name in ("machine", "commit", "seed")}
    page = _PAGE.format(**named, **parts)
    (folder / PAGE).write_text(page, encoding="utf-8")


def _registrants(figures: dict[str, Any]) -> str:
    held = figures["registrants"]
    rows = [
        f"| {one['name']} | {one.get('added', 0):,} | {one.get('altered', 0):,} | {one.get('removed', 0):,} "
        f"| {_done(one)} |"
        for one in _versions(held)
    ]
    return _REGISTRANTS.format(**held["made"], rows="\n".join(rows), state=_state(held)).strip()


def _texts(figures: dict[str, Any]) -> str:
    held = figures.get("texts")
    if held is None:
        return "## Random changes of a lexicon\n\nNot done here yet at this size."
    rows = [f"| {one['name']} | {sum(one['changes'].values()):,} | {_done(one)} |" for one in _versions(held)]
    return _TEXTS.format(**held["made"], rows="\n".join(rows), state=_state(held)).strip()


def _versions(held: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for name, step in held["steps"].items() if name.startswith("version ")]


def _done(one: dict[str, Any]) -> str:
    counts = (one[name] for name in ("came", "looked_at", "judged", "affected", "changed", "released"))
    return " | ".join([*(f"{count:,}" for count in counts), f"{one['processor']:.1f}"])


def _state(held: dict[str, Any]) -> str:
    steps = held["steps"]
    left = [what for step, what in COMPARISONS.items() if step not in steps]
    if "sent" not in steps:
        return _LEFT.format(what="; ".join(left))
    state, sent = steps["state"], steps.get("sent after the whole pass", steps["sent"])
    found = {what: steps[step] for step, what in COMPARISONS.items() if step in steps}
    rows = [
        f"| {what} | "
        + " | ".join(f"{one[name]:,}" for name in ("subjects", "judgements", "names", "orders", "asked", "held"))
        + " |"
        for what, one in found.items()
    ]
    word = "Nothing differs." if all(one["equal"] for one in found.values()) else "**Not equal.**"
    return _STATE.format(
        **{name: state[name] for name in ("subjects", "versions", "orders", "ordered", "asked")},
        **{name: sent[name] for name in ("results", "twice", "dead_letters")},
        sent=sent["orders"],
        verdicts=", ".join(f"{count:,} {name}" for name, count in state["verdicts"].items()),
        comparisons="\n".join(rows),
        word=" ".join([word, *([_LEFT.format(what="; ".join(left))] if left else [])]),
    )
