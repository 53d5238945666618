"""Where the real lists and labelled data lie, which are never part of the project."""

from __future__ import annotations

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def data_folder() -> pathlib.Path:
    """Return the folder that `SCREENING_TEST_DATA` names (default: `../shared/data` beside the project).

    Raises:
        FileNotFoundError: it is not there; the message says what to set.
    """
    folder = pathlib.Path(os.environ.get("SCREENING_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        raise FileNotFoundError(f"test data: found no folder {folder}, expected it there or at SCREENING_TEST_DATA")
    return folder
