"""What every command has: help with an example, faults of usage, plain text when piped."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import commandline
import pytest
import terminal

LEAVES = [name for name, _ in commandline.leaves()]


@pytest.mark.parametrize("name", LEAVES)
def test_help(fresh, name):
    """`--help` says what a command does, and shows a line that can be typed."""
    done = fresh.run(*name.split()[1:], "--help")
    assert done.code == 0
    assert f"Usage: {name}" in " ".join(done.out.split())
    assert "Example: screening " in " ".join(done.out.split())
    assert "\x1b" not in done.out
    assert fresh.files() == {}


@pytest.mark.parametrize("name", LEAVES)
def test_the_example_can_be_typed(name):
    """The example in a command's help parses as that very command."""
    command = dict(commandline.leaves())[name]
    line = command.epilog.split("Example: ")[1].split("\n")[0].split(" < ")[0]
    words = line.split()
    assert words[0] == "screening"
    assert commandline.parse(words[1:]) == name


@pytest.mark.parametrize("arguments", [[], ["--help"], ["check"], ["watchlist", "--help"]], ids=" ".join)
def test_help_lists_the_commands(fresh, arguments):
    """A group of commands names those in it."""
    done = fresh.run(*arguments)
    told = done.out + done.err
    prefix = " ".join(["screening", *(word for word in arguments if word != "--help")]) + " "
    inner = {name.removeprefix(prefix).split()[0] for name in LEAVES if name.startswith(prefix)}
    assert inner
    assert [name for name in inner if name not in told] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["dance"],
        ["check", "dance"],
        ["run", "--dance"],
        ["tail"],
        ["check", "content", "--fail-on", "clear"],
        ["--data"],
    ],
    ids=" ".join,
)
def test_wrong_usage(fresh, arguments):
    """What cannot be parsed is told on stderr with exit code 2, and nothing is made."""
    done = fresh.run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err
    assert fresh.files() == {}


def shown_on_a_terminal(folder, environment):
    """Return what `config show` prints on a terminal of 200 columns."""
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "consumers", "watchlist", "status"],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(terminal.ROOT), "TERM": "xterm-256color", "COLUMNS": "200"} | environment,
        stdin=side,
        stdout=side,
        stderr=subprocess.DEVNULL,
    )
    os.close(side)
    said = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not part:
            break
        said += part
    os.close(main)
    assert process.wait() == 0
    return said.decode()


def test_tables_are_drawn_on_a_terminal(installed):
    """On a terminal a table has a frame; with NO_COLOR it has no colours."""
    assert "│" in shown_on_a_terminal(installed.folder, {})
    plain = shown_on_a_terminal(installed.folder, {"NO_COLOR": "1"})
    assert "│" in plain
    assert "\x1b[3" not in plain


def test_the_module_is_the_command(fresh):
    """`python -m consumers` is the same program."""
    process = fresh.start("config", "show", "--json")
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.decode() == fresh.run("config", "show", "--json").out
