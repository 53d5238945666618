"""A trial's report as one page of HTML that needs nothing beside itself: no script, no font, no picture from elsewhere.

Every text from outside is escaped. The page names accounts and contents by their ids and evidence by its entry; it has
no place for a text, a quote, a name or a date of birth, so that it can be sent to whoever decides on the versions.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from screening.lexicon.comparison import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consumers.ledger.port import SubjectName
    from consumers.trials import Report
    from screening.differences import Concluded, Difference, Differences

_ROWS: Final = 20
"""Bars of one plot, the longest ones."""

_WIDTH, _LABEL, _BAR, _GAP = 720, 250, 13, 9
"""Measures of a plot in pixels: a plot, the labels at its left, one bar, and what lies between two groups of bars."""

_COLOURS: Final[Mapping[str, str]] = {
    Effect.AFFECTED.value: "#c0392b",
    Effect.CHANGED.value: "#b7791f",
    Effect.RELEASED.value: "#2471a3",
    "in force": "#707b7c",
    "on trial": "#6c3483",
}

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8886; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; } h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
code { font-size: .85em; overflow-wrap: anywhere; } p.note { border-left: 3px solid var(--line); padding-left: .8rem; }
svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
""".strip()

_SAYS_NOTHING: Final = (
    "This page names accounts and contents by their ids, and evidence by the entry of the lexicon or list. It holds no"
    " text, no quote, no name and no date of birth. Ids are personal data all the same where they lead to a person:"
    " keep the page as you keep those. What was written is shown by <code>screening explain ID</code> to whoever may"
    " see it."
)


def page_of(report: Report) -> str:
    """Return the page."""
    what = f"Shadow {_text(report.name)}" if report.name else "Backtest"
    body = [
        f"<h1>{what}: what other versions would change</h1>",
        f"<p>{_when(report)} Nothing was ordered and nothing was activated.</p>",
        f'<p class="note">{_SAYS_NOTHING}</p>',
        "<h2>On trial</h2>",
        _table(
            ("kind", "source", "in force", "on trial"),
            [(one.kind, one.source, _code(one.before or "none"), _code(one.after)) for one in report.moved],
        ),
    ]
    for subject, part in report.parts.items():
        body += _part(subject, part)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{what}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _when(report: Report) -> str:
    if report.name:
        return f"On what came in from {_text(report.began_at)} to {_text(report.seen_at)}."
    return f"On what stood at {_text(report.began_at)}."


def _part(subject: SubjectName, part: Differences) -> list[str]:
    told = ", ".join(f"{part.count(effect)} {effect.value}" for effect in Effect)
    unreadable = f" {part.unreadable} could not be read." if part.unreadable else ""
    body = [
        f"<h2>{'Contents' if subject == 'content' else 'Registrations'}</h2>",
        f"<p>{part.looked} looked at: {told}.{unreadable}</p>",
        _plot("What becomes of them", [(effect.value, {effect.value: part.count(effect)}) for effect in Effect]),
    ]
    verdicts = [
        (f"{before} → {after}", {"on trial": count})
        for before, counts in sorted(part.verdicts.items())
        for after, count in sorted(counts.items())
    ]
    body.append(_plot("By verdict, in force → on trial", verdicts))
    body.append(_plot("By category", _by_name(part.categories)))
    if subject == "registration":
        body.append(_plot("By list", _by_name(part.sources)))
    body.append(_plot("Entries most responsible", _by_name(part.entries)))
    body += _people(part.concluded)
    most = part.most_changed()
    if most:
        body += [f"<h3>The {len(most)} most changed</h3>", _most(most)]
    return body


def _by_name(counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, dict[str, int]]]:
    """Turn effect → name → count into rows of a plot, the longest first."""
    names = {name for held in counts.values() for name in held}
    rows = [
        (name, {effect.value: held for effect in Effect if (held := counts.get(effect.value, {}).get(name, 0))})
        for name in names
    ]
    return sorted(rows, key=lambda row: (-sum(row[1].values()), row[0]))


