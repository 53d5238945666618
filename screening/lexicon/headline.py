"""Titles that shout what their bodies do not tell: exaggeration in the title, measured against the body.

Two things must come together. The title shouts: 震惊, 速看, 99%的人不知道, three exclamation marks; each marker
weighs something, and several weigh together, as independent doubts would (1 - Π(1 - weight)). And the body is about
something else: hardly a word of what the title says besides its markers occurs in it. A loud title over a body that
tells the very thing is a matter of taste; a title over a body of a few words cannot be judged, and without a body
there is no hit.

Words are pairs of Han characters that stand side by side, and Latin words and numbers of two characters and more: no
segmenter is needed to see that a body never speaks of what its title promised. Weights and limits are judgements, set
on titles of our own and checked on titles of news paired with bodies that are not theirs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from screening.evidence import Ceiling, ContentHit
from screening.lexicon.kinds import Kind
from screening.text.html import Readable, readable
from screening.text.normalize import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.lexicon.entries import Entry
    from screening.subjects import Content

LEAST_BODY: Final = 80
"""Letters, digits and Han characters of a body below which it cannot be said what it is about."""

LEAST_WORDS: Final = 3
"""Words of a title, besides its markers, below which it promises nothing that could be missing."""

LOUD: Final = 0.7
"""How loud a title must be: one strong marker, or two that are weaker."""

MOST_TOLD: Final = 0.25
"""The share of the title's words that the body may hold at most."""

STEP: Final = "title-unlike-body"
"""The step in `via`."""

_MOST_TITLE = 200
_MOST_BODY = 20_000
"""Characters looked at: beyond it a body has told what it is about."""

_STRONG, _MIDDLING, _WEAK = 0.75, 0.5, 0.3

_MARKERS: Final = tuple(
    (re.compile(pattern), weight)
    for pattern, weight in (
        (r"^\W*震惊(?:\W|了|全)|震惊[!?了]|惊呆(?:了|所有|众人|全)|吓尿|吓傻|骇人听闻|毛骨悚然|细思极恐", _STRONG),
        (
            r"[89][0-9](?:\.[0-9]+)?%(?:的)?(?:人|女人|男人|家长|老师|司机|中国人)?(?:都|还|根本|竟然?)?(?:不知道|不懂|看完|会错|做错|中招)",
            _STRONG,
        ),
        (r"(?:赶紧|赶快|马上|抓紧|火)?速看|删前|马上删|马上被删|即将被删|被封前|封杀前|手慢无|晚了就没", _STRONG),
        (
            r"不(?:看|转|知道)(?:会?后悔|不是中国人|亏大了|就晚了|你?就亏了)|看完(?:我|都|全|彻底)?(?:跪了|傻眼|沉默了|哭了|惊呆)",
            _STRONG,
        ),
        (
            r"(?:全国|全网|全村|所有人|亿万人|朋友圈|十几亿人)(?:人?都)?(?:炸了|沸腾|疯传|疯了|怒了|哭了|惊了|傻眼|轰动)",
            _STRONG,
        ),
        (r"(?:真相|内幕|秘密|结果|原因|背后)(?:竟|居然|让人|令人|太|惊人|曝光后)", _MIDDLING),
        (
            r"太(?:可怕|吓人|恐怖|惊人|震撼)了?|万万没想到|谁也没想到|不敢相信|难以置信|惊人(?:一幕|内幕|真相|秘密)",
            _MIDDLING,
        ),
        (
            r"震惊|惊呆|惊爆|惊天|重磅|炸锅|沸腾了|疯传|疯转|刷屏|泪奔|泪崩|必看|必转|扩散|紧急通知|紧急提醒|出大事|大事不好|不得了",
            _MIDDLING,
        ),
        (r"[!?]{3,}|!{2,}", _MIDDLING),
        (
            r"竟然|居然|竟是|绝密|惊现|揭秘|惨不忍睹|史上最|千万别|千万不要|一定要看|你还不知道|原来是这样|亮了|火了",
            _WEAK,
        ),
        (r"!", _WEAK / 2),
    )
)
"""What shouts, with how much it weighs; of one pattern only the first counts. In normal form.

A word of feeling that news use too (社会震惊, 惊天逆转) is strong only where it is cried out."""

