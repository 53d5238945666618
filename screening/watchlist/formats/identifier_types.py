"""What kind of identifier a source's own words mean."""

from __future__ import annotations

import functools
import re

_TYPES: tuple[tuple[str, str], ...] = (
    ("digital currency", "wallet"),
    ("imo", "imo"),
    ("maritime organization", "imo"),
    ("mmsi", "mmsi"),
    ("aircraft", "aircraft"),
    ("passport", "passport"),
    ("swift", "swift"),
    ("bik (ru)", "bank-code"),
    ("d-u-n-s", "duns"),
    ("social credit", "registration"),
    ("tax", "tax"),
    ("v.a.t", "tax"),
    ("fiscal", "tax"),
    ("fein", "tax"),
    ("nit", "tax"),
    ("ruc", "tax"),
    ("rif", "tax"),
    ("rtn", "tax"),
    ("r.f.c", "tax"),
    ("rfc", "tax"),
    ("c.u.i.t", "tax"),
    ("enterprise number", "registration"),
    ("c.r.", "registration"),
    ("national id", "national-id"),
    ("personal id", "national-id"),
    ("identification number", "national-id"),
    ("cedula", "national-id"),
    ("ssn", "national-id"),
    ("c.u.r.p", "national-id"),
    ("curp", "national-id"),
    ("d.n.i", "national-id"),
    ("dni", "national-id"),
    ("i.f.e", "national-id"),
    ("c.u.i", "national-id"),
    ("cnp", "national-id"),
    ("n.i.e", "national-id"),
    ("citizen's card", "national-id"),
    ("driver", "driving-licence"),
    ("registration", "registration"),
    ("registry", "registration"),
    ("company number", "registration"),
    ("chamber of commerce", "registration"),
    ("matricula", "registration"),
    ("folio", "registration"),
    ("license", "licence"),
    ("gazette", "registration"),
    ("c.i.f", "tax"),
    ("credencial electoral", "national-id"),
    ("numero de identidad", "national-id"),
    ("legal entity identifier", "lei"),
    ("lei", "lei"),
    ("bic", "swift"),
    ("call sign", "call-sign"),
    ("ogrn", "registration"),
    ("inn", "tax"),
    ("usci", "registration"),
    ("business number", "registration"),
    ("identity card", "national-id"),
    ("id card", "national-id"),
    ("national number", "national-id"),
    ("national", "national-id"),
    ("social security", "national-id"),
    ("birth certificate", "birth-certificate"),
    ("travel document", "passport"),
    ("护照", "passport"),
    ("身份证", "national-id"),
    ("社会信用代码", "registration"),
    ("注册号", "registration"),
)
_PATTERNS = tuple((re.compile(rf"(?<![a-z]){re.escape(word)}"), slug) for word, slug in _TYPES)


@functools.lru_cache(maxsize=4096)
def identifier_type(label: str) -> str:
    """Return the type that a source's word for an identifier stands for, `other` where it is not known.

    >>> identifier_type("Iranian Passport"), identifier_type("Tax ID No."), identifier_type("Badge")
    ('passport', 'tax', 'other')
    """
    folded = label.casefold()
    return next((slug for pattern, slug in _PATTERNS if pattern.search(folded)), "other")
