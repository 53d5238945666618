"""The command line: one module a command, all of them hung on `app`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from consumers.cli import (
    archive,
    check,
    config,
    dead_letter,
    demo,
    directive,
    doctor,
    lexicon,
    log,
    policy,
    publish,
    rescreen,
    run_roles,
    tail,
    watchlist,
)
from consumers.cli.frame import app, hoisted
from consumers.faults import Exit, told

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["app", "run"]

for module in (
    demo,
    run_roles,
    publish,
    tail,
    check,
    lexicon,
    watchlist,
    policy,
    rescreen,
    directive,
    doctor,
    dead_letter,
    log,
    archive,
    config,
):
    module.hang(app)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; every foreseen failure becomes one message on stderr."""
    try:
        app(hoisted(arguments), prog_name="screening")
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else Exit.DONE
    except KeyboardInterrupt:
        sys.stderr.write("stopped; nothing was left half done\n")
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`): say nothing more, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FAILED
    except Exception as error:
        code, text = told(error)
        if code is None:
            raise
        sys.stderr.write(f"screening: {text}\n")
        return code
    return Exit.DONE
