"""What is not documented fails the build: commands, settings, topics, categories, fields, exit codes."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys
import tomllib

import commandline
import msgspec
import pytest

from consumers import topics
from consumers.settings import all_settings
from screening.decisions import Directive, DirectiveType, Order, OrderType, Result
from screening.evidence import ContentHit, NameHit
from screening.subjects import Affiliate, Content, Registrant

ROOT = pathlib.Path(__file__).resolve().parent.parent
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "lexicons").rglob("*.md")])
SECTIONS = {
    "### Content": Content,
    "### Registration": Registrant,
    "### Affiliate": Affiliate,
    "## Result fields": Result,
    "### Content hit": ContentHit,
    "### Name hit": NameHit,
    "## Directive fields": Directive,
    "## Order fields": Order,
}
"""Heading in the reference → the type whose fields it describes."""


def section(heading: str) -> str:
    """Return what stands under a heading of the reference, up to the next heading."""
    _, _, rest = REFERENCE.partition(f"\n{heading}\n")
    assert rest, f"docs/reference.md: no heading {heading!r}"
    return re.split(r"\n#{2,3} ", rest)[0]


def first_column(text: str) -> set[str]:
    """Return every name in backticks in the first column of a section's tables."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


def test_the_written_parts_are_up_to_date():
    """The commands and settings in the reference are those of the program."""
    command = [sys.executable, str(ROOT / "scripts" / "make-reference"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", list(all_settings()))
def test_every_setting_is_documented(name):
    """A setting stands in the reference with its variable."""
    assert name in first_column(section("## Settings"))
    assert f"`{all_settings()[name].variable}`" in REFERENCE


def test_every_command_is_documented():
    """A command stands in the reference under its full name."""
    names = [name for name, _ in commandline.leaves()]
    assert names
    assert [name for name in names if f"\n### {name}\n" not in REFERENCE] == []


def test_every_command_shows_an_example():
    """The help of each command holds a line that can be typed."""
    bare = [n for n, command in commandline.leaves() if n not in f"{command.help or ''}\n{command.epilog or ''}"]
    assert bare == []


def test_every_topic_is_documented():
    """The table of topics names exactly the topics there are, and says which is compacted."""
    table = section("## Topics")
    assert first_column(table) == {spec.name for spec in topics.TOPICS}
    rows = {
        spec.name: line for spec in topics.TOPICS for line in table.splitlines() if line.startswith(f"| `{spec.name}`")
    }
    assert {name for name, line in rows.items() if "compacted" in line} == {
        s.name for s in topics.TOPICS if s.compacted
    }


def test_every_category_is_documented():
    """Each category's slug stands in a page under docs."""
    register = tomllib.loads((ROOT / "lexicons" / "clauses.toml").read_text("utf-8"))
    slugs = [category["slug"] for category in register["category"]]
    assert slugs
    docs = "\n".join(page.read_text("utf-8") for page in (ROOT / "docs").rglob("*.md"))
    assert [slug for slug in slugs if f"`{slug}`" not in docs] == []


@pytest.mark.parametrize("heading", list(SECTIONS))
def test_every_field_is_documented(heading):
    """A field that is sent or read stands in the table of its kind, and the table names no field that is not."""
    named = first_column(section(heading)) - {topic.name for topic in topics.TOPICS}
    assert named == {field.encode_name for field in msgspec.structs.fields(SECTIONS[heading])}


def test_every_order_type_is_documented():
    """Each type of order stands in the reference beside the topic on which it travels."""
    rows = {
        line.split("|")[1].strip(" `"): line for line in section("## Order fields").splitlines() if "| `enf" in line
    }
    for order in OrderType:
        reverses = {OrderType.RESTORE_CONTENT: OrderType.DELETE_CONTENT, OrderType.LIFT: OrderType.SUSPEND_SERVICE}
        assert f"`{order}`" in rows[topics.topic_of(order, reverses.get(order))]


def test_every_directive_type_is_documented():
    """Each type of directive stands in the reference."""
    assert [kind for kind in DirectiveType if f"`{kind}`" not in section("## Directive fields")] == []


def test_links_lead_somewhere():
    """A link to a file of the project leads to one that is there, and to a heading that it has."""
    lost = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
            path, _, anchor = target.partition("#")
            if "://" in target:
                continue
            held = page.parent / path if path else page
            if not held.exists() or (anchor and anchor not in anchors(held)):
                lost.append(f"{page.relative_to(ROOT)}: {target}")
    assert lost == []


def anchors(page: pathlib.Path) -> set[str]:
    """Return the names under which a page's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_decision_is_listed():
    """Each decision page stands in the list of decisions."""
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text("utf-8")
    assert [page.name for page in folder.glob("0*.md") if f"({page.name})" not in listed] == []
