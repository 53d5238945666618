"""Whether two identifiers are one: the same letters and digits, of kinds that can be the same thing.

Passports, wallets and ship numbers equal only their like. The numbers a state gives (national id, tax, registration,
licence) are one family, because sources and registrants name them differently. A kind we do not know may be any.
"""

from __future__ import annotations

import re
import unicodedata

LEAST_CHARACTERS = 5
LEAST_DISTINCT = 3
"""Fewer characters, or fewer different ones, stand on too many papers to point at anybody ("1234", "000000")."""

_APART = re.compile(r"[^0-9A-Z]+")
_RUNS = ("0123456789" * 2, "9876543210" * 2)
_STATE = "state number"
_FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("passport", ("passport", "traveldoc", "护照")),
    ("wallet", ("wallet", "crypto", "digitalcurrency", "bitcoin", "ethereum", "xbt", "paymentaccount")),
    ("imo", ("imo",)),
    ("mmsi", ("mmsi",)),
    ("aircraft", ("aircraft", "tailnumber", "msn")),
    ("swift", ("swift", "bic")),
    ("duns", ("duns",)),
    ("lei", ("lei", "legalentityidentifier")),
    (
        _STATE,
        (
            "nationalid", "idcard", "identity", "identification", "personalid", "cedula", "ssn", "curp", "dni",
            "tax", "vat", "tin", "nit", "ruc", "rfc", "rif", "inn", "ogrn", "registration", "registry", "company",
            "enterprise", "business", "usci", "socialcredit", "licence", "license", "身份证", "统一社会信用代码",
        ),
    ),
)  # fmt: skip


def identifier_key(value: str) -> str | None:
    """Return the letters and digits by which identifiers are compared, or None where they say too little.

    >>> identifier_key("ab-12 34/5"), identifier_key("12345"), identifier_key("0000-000")
    ('AB12345', None, None)
    """
    key = _APART.sub("", unicodedata.normalize("NFKC", value).upper())
    if len(key) < LEAST_CHARACTERS or len(set(key)) < LEAST_DISTINCT or any(key in run for run in _RUNS):
        return None
    return key


def family_of(identifier_type: str) -> str | None:
    """Return the family of a kind of identifier, or None where it is not known."""
    bare = re.sub(r"[\W_]+", "", identifier_type.casefold())
    return next((family for family, words in _FAMILIES if any(_names(bare, word) for word in words)), None)


def can_be_same(first_type: str, second_type: str, first_country: str | None, second_country: str | None) -> bool:
    """Whether two identifiers of equal value may be one: families alike or unknown, countries alike or missing."""
    families = {family_of(first_type), family_of(second_type)} - {None}
    if len(families) > 1:
        return False
    return first_country is None or second_country is None or first_country.upper() == second_country.upper()


def surely_same(first_type: str, second_type: str) -> bool:
    """Whether identifiers of equal value are of one known family: only then are they exact by themselves."""
    family = family_of(first_type)
    return family is not None and family == family_of(second_type)


def _names(bare: str, word: str) -> bool:
    # Words of up to three letters stand inside others ("tin" in "existing"), so they must be the whole.
    return bare == word or (len(word) > 3 and word in bare) or (len(word) < 4 and not word.isascii() and word in bare)
