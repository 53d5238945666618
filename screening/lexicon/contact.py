"""Ways to get in touch that are no telephone number: ids of messengers, mail and web addresses.

An id of a messenger is any word of letters and digits; what makes it one is the name before it, and writers who
advertise have many names for each. A single letter (q, v) or an everyday word (飞机, 电报) is a name only where
something else says so: an imperative before it, a colon after it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screening.lexicon.kinds import Kind, Spotted
from screening.text.normalize import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.lexicon.kinds import Surface
    from screening.lexicon.numbers import Number

# -------------------------------------------------------------------------------------------------- messengers

_LINK = r"(?:号码|账号|帐号|账户|[号群裙加是为搜找请我你]|id|[:+=➕@]){0,5}"
"""What may stand between a messenger's name and the id."""

_ANCHOR = re.compile(
    r"(?:"
    r"(?:微信|薇信|威信|徽信|维信|微芯|v信|扣扣|抠抠|蔻蔻|球球|q群|交流群|企鹅[号群]|(?<![a-z0-9])(?:weixin|wechat|vx|wx|qq|tg|"
    r"telegram|whatsapp|skype|potato)|纸飞机|蝙蝠[号聊]|飞机号|电报[号群]|陌陌号|钉钉号)"
    rf"(?P<link>{_LINK})"
    r"|(?:加|\+|➕|联系|咨询|滴滴|找|私)(?:我|本人)?的?(?:[薇微威卫扣裙]|(?<![a-z0-9])[vq])(?:信|号|群)?(?P<called>[:=+是为]{0,2})"
    r"|(?:[薇微威扣裙]|飞机|电报|企鹅|蝙蝠|(?<![a-z0-9])[vq])(?:号|群)?(?P<colon>[:@])"
    r")$"
)
"""A messenger's name at the end of what stands before an id, symbols and spaces apart."""

_GLUED = re.compile(r"(?:weixin|wechat|vx|wx|qq|tg|[vq])(?=[a-z0-9_-]{5,20}$)")
"""A messenger's name written together with an id."""

_ID = re.compile(r"[a-z][a-z0-9_-]{5,19}|[1-9][0-9]{4,11}")
"""WeChat: 6 to 20 characters from a letter on; QQ: 5 digits and more; telephone numbers serve as ids too."""

_LAST = frozenset("信芯扣抠蔻球群号聊机码户裙加是为搜找请我你:+=➕@薇微威卫")
_LAST_LATIN = ("weixin", "wechat", "vx", "wx", "qq", "tg", "telegram", "whatsapp", "skype", "potato", "id")
"""What `_ANCHOR` finds ends in one of these, or in a v or q apart from other letters."""

_SAYING = ":+=➕@"
"""Marks that say an id follows; all others are read over."""

_PARTING = f"\n{SEPARATOR}"
"""Nothing beyond these belongs to an id."""

_NAMED = re.compile(rf"[\u3400-\U0010ffff{_SAYING}]|(?:vx|wx|qq|tg|am|at|in|pp) \Z")
"""Before an id: something that may call it by a name."""

_NAME_ENDS = frozenset("信q扣抠蔻球群鹅号nxgmtpeo天聊薇微威卫裙v机报蝠")
"""The last characters of messengers' names."""

_MOST_BEFORE = 24
_LEAST_ID = 5
_MOST_ID = 24
_VERSION = re.compile(r"版|年|月|日|\.[0-9]|[a-z]*系统|个|万|元|人|手机|公众")
"""After what looks like an id: it tells a version, a date or a count."""


def messengers(surface: Surface) -> Iterator[Spotted]:
    """Yield ids of messengers with the names before them."""
    text = surface.text
    for start, end in surface.word_runs(_LEAST_ID):
        # What comes before is told by one look: a Han character, a colon or a plus, or the name is in the word itself.
        if end - start > _MOST_ID or not (text[start] in "vwqt" or _is_named(text, start)):
            continue
        if start and (text[start - 1] in "./" or (text[start - 1] == "@" and text[start - 2 : start - 1].isascii())):
            continue
        if text.startswith(("@", "."), end) or _VERSION.match(text, end):
            continue
        spotted = _named(text, start, end, dressed=False) or _glued(start, text[start:end])
        if spotted is not None:
            yield spotted


