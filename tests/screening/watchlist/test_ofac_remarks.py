from __future__ import annotations

import pytest

from screening.watchlist.formats.ofac_remarks import date_span, read_remarks
from screening.watchlist.parties import Country, DateSpan, ListedIdentifier, Strength


@pytest.mark.parametrize(
    ("written", "first", "last", "circa"),
    [
        ("05 Dec 1966", "1966-12-05", "1966-12-05", False),
        ("1966", "1966", "1966", False),
        ("Jun 1970", "1970-06", "1970-06", False),
        ("circa 1960", "1960", "1960", True),
        ("circa 07 Jul 1966", "1966-07-07", "1966-07-07", True),
        ("1960 to 1962", "1960", "1962", False),
        ("circa 1979-1982", "1979", "1982", True),
        ("01 Jan 1961 to 31 Dec 1962", "1961-01-01", "1962-12-31", False),
        ("Mar 1962 to Feb 1963", "1962-03", "1963-02", False),
        ("12 September 1993", "1993-09-12", "1993-09-12", False),
    ],
)
def test_every_form_of_date_is_read(written: str, first: str, last: str, circa: bool) -> None:  # noqa: FBT001 - a table's column
    """Each way in which birth dates are written gives the span it says."""
    assert date_span(written) == DateSpan(first=first, last=last, circa=circa)


@pytest.mark.parametrize("written", ["", "unknown", "05 Foo 1966", "1962 to 1960", "66"])
def test_what_is_no_date_is_none(written: str) -> None:
    """A text that is no date gives no date rather than a wrong one."""
    assert date_span(written) is None


def test_remarks_are_read_part_by_part() -> None:
    """Dates, places, countries, aliases, links and gender are told apart, each in the order it stands."""
    read = read_remarks(
        "DOB 05 Dec 1966; alt. DOB circa 1967; POB Tver, Russia; nationality Russia; alt. nationality Cyprus; citizen"
        " Malta; Gender Male; a.k.a. 'THE LEDGER'; f.k.a. 'OLD LEDGER'; Linked To: VANTRELLIS HOLDINGS, S.A.;"
        " Organization Established Date 2008; Nationality of Registration Panama; Website www.vantrellis.example."
    )
    assert [span.first for span in read.births] == ["1966-12-05", "1967"]
    assert read.birth_places == ["Tver, Russia"]
    assert [held.code for held in read.nationalities] == ["RU", "CY"]
    assert [held.code for held in read.citizenships] == ["MT"]
    assert [held.code for held in read.countries] == ["PA"]
    assert read.gender == "Male"
    assert [(alias.text, alias.type, alias.strength) for alias in read.aliases] == [
        ("THE LEDGER", "aka", Strength.WEAK),
        ("OLD LEDGER", "fka", Strength.WEAK),
    ]
    assert [link.name for link in read.links] == ["VANTRELLIS HOLDINGS, S.A."]
    assert read.incorporations == [DateSpan(first="2008", last="2008")]
    assert [(held.label, held.text) for held in read.details] == [("website", "www.vantrellis.example")]


@pytest.mark.parametrize(
    ("written", "kind", "value", "code"),
    [
        ("Passport RL9902552 (Lebanon) issued 14 May 2007 expires 13 May 2012", "passport", "RL9902552", "LB"),
        ("alt. Passport 990225", "passport", "990225", None),
        ("Diplomatic Passport 009927 (Iran) issued 1999", "passport", "009927", "IR"),
        ("National ID No. 990000 73767 (Belgium)", "national-id", "990000 73767", "BE"),
        ("National ID No. 12/BAHANA(N)990023 (Burma)", "national-id", "12/BAHANA(N)990023", "MM"),
        ("Personal ID Card J99019117K (Albania)", "national-id", "J99019117K", "AL"),
        ("Cedula No. 99247821 (Colombia)", "national-id", "99247821", "CO"),
        ("C.U.R.P. MEXX990423HMNJTG04 (Mexico)", "national-id", "MEXX990423HMNJTG04", "MX"),
        ("SSN 999-99-1234 (United States)", "national-id", "999-99-1234", "US"),
        ("Tax ID No. 990036386 (Serbia)", "tax", "990036386", "RS"),
        ("NIT # 990146749-7 (Colombia)", "tax", "990146749-7", "CO"),
        ("Registration Number 99696754 (United Kingdom)", "registration", "99696754", "GB"),
        ("Matricula Mercantil No 9918178-2 (Cali)", "registration", "9918178-2", None),
        ("Branch Unit Number 2030.599.945 (Belgium)", "other", "2030.599.945", "BE"),
        ("Vessel Registration Identification IMO 9990141", "imo", "9990141", None),
        ("Company Number IMO 9990012", "imo", "9990012", None),
        ("MMSI 999864000", "mmsi", "999864000", None),
        ("Aircraft Manufacturer's Serial Number (MSN) 99023", "aircraft", "99023", None),
        ("SWIFT/BIC XXVIGB2L", "swift", "XXVIGB2L", None),
        ("Digital Currency Address - XBT 1DemoQx7vGrKpZ4mWy2LnTc", "wallet", "1DemoQx7vGrKpZ4mWy2LnTc", None),
        ("Unified Social Credit Code (USCC) 99222401MA0Y31E659 (China)", "registration", "99222401MA0Y31E659", "CN"),
    ],
)  # fmt: skip
def test_identifiers_are_read_with_their_kind_and_country(
    written: str, kind: str, value: str, code: str | None
) -> None:
    """An identifier gives its kind, its bare value and its country; when it was issued is no part of it."""
    (identifier,) = read_remarks(written + ".").identifiers
    assert (identifier.type, identifier.value) == (kind, value)
    assert (identifier.country.code if identifier.country else None) == code


@pytest.mark.parametrize(
    "written",
    [
        "Executive Order 13846 information: LOANS FROM UNITED STATES FINANCIAL INSTITUTIONS. Sec. 5(a)(i)",
        "Secondary sanctions risk: North Korea Sanctions Regulations, sections 510.201 and 510.210",
        "arrested 30 Sep 2002",
        "Phone Number 982188526300",
        "all offices worldwide",
    ],
)
def test_other_prose_is_no_identifier(written: str) -> None:
    """Numbers in prose that identify nobody are left in the remarks."""
    assert read_remarks(written).identifiers == []


def test_a_place_that_is_no_country_keeps_its_text() -> None:
    """A country that is not recognised is kept as written, without a code."""
    (identifier,) = read_remarks("Folio Mercantil No. 990997 (Jalisco)").identifiers
    assert identifier == ListedIdentifier(
        type="registration", value="990997", country=Country(text="Jalisco"), label="Folio Mercantil No."
    )
