"""`screening lexicon import` and `export`: word lists from and for other tools."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import pathlib
import re
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from consumers import lexicons, snapshots, wiring
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.faults import Exit, Refused
from screening.evidence import Ceiling
from screening.lexicon.encodings import recognised
from screening.lexicon.entries import Boundary, Lexicon
from screening.lexicon.imported import LEVELS, Origin, Taken, take, written
from screening.lexicon.interchange import Columns, Format, export, read_rows
from screening.lexicon.parse import category_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_BYTES: Final = 256 * 1024 * 1024
"""The largest file that is read: ten times what two million terms take."""

_FORMATS: Final = ", ".join(Format)
_OWN: Final = "toml"
_REVIEW_AFTER: Final = dt.timedelta(days=182)
"""Half a year: long enough to look at an imported list, short enough to remember why it was taken."""


def hang(group: typer.Typer) -> None:
    """Hang the commands on the group `lexicon`."""
    told = example("screening lexicon import plain words.txt --category gambling --out ./lexicons")
    group.command("import", epilog=told)(import_)
    group.command("export", epilog=example("screening lexicon export toml --out ./lexicons"))(export_)


def import_(  # noqa: PLR0913 - every argument is an option of the command line
    context: typer.Context,
    form: Annotated[Format, typer.Argument(metavar="FORMAT", help=f"One of {_FORMATS}.")],
    path: Annotated[pathlib.Path, typer.Argument(metavar="PATH", help="The list's file.")],
    *,
    category: Annotated[str, typer.Option(metavar="SLUG", help="The category of its terms.")],
    out: Annotated[pathlib.Path, typer.Option(metavar="FILE|FOLDER", help="Where the lexicon file is written.")],
    name: Annotated[str | None, typer.Option("--id", help="The list's id; made of the file's name otherwise.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Like utf-8, gb18030, big5; recognised otherwise.")] = None,
    severity: Annotated[int, typer.Option(min=1, max=3, help="Of terms without a level: 1 slight to 3 grave.")] = 2,
    levels: Annotated[str, typer.Option(metavar="LEVEL=SEVERITY,…", help="What levels mean, as in 5=3,0=1.")] = "",
    ceiling: Annotated[
        Ceiling, typer.Option(metavar="CEILING", help="review or evidence; never auto.")
    ] = Ceiling.REVIEW,
    boundary: Annotated[
        Boundary, typer.Option(metavar="BOUNDARY", help="Which ends must be ends of words: none, start, end, both.")
    ] = Boundary.BOTH,
    term_column: Annotated[str | None, typer.Option(metavar="NAME", help="Of csv, the column of the terms.")] = None,
    level_column: Annotated[str | None, typer.Option(metavar="NAME", help="Of csv, the column of the levels.")] = None,
    source: Annotated[str, typer.Option(help="Where the list comes from; beside the file's name and checksum.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Turn a word list of another tool into a lexicon file, whose terms lead to review at most.

    plain: a term a line. levels: term and level, parted by comma, tab or bar. csv: with a header. replace: TERM=REPLACEMENT.
    json: a list of texts or objects. Lines that cannot be taken are told with their numbers, the rest is taken, and the
    exit code is 1. Regular expressions are refused as such. Nothing is activated.
    """  # noqa: E501 - a paragraph of help
    if ceiling is Ceiling.AUTO:
        raise Refused("--ceiling: found auto, expected review or evidence: nobody wrote examples", Exit.USAGE)
    meanings = dict(LEVELS) | _meanings(levels)
    data = _read(path)
    with installation_of(context) as installation:
        policy = lexicons.policy_of(lexicons.judging(installation))
    slugs = sorted(held.slug for held in policy.register.categories)
    if category not in slugs:
        raise Refused(f"--category: found {category!r}, expected one of {', '.join(slugs)}", Exit.USAGE)
    named = name or re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "imported"
    target = _target(out, category, named, force=force)
    known = encoding or recognised(path.name, data)
    taken = take(read_rows(path.name, data, form, known, Columns(term_column, level_column)), severity, meanings)
    _tell(taken)
    if not taken.count:
        raise Refused(f"{path}: found no term that can be taken, expected at least one; nothing was written")
    today = wiring.now().date()
    origin = Origin(
        category=category,
        id=named,
        ceiling=ceiling,
        boundary=boundary,
        source=f"{source + ': ' if source else ''}{path.name} ({form}, {known}, sha256 {_digest(data)})",
        reason="an imported list; nobody has written examples for its terms",
        added=today,
        review_by=today + _REVIEW_AFTER,
    )
    text = written(origin, taken.terms)
    snapshots.read_lexicon({target.name: text}, policy)
    _write(target, [text], force=force)
    described = {
        "file": str(target),
        "encoding": known,
        "terms": taken.count,
        "repeated": taken.repeated,
        "refused": taken.refused,
    }
    if as_json:
        print_json(described | {"severities": {str(grave): len(terms) for grave, terms in taken.terms.items()}})
    else:
        print_rows(tuple(described), [tuple(described.values())])
    if taken.refused:
        raise typer.Exit(Exit.FAILED)


