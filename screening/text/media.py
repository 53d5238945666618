"""What markup shows that no lexicon can read: pictures, films, sound and whatever is embedded."""

from __future__ import annotations

import re

_ELEMENT = re.compile(r"<(img|image|picture|svg|canvas|video|audio|object|embed|iframe)(?=[\s/>])", re.IGNORECASE)
_KINDS = {"video": "video", "audio": "audio", "object": "embedded", "embed": "embedded", "iframe": "embedded"}


def media(source: str) -> tuple[str, ...]:
    """Return the kinds of what some markup shows beside text, each once, in the order they first stand.

    >>> media('<p><IMG src="a.png">x<video></video><img src="b.png"></p>')
    ('image', 'video')
    """
    found = (match[1].lower() for match in _ELEMENT.finditer(source))
    return tuple(dict.fromkeys(_KINDS.get(name, "image") for name in found))