_WORDS = re.compile(r"[a-z0-9]{2,}|[\u3400-\u9fff]{2,}")
_EMPTY = frozenset(
    "的了是在和与就都也你我他她它这那不有个们吗呢吧啊被把让给很太最还又到上下中为什么怎样看说想会要能可人一"
)
"""Characters that say nothing by themselves: a pair of two such is no word."""


class Headline(NamedTuple):
    """A title that shouts what its body does not tell, in normal form.

    Attributes:
        start: where in the title its first marker begins.
        end: where its last ends.
        loudness: how much its markers weigh together.
        told: the share of its words that stand in the body.
    """

    start: int
    end: int
    loudness: float
    told: float

    @property
    def score(self) -> float:
        """How sure this is: loud, and nothing of it told, is 1."""
        return round(self.loudness * (1.0 - self.told), 2)


def sensational(title: str, body: str) -> Headline | None:
    """Judge a title against its body, both in normal form; None where there is nothing to say against it.

    >>> sensational("震惊!99%的人不知道隔夜西瓜的秘密", "") is None
    True
    """
    title = title[:_MOST_TITLE]
    shouts = [(held, weight) for pattern, weight in _MARKERS if (held := pattern.search(title)) is not None]
    quiet = 1.0
    for _, weight in shouts:
        quiet *= 1.0 - weight
    if 1.0 - quiet < LOUD:
        return None
    body = body[:_MOST_BODY]
    if sum(map(str.isalnum, body)) < LEAST_BODY:
        return None
    promised = words(_besides(title, [held.span() for held, _ in shouts]))
    if len(promised) < LEAST_WORDS:
        return None
    told = sum(word in body for word in promised) / len(promised)
    if told > MOST_TOLD:
        return None
    first = min(held.start() for held, _ in shouts)
    last = max(held.end() for held, _ in shouts)
    return Headline(first, last, 1.0 - quiet, told)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in normal form, each once: Latin words, numbers, pairs of Han characters.

    >>> words("隔夜西瓜abc")
    ('隔夜', '夜西', '西瓜', 'abc')
    """
    found: dict[str, None] = {}
    for run in _WORDS.findall(text):
        if run[0].isascii():
            found[run] = None
            continue
        for at in range(len(run) - 1):
            if not (run[at] in _EMPTY and run[at + 1] in _EMPTY):
                found[run[at : at + 2]] = None
    return tuple(found)


def headline_hits(contents: Sequence[Content], entries: Sequence[Entry]) -> Iterator[tuple[int, ContentHit]]:
    """Yield the sensational titles among contents, each with its content's place.

    Args:
        contents: what to judge.
        entries: the entries of kind "headline".
    """
    if not entries:
        return
    for at, content in enumerate(contents):
        if not content.title or not content.body:
            continue
        title = _read(content.title, content.format)
        text = normalize(title.text)
        body = normalize(_read(content.body, content.format).text[:_MOST_BODY]).text
        found = sensational(text.text, body)
        if found is None:
            continue
        first, last = text.span(found.start, found.end)
        start, end = title.span(first, last)
        for entry in entries:
            if any(normalize(phrase).text in text.text for phrase in entry.allow):
                continue
            yield (
                at,
                ContentHit(
                    category=entry.category,
                    entry=entry.id,
                    term=Kind.HEADLINE.value,
                    field="title",
                    start=start,
                    end=end,
                    quote=content.title[start:end],
                    score=found.score,
                    via=(STEP,),
                    severity=entry.severity,
                    ceiling=Ceiling.EVIDENCE if entry.ceiling is Ceiling.EVIDENCE else Ceiling.REVIEW,
                ),
            )


def _read(source: str, form: str) -> Readable | _Plain:
    return readable(source) if form == "html" else _Plain(source)


class _Plain(NamedTuple):
    """A text without markup."""

    text: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return a span as it is."""
        return start, end


def _besides(title: str, spans: list[tuple[int, int]]) -> str:
    """Return a title without some spans, its other parts apart."""
    kept = list(title)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return "".join(kept)