def export_(
    context: typer.Context,
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {_OWN}, {_FORMATS}.")],
    folder: Annotated[
        str,
        typer.Argument(
            metavar="[FOLDER]",
            help="A folder of lexicon files, a file, the digest of a kept version, `active` or `shipped`.",
        ),
    ] = lexicons.ACTIVE,
    *,
    out: Annotated[
        pathlib.Path | None, typer.Option(metavar="FILE|FOLDER", help="Where to; standard output, but not for toml.")
    ] = None,
    category: Annotated[str | None, typer.Option(metavar="SLUG", help="Only this one.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write a lexicon's files (toml), to go on from, or its terms alone as other tools read them.

    Only toml keeps everything: context, allow phrases, views and examples have no place in the other formats.
    """
    if form not in {_OWN, *Format}:
        raise Refused(f"FORMAT: found {form!r}, expected one of {_OWN}, {_FORMATS}", Exit.USAGE)
    with installation_of(context) as installation:
        judged = lexicons.judging(installation)
        chosen = lexicons.candidate(installation, judged, folder)
    if form == _OWN:
        if out is None:
            raise Refused("--out: found none, expected a folder for the lexicon's files", Exit.USAGE)
        files = {
            name: text
            for name, text in chosen.files.items()
            if category is None or category_of(name) in {category, "allow"}
        }
        write_files(out, files, force=force)
        return
    lines = export(_only(chosen.lexicon, category), Format(form))
    if out is None:
        for line in lines:
            sys.stdout.write(line + "\n")
        return
    if out.is_dir():
        raise Refused(f"--out {out}: found a folder, expected a file", Exit.USAGE)
    _write(out, (line + "\n" for line in lines), force=force)


def _only(lexicon: Lexicon, category: str | None) -> Lexicon:
    if category is None:
        return lexicon
    return Lexicon(
        tuple(entry for entry in lexicon.entries if entry.category == category),
        tuple(held for held in lexicon.lists if held.shared.category == category),
    )


def _read(path: pathlib.Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Refused(f"{path}: found {size:,} bytes, expected at most {MOST_BYTES:,}", Exit.USAGE)
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: found {error.strerror}, expected a file that can be read", Exit.USAGE) from None


def _meanings(levels: str) -> dict[str, int]:
    meanings = {}
    for said in filter(None, levels.split(",")):
        level, _, severity = said.rpartition("=")
        if not level.strip() or severity.strip() not in {"1", "2", "3"}:
            raise Refused(f"--levels: found {said!r}, expected LEVEL=SEVERITY with a severity from 1 to 3", Exit.USAGE)
        meanings[level.strip().lower()] = int(severity)
    return meanings


def _target(out: pathlib.Path, category: str, name: str, *, force: bool) -> pathlib.Path:
    """Return the file to write: its name must say its category, or it could not be read again."""
    target = out if out.suffix == ".toml" and not out.is_dir() else out / f"{category}.{name}.toml"
    if category_of(target.name) != category:
        expected = f"{category}.toml or {category}.NAME.toml, NAME of lower-case letters, digits and hyphens"
        raise Refused(f"--out, --id: found {target.name!r}, expected {expected}", Exit.USAGE)
    if target.exists() and not force:
        raise Refused(f"{target}: found a file, expected none: --force replaces it", Exit.USAGE)
    return target


def _tell(taken: Taken) -> None:
    for fault in taken.faults:
        say(str(fault))
    if taken.refused > len(taken.faults):
        say(f"… and {taken.refused - len(taken.faults)} more")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def write_files(folder: pathlib.Path, files: Mapping[str, str], *, force: bool) -> None:
    """Write texts into a folder, each whole or not at all; what is there is replaced only by `force`."""
    there = [name for name in files if (folder / name).exists()]
    if there and not force:
        raise Refused(f"{folder}: found {', '.join(there)}, expected none of them: --force replaces them", Exit.USAGE)
    for name, text in files.items():
        _write(folder / name, [text], force=force)
    say(f"{folder}: {len(files)} files written")


def _write(path: pathlib.Path, parts: Iterable[str], *, force: bool) -> None:
    """Write a file whole or not at all."""
    if path.exists() and not force:
        raise Refused(f"{path}: found a file, expected none: --force replaces it", Exit.USAGE)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)
        beside.replace(path)
    except OSError as error:
        raise Refused(f"{path}: found {error.strerror}, expected a place that can be written", Exit.USAGE) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
