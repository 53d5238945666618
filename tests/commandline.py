"""The commands as typer has them, for tests that compare them with documents and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def root() -> Any:
    """Return the command `screening`."""
    import typer.main  # noqa: PLC0415 - only the tests of commands need the command line

    from consumers.cli import app  # noqa: PLC0415

    return typer.main.get_command(app)


def leaves(command: Any | None = None, path: tuple[str, ...] = ("screening",)) -> Iterator[tuple[str, Any]]:
    """Yield every command that can be run, with its full name."""
    command = command or root()
    inner = getattr(command, "commands", {})
    if not inner:
        yield " ".join(path), command
    for name, held in sorted(inner.items()):
        if not held.hidden:
            yield from leaves(held, (*path, name))


def parse(arguments: list[str]) -> str:
    """Parse a command line without running it, and return the command's full name; wrong usage raises."""
    command, path, parent = root(), "screening", None
    while True:
        context = command.make_context(path, arguments, parent=parent)
        if not getattr(command, "commands", {}):
            return path
        rest = [*context._protected_args, *context.args]
        name, command, arguments = command.resolve_command(context, rest)
        path, parent = f"{path} {name}", context
