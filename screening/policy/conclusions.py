"""What people concluded on what was found, and whether other versions would find the same again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from screening.decisions import Verdict
from screening.evidence import NameHit
from screening.policy.adjudicate import verdicts
from screening.policy.clearing import evidence_keys
from screening.policy.standing import SubjectKey, registration_of

if TYPE_CHECKING:
    from screening.decisions import Result
    from screening.evidence import Hit
    from screening.policy.rules import Policy
    from screening.policy.standing import Clearance, Pardon


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """What a person concluded on something that was found in a subject.

    Attributes:
        key: the subject, within its account.
        right: whether it was found rightly.
        digest: the input on which it was said; empty where it does not rest on one.
        evidence: the keys of the evidence, of what a person lifted.
        pair: the listed entry, of what a person said about a pair.
        compared: the digests of what was compared, of a cleared pair; none where any comparison is meant.
    """

    key: SubjectKey
    right: bool
    digest: str = ""
    evidence: tuple[str, ...] = ()
    pair: str = ""
    compared: tuple[tuple[str, str], ...] = ()

    def is_met(self, result: Result, policy: Policy) -> bool:
        """Say whether a result finds it again: at review or stronger, in the same input, on the same evidence."""
        if self.digest and self.digest != result.input.digest:
            return False
        hits: tuple[Hit, ...] = result.hits
        levels = zip(verdicts(hits, policy), hits, strict=True)
        found = [hit for level, hit in levels if level is not Verdict.CLEAR]
        if not self.pair:
            return not set(self.evidence).isdisjoint(evidence_keys(found))
        pairs = [hit for hit in found if isinstance(hit, NameHit) and hit.pair == self.pair]
        return any(not self.compared or (hit.queried_digest, hit.entry_digest) in self.compared for hit in pairs)


def lifted(pardon: Pardon) -> Conclusion:
    """Return what a person who lifted an order concluded: that what it rested on was found wrongly."""
    return Conclusion(key=pardon.key, right=False, digest=pardon.digest, evidence=pardon.evidence)


def cleared(account_id: str, clearance: Clearance) -> Conclusion:
    """Return what a person who cleared a pair concluded: that they are not the same."""
    key = registration_of(account_id)
    return Conclusion(key=key, right=False, pair=clearance.pair, compared=clearance.compared)


def taken_back(account_id: str, pair: str) -> Conclusion:
    """Return what a person who took a clearance back concluded: that they may be the same after all."""
    return Conclusion(key=registration_of(account_id), right=True, pair=pair)