def may_be_called(text: str, start: int) -> bool:
    """Say at one look whether what stands before a place may end in a messenger's name."""
    return not _NAME_ENDS.isdisjoint(text[max(0, start - 5) : start])


def spaced_messenger(text: str, number: Number) -> Spotted | None:
    """Return the QQ or telephone number that stands after a messenger's name, its digits apart or in Han characters."""
    if not number.dressed or not _LEAST_ID <= len(number.digits) <= 12 or number.digits[0] == "0":
        return None
    if any(not _is_spacing(mark) for mark in number.marks) or text[number.end : number.end + 1].isalnum():
        return None
    return _named(text, number.start, number.end, dressed=True)


def _is_spacing(mark: str) -> bool:
    return len(mark) <= 2 and not any(character in ",.、;:/~()+" for character in mark)


def _is_named(text: str, start: int) -> bool:
    return _NAMED.search(text, max(0, start - 3), start) is not None


def _named(text: str, start: int, end: int, *, dressed: bool) -> Spotted | None:
    """Return an id with the messenger's name before it, if there is one."""
    if not _may_end(text, start):
        return None
    before, places = _before(text, start)
    anchor = _ANCHOR.search(before)
    if anchor is None:
        return None
    written = text[start:end]
    called = "".join(held for held in anchor.groups() if held)
    if not dressed:
        if not _ID.fullmatch(written):
            return None
        if written.isalpha() and (not any(mark in called for mark in (":", "=", "是", "为", "号"))):
            return None
    return Spotted(places[anchor.start()], end, Kind.MESSENGER, dressed)


def _may_end(text: str, end: int) -> bool:
    """Say whether the last before an id that is not read over may end a messenger's name: few characters do."""
    for place in range(end - 1, max(0, end - _MOST_BEFORE) - 1, -1):
        character = text[place]
        if character in _PARTING:
            return False
        if character.isalnum() or character in _SAYING:
            if character not in "vq" or _is_latin(text[max(0, place - 1) : place]):
                return character in _LAST or text.endswith(_LAST_LATIN, 0, place + 1)
            return True
    return False


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _before(text: str, end: int) -> tuple[str, list[int]]:
    """Return what before an id may tell a messenger's name, and the place of each of its characters.

    Marks and spaces are read over, as between Han characters; between Latin words a space is kept for them.
    """
    first = max(0, end - _MOST_BEFORE)
    first = max(first, text.rfind("\n", first, end) + 1, text.rfind(SEPARATOR, first, end) + 1)
    kept: list[str] = []
    places: list[int] = []
    for place in range(first, end):
        character = text[place]
        if not (character.isalnum() or character in _SAYING):
            continue
        if places and place - places[-1] > 1 and f"{kept[-1]}{character}".isascii():
            kept.append(" ")
            places.append(place - 1)
        kept.append(character)
        places.append(place)
    return "".join(kept), places


def _glued(start: int, word: str) -> Spotted | None:
    name = _GLUED.match(word)
    if name is None:
        return None
    held = word[name.end() :].lstrip("-_")
    digits = sum(character.isdecimal() for character in held)
    if not _ID.fullmatch(held) or digits < (_LEAST_ID if len(name[0]) == 1 else 2):
        return None
    return Spotted(start, start + len(word), Kind.MESSENGER, dressed=False)


# ------------------------------------------------------------------------------------------------------ addresses

_SHORTENERS = frozenset(
    re.findall(
        r"\S+",
        "t.cn dwz.cn dwz.win url.cn suo.im suo.nz suo.yt mrw.so sourl.cn t.hk u.nu is.gd v.gd bit.ly "
        "ow.ly t.co tinyurl.com goo.gl rebrand.ly cutt.ly rb.gy t.me wa.me line.me m6z.cn 985.so c1n.cn "
        "6du.in 0x9.me dwz.mk w.url.cn reurl.cc lihi.cc pse.is shorturl.at s.id x.co tb.cn m.tb.cn 3.cn "
        "jd.cn j.mp dlj.bz ft12.com mtw.so kurl.cn rrd.me",
    )
)
"""Services that hide where an address leads, or that lead into a chat."""

