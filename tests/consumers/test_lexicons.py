"""Activating a lexicon: what else comes into force with it, and what keeps it out."""

from __future__ import annotations

import msgspec
import pytest
from integration.streams import flags_for, settings_of

from consumers import activations, lexicons, shipped, snapshots
from consumers.faults import Refused
from consumers.wiring import Installation

OWN = {
    "gambling.toml": """\
[[list]]
id = "own"
severity = 2
source = "test"
reason = "test"
added = 2026-01-01
review_by = 2199-01-01
terms = '''
甲子词
'''
"""
}


@pytest.fixture
def installation(tmp_path):
    """An installation with the shipped versions in force."""
    with Installation(settings_of(flags_for(tmp_path))) as opened:
        opened.prepare()
        yield opened


def version(files: dict[str, str], source: str = "own"):
    return snapshots.lexicon_version(files, source, 1)


def put_policy(installation: Installation, source: str):
    """Put another policy in force, of an earlier release or an operator's own."""
    files = {name: f"{text}\n# other\n" for name, text in shipped.shipped_policy().items()}
    policy = snapshots.policy_version(files, source)
    installation.ledger.put_version(policy)
    own = version(OWN)
    installation.ledger.put_version(own)

    def change(current):
        fields = {"activation_id": activations.new_id(), "kind": "policy", "policy": policy.digest, "number": -1}
        return msgspec.structs.replace(current, **fields, lexicon=own.digest, shipped=False)

    activations.activate(installation.log, change)
    return policy


def test_an_own_lexicon_keeps_the_policy(installation):
    """Only the lexicon changes, and it is no longer the release's."""
    before = activations.latest(installation.log)
    done = lexicons.activate(installation, lexicons.judging(installation), version(OWN))
    assert (done.kind, done.policy, done.shipped) == ("lexicon", before.policy, False)
    assert done == activations.latest(installation.log)
    assert lexicons.judging(installation).lexicon.payload == version(OWN).payload


def test_back_to_the_release_takes_its_policy_too(installation):
    """After an upgrade the policy of the earlier release is still in force; going back means all of the release."""
    put_policy(installation, shipped.SHIPPED)
    judged = lexicons.judging(installation)
    done = lexicons.activate(installation, judged, lexicons.candidate(installation, judged, "shipped").version)
    own = snapshots.policy_version(shipped.shipped_policy(), shipped.SHIPPED)
    assert (done.kind, done.policy, done.shipped) == ("shipped", own.digest, True)


def test_an_operators_policy_stays(installation):
    """Whoever keeps an own policy keeps it, and the next release does not replace the two by its own."""
    policy = put_policy(installation, "an operator")
    judged = lexicons.judging(installation)
    done = lexicons.activate(installation, judged, lexicons.candidate(installation, judged, "shipped").version)
    assert (done.kind, done.policy, done.shipped) == ("lexicon", policy.digest, False)


def test_what_was_checked_against_something_else_is_refused(installation):
    """Another activation between check and activation changes nothing but the answer."""
    judged = lexicons.judging(installation)
    lexicons.activate(installation, judged, version(OWN))
    last = activations.latest(installation.log)
    other = version({"gambling.toml": OWN["gambling.toml"].replace("甲子词", "乙丑语")})
    with pytest.raises(Refused, match="have changed meanwhile"):
        lexicons.activate(installation, judged, other)
    assert activations.latest(installation.log) == last


def test_lines_end_alike_on_every_machine(tmp_path):
    """A folder edited on Windows is the same version."""
    for name, ending in (("unix", "\n"), ("windows", "\r\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "gambling.toml").write_bytes(OWN["gambling.toml"].replace("\n", ending).encode())
    unix, windows = (lexicons.read_folder(tmp_path / name) for name in ("unix", "windows"))
    assert unix == windows == OWN


def test_files_that_are_no_lexicon_are_left_alone(tmp_path):
    """The register and the policy may lie in the same folder; a file that is not UTF-8 is told with its byte."""
    for name in ("gambling.toml", "clauses.toml", "policy.toml", "notes.txt"):
        (tmp_path / name).write_text(OWN["gambling.toml"], "utf-8")
    assert lexicons.read_folder(tmp_path) == OWN
    (tmp_path / "gambling.toml").write_bytes(b"ab\xff")
    with pytest.raises(Refused, match="found byte 0xff at 2, expected UTF-8"):
        lexicons.read_folder(tmp_path)


def test_ordinary_words_come_most_common_first(tmp_path):
    """From the segmenter's dictionary; from a file in the order of its lines."""
    words = lexicons.ordinary_words(None)
    assert words.index("的") < words.index("手机") < words.index("赌博机")
    assert len(words) > 300_000
    (tmp_path / "words").write_text("乙 3\n\n甲\n乙\n", "utf-8")
    assert lexicons.ordinary_words(tmp_path / "words") == ("乙", "甲")
