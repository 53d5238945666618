from __future__ import annotations

import pathlib
import re

from datafolder import ROOT
from rulebook import shipped_register

CODE = ("screening", "consumers", "console", "tests", "scripts")

_DOTTED = r"\d{1,2}(?:\.\d{1,2})+"
# An item of a clause has no other meaning in code; a clause without items looks like a version or a float, and is
# a citation only where a word before it says so.
CITATIONS = (
    re.compile(_DOTTED + r"\s?[(（](?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）]"),
    re.compile(r"(?i)\b(?:clauses?|article|paragraph)\s+" + _DOTTED),
    re.compile(r"第\s*" + _DOTTED + r"\s*条"),
)


def citations(text: str) -> list[str]:
    """Return what in a text cites a clause: by an item, by a word, or as a quoted number of three parts or more."""
    found = [held.group() for pattern in CITATIONS for held in pattern.finditer(text)]
    numbers = (clause.number for clause in shipped_register().clauses)
    return found + [number for number in numbers if number.count(".") > 1 and re.search(_quoted(number), text)]


def _quoted(number: str) -> str:
    return rf"(['\"]){re.escape(number)}\1"


def code_files() -> list[pathlib.Path]:
    """Return all Python of the project, scripts without a suffix too."""
    files = [path for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file()]
    return sorted({*files, *scripts})


def test_no_code_and_no_test_cites_a_clause():
    """Clause numbers stand in the register only: code speaks of categories."""
    files = code_files()
    assert pathlib.Path(__file__).resolve() in files
    cited = {str(path.relative_to(ROOT)): citations(path.read_text(encoding="utf-8")) for path in files}
    assert {path: found for path, found in cited.items() if found} == {}


def test_no_other_data_file_cites_a_clause():
    """Of the data files only the register carries clause numbers, so that one change is enough."""
    files = sorted((ROOT / "lexicons").rglob("*.toml"))
    names = {path.name for path in files if citations(path.read_text(encoding="utf-8"))}
    assert names == {"clauses.toml"}


def test_the_search_would_find_them():
    """Every registered number is found where it is cited, and versions and floats are not taken for one."""
    numbers = [clause.number for clause in shipped_register().clauses]
    for number in (number for number in numbers if "." in number):
        assert citations(f"# as clause {number} says"), number
        assert citations(f"第{number}条"), number
    assert all(citations(number) for number in numbers if "(" in number)
    assert citations('kafka-python 3.0.12, threshold = 4.2, min(1.5, 2), "3.0.12", f(0.95)(1)') == []
