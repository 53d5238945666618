"""The part of the FollowTheMoney vocabulary that is read: which schemata are parties, identifiers and links."""

from __future__ import annotations

from typing import NamedTuple

from screening.watchlist.parties import PartyKind, Relation

KINDS = {
    "Person": PartyKind.PERSON,
    "Company": PartyKind.ORGANIZATION,
    "Organization": PartyKind.ORGANIZATION,
    "PublicBody": PartyKind.ORGANIZATION,
    "Asset": PartyKind.UNKNOWN,
    "LegalEntity": PartyKind.UNKNOWN,
    "Vessel": PartyKind.VESSEL,
    "Airplane": PartyKind.AIRCRAFT,
    "CryptoWallet": PartyKind.UNKNOWN,
}

LISTED_TOPICS = ("sanction", "debarment", "export.control", "export.risk", "invest.risk", "asset.frozen", "reg.action")
"""How the topics begin that name a restriction; others (a political office, a crime, an interest) list nobody."""

IDENTIFIERS = {
    "passportNumber": "passport",
    "idNumber": "national-id",
    "socialSecurityNumber": "national-id",
    "taxNumber": "tax",
    "vatCode": "tax",
    "innCode": "tax",
    "registrationNumber": "registration",
    "ogrnCode": "registration",
    "uscCode": "registration",
    "icijId": "other",
    "kppCode": "other",
    "leiCode": "lei",
    "dunsCode": "duns",
    "swiftBic": "swift",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "callSign": "call-sign",
    "serialNumber": "aircraft",
    "uniqueEntityId": "other",
    "npiCode": "licence",
    "bikCode": "bank-code",
}


class Edge(NamedTuple):
    """A schema that ties two parties: the properties of both ends, and what each is to the other.

    `of_source` is what the target is to the source; `owned` says that a percentage is ownership.
    """

    source: str
    target: str
    of_source: Relation
    of_target: Relation
    owned: bool = False


EDGES = {
    "Ownership": Edge("owner", "asset", Relation.SUBSIDIARY, Relation.OWNER, owned=True),
    "Directorship": Edge("director", "organization", Relation.DIRECTED, Relation.DIRECTOR),
    "Employment": Edge("employee", "employer", Relation.LINKED, Relation.LINKED),
    "Membership": Edge("member", "organization", Relation.LINKED, Relation.LINKED),
    "Representation": Edge("agent", "client", Relation.REPRESENTED, Relation.REPRESENTATIVE),
    "Family": Edge("person", "relative", Relation.FAMILY, Relation.FAMILY),
    "Associate": Edge("person", "associate", Relation.ASSOCIATE, Relation.ASSOCIATE),
    "Succession": Edge("predecessor", "successor", Relation.LINKED, Relation.LINKED),
    "UnknownLink": Edge("subject", "object", Relation.LINKED, Relation.LINKED),
}
