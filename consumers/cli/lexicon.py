"""`screening lexicon`: the life of the word lists."""

from __future__ import annotations

import pathlib
from collections import Counter
from typing import Annotated, Any

import typer

from consumers import activations, shipped, snapshots, wiring
from consumers.cli.frame import JsonOption, example, installation_of, print_json, print_rows, say
from consumers.faults import Exit, Refused
from screening.lexicon.examples import check_examples


def hang(app: typer.Typer) -> None:
    """Hang the commands on the app."""
    group = typer.Typer(
        no_args_is_help=True, help="The life of the word lists.", epilog=example("screening lexicon status")
    )
    group.command("test", epilog=example("screening lexicon test ./lexicons"))(run_examples)
    group.command("status", epilog=example("screening lexicon status --json"))(status)
    app.add_typer(group, name="lexicon")


def run_examples(
    context: typer.Context,
    folder: Annotated[
        pathlib.Path | None, typer.Argument(metavar="[FOLDER]", help="A folder of lexicon files; the shipped ones.")
    ] = None,
) -> None:
    """Run the examples of every entry: what must be hit is hit, what must not be is not."""
    del context
    files = shipped.shipped_lexicon() if folder is None else _files(folder)
    lexicon = snapshots.read_lexicon(files, snapshots.read_policy(shipped.shipped_policy()))
    faults = check_examples(lexicon, wiring.segmenter())
    for fault in faults:
        say(str(fault))
    hits = sum(len(entry.must_hit) for entry in lexicon.entries)
    misses = sum(len(entry.must_not_hit) for entry in lexicon.entries)
    print_rows(("entries", "must hit", "must not hit", "failed"), [(len(lexicon.entries), hits, misses, len(faults))])
    if faults:
        raise typer.Exit(Exit.FAILED)


def status(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Show the lexicon in force: its digest, where it came from, and the entries of each category."""
    with installation_of(context, read_only=True) as installation:
        current = activations.latest(installation.log) if installation.exists() else None
        if current is None:
            version = wiring.shipped_lexicon_version()
            policy = snapshots.read_policy(shipped.shipped_policy())
        else:
            version = installation.version("lexicon", current.lexicon)
            policy = installation.screeners.policy(current.policy)
    lexicon = snapshots.read_lexicon(snapshots.files_of(version), policy)
    counts = Counter(entry.category for entry in lexicon.entries)
    described: dict[str, Any] = {
        "digest": version.digest,
        "source": version.source,
        "active": current is not None,
        "activation": None if current is None else current.number,
        "entries": version.entries,
        "categories": dict(sorted(counts.items())),
    }
    if as_json:
        print_json(described)
        return
    state = "not activated yet; the shipped one serves" if current is None else f"activation {current.number}"
    say(f"lexicon {version.digest[:12]} ({version.source}, {version.entries} entries, {state})")
    print_rows(("category", "entries"), sorted(counts.items()))


def _files(folder: pathlib.Path) -> dict[str, str]:
    names = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    files = {path.name: path for path in names if path.name not in shipped.POLICY_FILES}
    if not files:
        raise Refused(f"{folder}: found no lexicon files, expected a folder with CATEGORY.toml files", Exit.USAGE)
    texts = {}
    for name, path in files.items():
        try:
            texts[name] = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise Refused(
                f"{path}: found byte 0x{error.object[error.start]:02x} at {error.start}, expected UTF-8"
            ) from None
    return texts