def _people(concluded: Concluded) -> list[str]:
    body = ["<h3>What people had concluded</h3>"]
    if not concluded.right + concluded.wrong:
        return [*body, "<p>No order was lifted and no pair cleared by a person among those looked at.</p>"]
    rows = [
        ("in force", concluded.wrong_before, concluded.right_before, _percent(concluded.precision_before)),
        ("on trial", concluded.wrong_after, concluded.right_after, _percent(concluded.precision_after)),
    ]
    return [
        *body,
        (
            f"<p>Of what was looked at, people had said of {concluded.wrong} findings that they were wrong (orders"
            f" lifted, pairs cleared), and of {concluded.right} that they may be right (clearances taken back).</p>"
        ),
        _table(("versions", "found again, wrong", "found again, right", "precision"), rows, numbers=3),
        _plot("Wrong findings made again", [(name, {name: wrong}) for name, wrong, _, _ in rows]),
    ]


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _most(most: Sequence[Difference]) -> str:
    return _table(
        ("account", "id", "effect", "in force", "on trial", "categories", "entries"),
        [
            (
                _code(one.account_id),
                "" if one.subject == "registration" else _code(one.id),
                one.effect.value,
                one.before.value,
                one.after.value,
                _signed(one.came, one.went),
                _signed(one.entries_came, one.entries_went),
            )
            for one in most
        ],
    )


def _signed(came: Iterable[str], went: Iterable[str]) -> str:
    return " ".join([*(f"+{_text(name)}" for name in came), *(f"−{_text(name)}" for name in went)])


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: int = 0) -> str:
    """Return a table; cells are markup already, the last `numbers` columns stand at the right."""
    first = len(headings) - numbers

    def cells(tag: str, row: Sequence[object]) -> str:
        return "".join(
            f'<{tag} class="n">{cell}</{tag}>' if at >= first else f"<{tag}>{cell}</{tag}>"
            for at, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>\n" for row in rows)
    return f"<table>\n<tr>{cells('th', headings)}</tr>\n{body}</table>"


def _plot(title: str, rows: Sequence[tuple[str, Mapping[str, int]]]) -> str:
    """Return a heading and horizontal bars: for each row one bar for each series, with its number behind it."""
    heading = f"<h3>{_text(title)}</h3>"
    shown = [(label, series) for label, series in rows if series][:_ROWS]
    longest = max((count for _, series in shown for count in series.values()), default=0)
    if longest == 0:
        return f"{heading}\n<p>None.</p>"
    room = _WIDTH - _LABEL - 70
    marks, at = [], 4
    for label, series in shown:
        middle = at + len(series) * _BAR / 2 + 4
        name = label if len(label) <= 38 else f"{label[:37]}…"
        said = f"{_text(name)}<title>{_text(label)}</title>"
        marks.append(f'<text x="{_LABEL - 8}" y="{middle:.0f}" text-anchor="end">{said}</text>')
        for series_name, count in series.items():
            width = max(room * count / longest, 1.0 if count else 0.0)
            marks.append(
                f'<rect x="{_LABEL}" y="{at}" width="{width:.1f}" height="{_BAR - 2}" fill="{_COLOURS[series_name]}">'
                f"<title>{_text(series_name)}: {count}</title></rect>"
                f'<text x="{_LABEL + width + 5:.1f}" y="{at + _BAR - 3}">{count}</text>'
            )
            at += _BAR
        at += _GAP
    used = dict.fromkeys(name for _, series in shown for name in series)
    legend, x = [], _LABEL
    if len(used) > 1:
        for name in used:
            legend.append(f'<rect x="{x}" y="{at}" width="11" height="11" fill="{_COLOURS[name]}"/>')
            legend.append(f'<text x="{x + 16}" y="{at + 10}">{_text(name)}</text>')
            x += 30 + 8 * len(name)
        at += 18
    more = len([1 for _, series in rows if series]) - len(shown)
    left_out = f"<p>… and {more} more.</p>" if more > 0 else ""
    return (
        f'{heading}\n<svg viewBox="0 0 {_WIDTH} {at}" width="{_WIDTH}" height="{at}" role="img"'
        f' aria-label="{_text(title)}">\n' + "\n".join([*marks, *legend]) + f"\n</svg>{left_out}"
    )


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    return html.escape(text)
