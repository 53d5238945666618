"""What kind of tie a relation is, from the words that registrations use for it.

Only owners add up to a percentage. A word that is not known may mean either direction ("filial" is a subsidiary), so
it never adds to a sum: a person looks.
"""

from __future__ import annotations

import re

from screening.evidence import Tie

_WORDS: dict[Tie, tuple[str, ...]] = {
    Tie.OWNS: (
        "owner", "co owner", "beneficial owner", "ultimate beneficial owner", "ubo", "legal owner", "shareholder",
        "stockholder", "member", "partner", "parent", "parent company", "holding", "holding company", "investor",
        "股东", "控股股东", "出资人", "合伙人", "受益人", "受益所有人", "实际受益人", "最终受益人", "所有人", "母公司",
        "股東", "控股股東", "出資人", "合夥人",
    ),
    Tie.OWNED: (
        "subsidiary", "branch", "owned", "owned by", "beneficially owned", "investee", "associated company",
        "joint venture", "子公司", "分公司", "控股子公司", "全资子公司", "参股公司", "分支机构",
    ),
    Tie.CONTROLS: (
        "controller", "controls", "control", "actual controller", "director", "board member", "chair", "chairman",
        "chairperson", "president", "manager", "managing director", "executive", "officer", "ceo", "cfo", "coo",
        "secretary", "trustee", "settlor", "protector", "representative", "legal representative", "signatory",
        "authorised signatory", "authorized signatory", "supervisor", "general partner", "nominee", "attorney",
        "实际控制人", "控制人", "董事", "董事长", "执行董事", "总经理", "经理", "监事", "高管", "法人", "法定代表人",
        "负责人", "實際控制人", "董事長", "總經理", "監事", "負責人", "法定代表人",
    ),
}  # fmt: skip

_TIES = {word: tie for tie, words in _WORDS.items() for word in words}
_APART = re.compile(r"[\W_]+")


def tie_of(relation: str | None, ownership_percent: float | None = None) -> Tie:
    """Return the kind of tie that a relation is; where only a percentage is said, its field says that it is owned.

    A director who holds a percentage is an owner too.

    >>> [tie_of(word).value for word in ("Beneficial_Owner", "实际控制人", "subsidiary")]
    ['owns', 'controls', 'owned']
    >>> [tie_of(word, 30).value for word in ("filial", None, "director")]
    ['other', 'owns', 'owns']
    """
    word = _APART.sub(" ", relation or "").strip().casefold()
    if not word:
        return Tie.OTHER if ownership_percent is None else Tie.OWNS
    tie = _TIES.get(word, Tie.OTHER)
    return Tie.OWNS if tie is Tie.CONTROLS and ownership_percent else tie
