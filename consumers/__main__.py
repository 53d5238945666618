"""The `screening` command."""

from __future__ import annotations

import sys

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        from consumers.cli import run  # noqa: PLC0415 - it takes half a second, in which Ctrl-C may come as well

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