_TOP = (
    "com|cn|net|org|top|vip|cc|xyz|me|info|app|club|shop|site|online|live|tv|io|co|win|bet|fun|icu|work|ltd|pro|link|tk|"
    "hk|tw|gd|ly|im|so|hk|ink|store|asia|mobi|biz|la|pw|ws|gg|ai|gl|at|is|id|mk|nz|yt|nu|bz|mp|gy|us|uk|jp|kr"
)
_DRESSED_TOP = "com|cn|net|org|top|vip|cc|xyz|me|app|club|shop|site|live|tv|co|win|bet|fun|icu|pro|link"
"""Ends that are believed after a dressed dot, where an address is less sure."""

_LABELS = re.compile(r"(?:[a-z0-9-]{1,63}[.点。])*[a-z0-9-]{1,63}$")
_HOST = re.compile(rf"[.](?:[a-z0-9-]{{1,63}}\.){{0,4}}(?:{_TOP})(?![a-z0-9.-]*[a-z0-9])(?P<port>:[0-9]{{2,5}})?")
_DRESSED_HOST = re.compile(rf"[点。丶·,](?:{_DRESSED_TOP})(?![a-z0-9])")
_PATH = re.compile(r"/[\w./?=&%#~+-]{0,100}", re.ASCII)
_SCHEME = re.compile(r"https?:/{1,3}$")
_DOTS = "."
_DRESSED_DOTS = "点。丶·,"
_NO_ADDRESS = frozenset({"asp.net", "vb.net", "ado.net", "node.so", "e.g", "i.e", "socket.io", "p.s"})
_MOST_HOST = 80


def addresses(surface: Surface) -> Iterator[Spotted]:
    """Yield web addresses, short links apart from others, and mail addresses."""
    text, done = surface.text, 0
    dotted = [(place, False) for place in surface.points(_DOTS)]
    dressed = [(place, True) for place in surface.points(_DRESSED_DOTS)]
    for place, is_dressed in sorted(dotted + dressed):
        if place < done:
            continue
        spotted = _address(text, place, is_dressed=is_dressed)
        if spotted is not None:
            done = spotted.end
            yield spotted


def _address(text: str, place: int, *, is_dressed: bool) -> Spotted | None:
    ends = (_DRESSED_HOST if is_dressed else _HOST).match(text, place)
    before = text[max(0, place - _MOST_HOST) : place]
    labels = _LABELS.search(before)
    if ends is None or labels is None:
        return None
    start = place - len(before) + labels.start()
    host = re.sub("[点。丶·,]", ".", text[start : ends.end()]).partition(":")[0]
    if host in _NO_ADDRESS:
        return None
    if text[start - 1 : start] == "@" and start:
        return _mail(text, start - 1, ends.end())
    if is_dressed and not any(character.isalpha() for character in host.split(".")[0]) and "点" not in text[place]:
        return None
    end = ends.end()
    path = _PATH.match(text, end)
    kind = Kind.DOMAIN
    if host.removeprefix("www.") in _SHORTENERS and path is not None and len(path[0]) > 1:
        kind = Kind.SHORT_LINK
    scheme = _SCHEME.search(text, max(0, start - 10), start)
    return Spotted(scheme.start() if scheme else start, path.end() if path else end, kind, is_dressed)


_MAILBOX = re.compile(r"[a-z0-9][a-z0-9._+-]{0,63}$")


def _mail(text: str, at: int, end: int) -> Spotted | None:
    before = text[max(0, at - 64) : at]
    mailbox = _MAILBOX.search(before)
    return None if mailbox is None else Spotted(at - len(before) + mailbox.start(), end, Kind.EMAIL, dressed=False)
