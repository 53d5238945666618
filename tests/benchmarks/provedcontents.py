"""Which texts come, are edited and go while a lexicon changes at random, again and again.

Nothing of the texts is kept: they are read at the time of proving.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from datafolder import data_folder
from integration.streams import activate_lexicon
from lexiconchanges import ChangingLexicon

from consumers import shipped, snapshots, topics
from consumers.log.port import Outgoing

if TYPE_CHECKING:
    from integration.streams import Stream

VERSIONS: Final = 13
CHANGES: Final = 40
"""Changes between one version and the next."""

_FILES: Final = ("harm_bench_dev", "cold_train", "cold_dev", "clean_*")
_NOT: Final = "clean_thuocl_words"
"""Words, not texts."""

_A_CONTENT_EACH: Final = 10
_FIRST_SHARE: Final = 0.6
_LATER: Final = 0.03
"""Of all, those that are edited, sent again or deleted afterwards."""


class Contents:
    """A plan of what happens.

    Args:
        count: how many texts.
        seed: decides everything.
    """

    subject: Final = "content"
    role: Final = "content"
    versions: Final = VERSIONS

    def __init__(self, count: int, seed: int) -> None:
        chance = random.Random(seed)
        texts = _texts(chance, count)
        self._counts: Counter[str] = Counter(texts=len(texts), characters=sum(map(len, texts)))
        self._phases: list[list[Outgoing]] = [[] for _ in range(VERSIONS)]
        self._publish(texts, chance)
        policy = snapshots.read_policy(shipped.shipped_policy())
        categories = [category.slug for category in policy.register.categories]
        files = shipped.shipped_lexicon()
        changing = ChangingLexicon(files, categories, texts, chance)
        self._lexicons: list[tuple[dict[str, str], dict[str, int]]] = [(files, {})]
        for _ in range(1, VERSIONS):
            made = changing.change(CHANGES)
            self._lexicons.append((changing.files(), dict(made.most_common())))

    def begun(self) -> list[Outgoing]:
        """Return what was published before the first change."""
        return self._phases[0]

    def came(self, version: int) -> tuple[list[Outgoing], list[Outgoing]]:
        """Return what comes, is edited or goes before a version's markers, and after them."""
        held = self._phases[version]
        return held[: len(held) // 2], held[len(held) // 2 :]

    def all_came(self) -> list[Outgoing]:
        """Return everything that comes after the first version, in order."""
        return [record for phase in self._phases[1:] for record in phase]

    def put_in_force(self, stream: Stream, version: int) -> dict[str, Any]:
        """Put a version of the lexicon in force."""
        files, changes = self._lexicons[version]
        activate_lexicon(stream.installation, files)
        return {"name": str(version), "changes": changes}

    def told(self) -> dict[str, int]:
        """Return how many there are of each sort."""
        return dict(self._counts)

    def _publish(self, texts: list[str], chance: random.Random) -> None:
        first = int(len(texts) * _FIRST_SHARE)
        made = []
        for at, text in enumerate(texts):
            fields: dict[str, Any] = {"id": f"c-{at}", "account_id": f"a-{at // _A_CONTENT_EACH}", "body": text}
            if at % 5 == 0 and len(text) < 40:
                fields = fields | {"title": text, "body": texts[at - 1]}
            made.append(fields)
            phase = 0 if at < first else chance.randrange(1, VERSIONS)
            self._phases[phase].append(_record(fields))
        for at, fields in enumerate(chance.sample(made[:first], int(len(texts) * _LATER))):
            match at % 4:
                case 0 | 1:
                    record = _record(fields | {"body": chance.choice(texts)})
                    self._counts["edited"] += 1
                case 2:
                    record = _record(fields)
                    self._counts["again"] += 1
                case _:
                    record = _record({"id": fields["id"], "account_id": fields["account_id"], "deleted": True})
                    self._counts["deleted"] += 1
            phase = self._phases[chance.randrange(1, VERSIONS)]
            phase.insert(chance.randrange(len(phase) + 1), record)
        self._counts["first"] = first


def _texts(chance: random.Random, count: int) -> list[str]:
    """Return texts drawn from all files, those labelled as violations first of all kept."""
    folder = data_folder() / "content"
    paths = [path for name in _FILES for path in sorted(folder.glob(f"{name}.jsonl")) if path.stem != _NOT]
    found: list[str] = []
    for path in paths:
        found += [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    found = [text for text in dict.fromkeys(found) if text.strip()]
    # The first file's are violations more often than not: all of them, and a part of the others.
    some = min(1_500, count // 4)
    chosen = found[:some] + chance.sample(found[some:], count - some)
    chance.shuffle(chosen)
    return chosen


def _record(fields: dict[str, Any]) -> Outgoing:
    return Outgoing(topics.CONTENT, fields["account_id"].encode(), json.dumps(fields, ensure_ascii=False).encode())
