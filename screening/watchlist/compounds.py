"""Names of several words, and small words, that Arabic names write joined or apart: one way for each.

- "Abdul Rahman", "Abd al-Rahman", "Abdurrahman", "Abderrahmane" → "abd rahman", "abd rahmane"
- "Nur ud-Din", "Nureddine", "Nuruddin" → "nur din", "nure din": the ending is a word of its own
- the article before a sun letter: "Ar-Rahman", "ash-Shami" → "al rahman", "al shami"
- "ibn", "ben" → "bin"; "abou", "abi" → "abu"; "weld" → "ould"
So a name in Arabic letters, which has one way to write these, meets them all.
"""

from __future__ import annotations

import re

_GOD = re.compile(r"abd[aeou]{1,2}ll?a(?:h|hi|y?ev|y?eva|ye)?$")
_SERVANT = re.compile(r"abd[aeiou]{0,2}(?:l|([rsntzd])(?=\1)|s(?=h))?(?P<rest>[a-z]{3,})$")
_ALONE = re.compile(r"abd(?:[aeiou]{1,2}[lrsntzd]?)?$")
_FAITH = re.compile(r"(?P<first>[a-z]{2,}?)[aeiou]d(?:d(?:i|ee|ie)n|dine)e?$")
_FAITH_ALONE = re.compile(r"(?:[aeiou]d)?d(?:i|ee|ie)ne?$")
_ARTICLE = frozenset({"al", "el", "ul"})
_SUN_ARTICLE = re.compile(r"[aeu](ch|sh|[tdrznsl])$")
_SAME = {
    "ibn": "bin",
    "ben": "bin",
    "abou": "abu",
    "abi": "abu",
    "abo": "abu",
    "weld": "ould",
    "wuld": "ould",
    "el": "al",
}


def compounded(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a person's name with compounds written one way.

    >>> compounded(("abdurrahman", "ibn", "nur", "ud", "deen")), compounded(("abd", "ar", "rahman"))
    (('abd', 'rahman', 'bin', 'nur', 'din'), ('abd', 'rahman'))
    """
    read: list[str] = []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        before = read[-1] if read else ""
        if _is_article(word, following):
            if before != "abd" and not _FAITH_ALONE.match(following):
                read.append("al")
        elif _ALONE.match(word) and len(words) > 1:
            read.append("abd")
        elif _FAITH_ALONE.match(word):
            read.append("din")
        elif (found := _SERVANT.match(word)) and not _GOD.match(word):
            read += ["abd", found["rest"]]
        elif found := _FAITH.match(word):
            read += [found["first"], "din"]
        else:
            read.append(_SAME.get(word, word))
    return tuple(read)


def _is_article(word: str, following: str) -> bool:
    """Whether a word is the article: as it stands, or before a letter that it takes on ("ad Duri", "ash Shami")."""
    if not following:
        return False
    if word in _ARTICLE:
        return True
    sun = _SUN_ARTICLE.match(word)
    return sun is not None and following.startswith(sun[1])
