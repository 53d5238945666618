"""The clause register: what the agreement says, in our own words, and how far a machine may act under it.

Rules of this module:
1. Clause numbers stand in the register's data file and nowhere else. Code speaks of categories.
2. A category belongs to one clause. A clause that has categories is as automatic as the most automatic of them.
3. A reference keeps both what the text cites and what it means, because some of the text's own are wrong.
"""

from __future__ import annotations

import enum
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from screening.errors import ClauseError, Fault
from screening.tables import Table, read_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = "clauses.toml"
"""How faults name the data file."""

_NUMBER = re.compile(r"\d+(\.\d+)*(\(\d+\)[a-z]?)?")
_SLUG = re.compile(r"[a-z]+(-[a-z]+)*")


class Automation(enum.StrEnum):
    """How far a machine may go under a clause or a category."""

    AUTO = "auto"
    REVIEW = "review"
    NONE = "none"


class SubjectKind(enum.StrEnum):
    """What a category is looked for in."""

    CONTENT = "content"
    REGISTRATION = "registration"


class Bilingual(msgspec.Struct, frozen=True):
    """One text in Chinese and in English; neither is a translation of record of the other."""

    zh: str
    en: str


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A clause named by another: as the text cites it, as it must be read, and why."""

    cited: str
    meant: str
    because: Bilingual


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One clause. `reason` says why it is as automatic as it is."""

    number: str
    title: Bilingual
    summary: Bilingual
    automation: Automation
    reason: Bilingual
    references: tuple[Reference, ...] = ()


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for under one clause.

    With `automation` REVIEW it never leads to an automatic order. `operator_supplied` says that only a template is
    shipped, and that whoever runs the pipeline fills it.
    """

    slug: str
    clause: str
    subject: SubjectKind
    automation: Automation
    operator_supplied: bool
    label: Bilingual
    description: Bilingual


@dataclass(frozen=True, slots=True)
class ClauseRegister:
    """All clauses and categories, in the order of the file."""

    clauses: tuple[Clause, ...]
    categories: tuple[Category, ...]
    _by_number: Mapping[str, Clause] = field(init=False, repr=False, compare=False)
    _by_slug: Mapping[str, Category] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_number", {clause.number: clause for clause in self.clauses})
        object.__setattr__(self, "_by_slug", {category.slug: category for category in self.categories})

    def clause(self, number: str) -> Clause:
        """Return a clause by its number.

        Raises:
            ClauseError: the register has none such.
        """
        if number not in self._by_number:
            raise ClauseError([Fault(FILE, f"no clause {number!r}", "one that is registered")])
        return self._by_number[number]

    def category(self, slug: str) -> Category:
        """Return a category by its slug.

        Raises:
            ClauseError: the register has none such.
        """
        if slug not in self._by_slug:
            raise ClauseError([Fault(FILE, f"no category {slug!r}", f"one of {', '.join(self._by_slug)}")])
        return self._by_slug[slug]

    def under(self, number: str) -> tuple[Category, ...]:
        """Return the categories of a clause, in the order of the file."""
        return tuple(category for category in self.categories if category.clause == number)


def parse_clauses(text: str) -> ClauseRegister:
    """Read a clause register.

    Args:
        text: the text of the data file, whose first comment explains its fields.

    Raises:
        ClauseError: with every fault of the text.
    """
    faults: list[Fault] = []
    whole = read_tables(FILE, text, faults)
    clauses = tuple(_clause(table) for table in whole.tables("clause", "number"))
    categories = tuple(_category(table) for table in whole.tables("category", "slug"))
    whole.close()
    # A text that is no TOML has said what is wrong with it; that it holds no clauses would be noise.
    if not faults:
        faults += [Fault(FILE, f"no {name}", "at least one") for name in ("clause", "category") if not whole.has(name)]
    faults += _between(clauses, categories)
    if faults:
        raise ClauseError(faults)
    return ClauseRegister(clauses, categories)


def bilingual(table: Table, name: str) -> Bilingual:
    """Take a text in both languages."""
    inner = table.table(name)
    both = Bilingual(inner.text("zh"), inner.text("en"))
    inner.close()
    return both


def _clause(table: Table) -> Clause:
    clause = Clause(
        number=_written(table, "number", _NUMBER, "a number such as 1.2.3 with an optional (4) and letter"),
        title=bilingual(table, "title"),
        summary=bilingual(table, "summary"),
        automation=table.choice("automation", Automation) or Automation.NONE,
        reason=bilingual(table, "reason"),
        references=tuple(_reference(inner) for inner in table.tables("references", "cited")),
    )
    table.close()
    return clause


def _reference(table: Table) -> Reference:
    reference = Reference(
        cited=table.text("cited"),
        meant=table.text("meant"),
        because=bilingual(table, "because"),
    )
    table.close()
    return reference


def _category(table: Table) -> Category:
    automation = table.choice("automation", Automation)
    if automation is Automation.NONE:
        table.fault("automation", "'none'", "one of auto, review")
    category = Category(
        slug=_written(table, "slug", _SLUG, "lower-case words joined by hyphens"),
        clause=table.text("clause"),
        subject=table.choice("subject", SubjectKind) or SubjectKind.CONTENT,
        automation=automation or Automation.REVIEW,
        operator_supplied=table.flag("operator_supplied"),
        label=bilingual(table, "label"),
        description=bilingual(table, "description"),
    )
    table.close()
    return category


def _written(table: Table, name: str, pattern: re.Pattern[str], expected: str) -> str:
    value = table.text(name)
    if value and not pattern.fullmatch(value):
        table.fault(name, repr(value), expected)
    return value


def _between(clauses: tuple[Clause, ...], categories: tuple[Category, ...]) -> list[Fault]:
    """Return what is wrong between clauses and categories that are each well made."""
    known = {clause.number for clause in clauses}
    faults = _repeated("clause", (clause.number for clause in clauses))
    faults += _repeated("category", (category.slug for category in categories))
    for clause in clauses:
        where = f"{FILE}: clause {clause.number}"
        for reference in clause.references:
            for name in (reference.cited, reference.meant):
                if name and name not in known:
                    faults.append(Fault(f"{where}: references", repr(name), "a registered clause"))
        levels = {category.automation for category in categories if category.clause == clause.number}
        expected = Automation.AUTO if Automation.AUTO in levels else Automation.REVIEW
        if levels and clause.automation is not expected:
            faults.append(
                Fault(f"{where}: automation", repr(clause.automation.value), f"{expected.value}, as its categories say")
            )
    for category in categories:
        if category.clause and category.clause not in known:
            faults.append(
                Fault(f"{FILE}: category {category.slug}: clause", repr(category.clause), "a registered clause")
            )
    return faults


def _repeated(kind: str, names: Iterable[str]) -> list[Fault]:
    counted = Counter(name for name in names if name)
    return [
        Fault(f"{FILE}: {kind} {name}", f"it {count} times", "it once") for name, count in counted.items() if count > 1
    ]
