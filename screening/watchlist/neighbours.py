"""One name among Russians, Ukrainians and Belarusians, and the peoples whose names Russian papers write: in Cyrillic.

1. Ukrainian and Belarusian have given names and endings of their own for what Russian papers and many lists write in
   the Russian way: "Сергій" and "Сяргей" → "Сергей", "Гаўрылаў" → "Гаврилов". Back: "Сергей" → "Сергій", "Сяргей".
2. Belarusian writes the vowels that it speaks: "Сарока" for "Сорока". Which "а" was an "о" nothing says, so all of them
   are taken for one in a further reading, and the other way round.
3. Uzbek and Tajik letters and vowels as Russian has them: "Ҷӯраев" → "Джураев", "Тошматов" → "Ташматов".
A word that is in no table and has no letter of its own stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_UKRAINIAN_STEMS = """
олександр александр|олексійо алексее|олексі алексе|михайл михаил|миколайо николае|микола никола|сергійо сергее
сергій сергей|андрійо андрее|андрій андрей|володимир владимир|євгенов евгеньев|євген евген|федор федор
костянтин константин|тетян татьян|наталі наталь|олен елен|катерин екатерин|світлан светлан|юрійо юрье|василь василье
анатолійо анатолье|валерійо валерье|віталійо виталье|геннадійо геннадье|григоров григорьев|ігоро игоре|дмитров дмитриев
микит никит|пилип филипп|ганн анн|кирил кирилл|уляна ульяна|зінаїд зинаид|антін антон|данил данил|аркадійо аркадье
"""
"""Beginnings of given names and patronymics, each with the Russian one, the longer before the shorter."""

_UKRAINIAN_WORDS = """
микола николай|дмитро дмитрий|ілля илья|петро петр|павло павел|федір федор|ігор игорь|василь василий|григорій григорий
михайло михаил|яків яков|надія надежда|данило даниил|любов любовь|софія софия|юрій юрий|віталій виталий
анатолій анатолий|валерій валерий|геннадій геннадий|тимофій тимофей
"""

_BELARUSIAN_STEMS = """
аляксандр александр|аляксе алексе|андрэ андре|сярге серге|уладзімір владимир|уладзіслаў владислав|уладзіслав владислав
станіслаў станислав|станіслав станислав|вячаслаў вячеслав|вячаслав вячеслав|дзмітры дмитри|мікала никола|міхаіл михаил
міхайл михайл|васіл васил|рыгор григорь|яўген евгень|юрый юрий|фёдар федор|ігар игор|віктар виктор|канстанцін константин
генадзь геннадь|віталь виталь|анатоль анатоль|сцяпан степан|арцём артем|кірыл кирилл|дзяніс денис|вадзім вадим
леанід леонид|пятро петро|паўла павло|таццян татьян|наталл наталь|вольг ольг|ален елен|кацярын екатерин
святлан светлан|марыя мария|вікторы виктори|ірын ирин|ганн анн|надзе надежд|мікіт никит|раман роман|алег олег
"""

_BELARUSIAN_WORDS = """
дзмітрый дмитрий|зміцер дмитрий|мікалай николай|ігар игорь|васіль василий|рыгор григорий|яўген евгений|генадзь геннадий
віталь виталий|анатоль анатолий|якаў яков|надзея надежда|ілья илья|андрэй андрей|сяргей сергей|аляксей алексей
"""

_ENDINGS = (
    (r"дз(?=[іеёюя])", "д"), (r"ц(?=[іеёюя])", "т"), (r"шч", "щ"), (r"(?<=[жшчц])аў\b", "ев"), (r"аў\b", "ов"),
    (r"[еёя]ў\b", "ев"), (r"аў(?=на\b)", "ов"), (r"[её]ў(?=на\b)", "ев"), (r"[іи]в(?=на\b)", "ов"),
    (r"їв(?=на\b)", "ев"), (r"ав(?=[іи]ч)", "ов"), (r"[ае]нка\b", "енко"), (r"(?<=[чжшрц])э", "е"),
    (r"(?<=[чжшрц])ы", "и"), (r"ськ(?=ий|а)", "ск"), (r"цьк(?=ий|а)", "цк"), (r"(?<=[сцо]к)і\b", "ий"), (r"ў", "в"),
    (r"є", "е"), (r"[іїи]", "и"), (r"['’ʼ](?=[яюеёи])", "ь"), (r"['’ʼ]", ""),
)  # fmt: skip
_OPENED = (
    (r"(?<=[жшчц])а(?=.)", "е"), (r"а(?=.*[аеёиоуыэюя])", "о"), (r"(?<=.)я(?=.*[аеёиоуыэюя])", "е"), (r"а(?=в\b)", "о"),
)  # fmt: skip
"""Vowels of a Belarusian surname, its end already Russian, as Russian writes them; the last one stays."""

_TO_UKRAINIAN = ((r"ск(?=ий|ая)", "ськ"), (r"цк(?=ий|ая)", "цьк"), (r"(?<=ьк)ая\b", "а"), (r"ов(?=на\b)", "ів"))
_TO_BELARUSIAN = (
    (r"(?<=[жчшрц])и", "ы"), (r"д(?=[еиёюя])", "дз"), (r"т(?=[еиёюя])", "ц"), (r"(?<=[сцо]к)ий\b", "і"),
    (r"о(?=.*[аеёиоуыэюяі])|о(?=в\b)|(?<=енк)о\b", "а"), (r"в(?=[бгджзйклмнпрстфхцчшщ]|\b)", "ў"), (r"и", "і"),
    (r"(?<=[бвгджзклмнпрстфхцчшщ])ё", "іо"), (r"(?<=[бвгджзклмнпрстфхцчшщ])ю", "іу"),
    (r"(?<=[бвгджзклмнпрстфхцчшщ])я", "іа"), (r"ь", ""),
)  # fmt: skip
_NEIGHBOURS = re.compile(r"[іїєґў'’ʼ]")
_BELARUSIAN = re.compile(r"ў|[дт]з[іеёюя]|ц[іеёюя]|[жшрч]ы|[чжшрц]э|[её]віч|авіч|енка\b|эн?ка\b")
_EASTERN = re.compile(r"[қғҳҷӣӯ]|(?<![аеёиоуыэюяі])ў")
"""Belarusian has "ў" after vowels only, where it is a consonant; in Uzbek it is a vowel."""

_OPEN = re.compile(r"о(?!в\b|ва\b)")
_FROM_EAST = str.maketrans({"ў": "у", "қ": "к", "ғ": "г", "ҳ": "х", "ҷ": "дж", "ӣ": "и", "ӯ": "у"})
_WORD = re.compile(r"[\u0400-\u04ff'’ʼ]+")


def as_russian(text: str) -> tuple[str, ...]:
    """Return the ways in which Russian may have a neighbour's name, in lower case; none where it is none.

    >>> as_russian("сяргей гаўрылаў"), as_russian("олександр гончаренко"), as_russian("петров")
    (('сергей гаврилов', 'сергей говрилов'), ('александр гончаренко',), ())
    >>> as_russian("сарока віктар"), as_russian("ҷӯраев зоҳид")
    (('сарока виктор', 'сорока виктор'), ('джураев зохид', 'джураев захид'))
    """
    if _EASTERN.search(text) and "і" not in text:
        plain = text.translate(_FROM_EAST)
        return tuple(dict.fromkeys((plain, _OPEN.sub("а", plain.replace("ж", "дж").replace("ддж", "дж")))))
    known = any(_known(word) for word in _WORD.findall(text))
    if not known and not _NEIGHBOURS.search(text):
        return ()
    plain = _WORD.sub(lambda word: _russian(word[0]), text)
    ways = [plain]
    if _BELARUSIAN.search(text) or any(word.startswith(_OWN_BELARUSIAN) for word in _WORD.findall(text)):
        ways.append(_WORD.sub(lambda word: _opened(word[0]), text))
    return tuple(dict.fromkeys(ways))


def from_russian(text: str) -> tuple[str, ...]:
    """Return a Russian name, in lower case, as Ukrainian and Belarusian have it; none where it has letters of theirs.

    >>> from_russian("сергей сорока")
    ('сергій сорока', 'сяргей сарака')
    """
    if _NEIGHBOURS.search(text):
        return ()
    plain = text.replace("ё", "е")
    return (
        _WORD.sub(lambda word: _turned(word[0], _TO_UKRAINIAN_NAMES, _TO_UKRAINIAN), plain),
        _WORD.sub(lambda word: _turned(word[0], _TO_BELARUSIAN_NAMES, _TO_BELARUSIAN), text),
    )


def _known(word: str) -> bool:
    return word in _WORDS or word.startswith(tuple(_STEMS))


def _russian(word: str) -> str:
    if word in _WORDS:
        return _WORDS[word]
    stem = next((stem for stem in _STEMS if word.startswith(stem)), "")
    return _changed(_STEMS[stem] + word.removeprefix(stem) if stem else word, _ENDINGS)


def _opened(word: str) -> str:
    plain = _russian(word)
    return plain if _known(word) or plain.endswith(("ович", "евич", "овна", "евна")) else _changed(plain, _OPENED)


def _turned(word: str, names: tuple[Mapping[str, str], Mapping[str, str]], table: tuple[tuple[str, str], ...]) -> str:
    words, stems = names
    if word in words:
        return words[word]
    stem = next((stem for stem in stems if word.startswith(stem)), "")
    return stems[stem] + _changed(word.removeprefix(stem), table) if stem else _changed(word, table)


def _changed(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for written, with_ in table:
        text = re.sub(written, with_, text)
    return text


def _pairs(*tables: str) -> Mapping[str, str]:
    """Return old → new, the longest first."""
    rows = [row.split() for table in tables for row in table.replace("\n", "|").split("|") if row]
    return {row[0]: row[1] for row in sorted(rows, key=lambda row: -len(row[0]))}


def _back(table: str) -> Mapping[str, str]:
    """Return new → old, the longest first, the first of several."""
    pairs = [row.split() for row in table.replace("\n", "|").split("|") if row]
    back: dict[str, str] = {}
    for own, russian in sorted(pairs, key=lambda pair: -len(pair[1])):
        back.setdefault(russian, own)
    return back


_STEMS = _pairs(_UKRAINIAN_STEMS, _BELARUSIAN_STEMS)
_WORDS = _pairs(_UKRAINIAN_WORDS, _BELARUSIAN_WORDS)
_OWN_BELARUSIAN = tuple(_pairs(_BELARUSIAN_STEMS, _BELARUSIAN_WORDS))
_TO_UKRAINIAN_NAMES = (_back(_UKRAINIAN_WORDS), _back(_UKRAINIAN_STEMS))
_TO_BELARUSIAN_NAMES = (_back(_BELARUSIAN_WORDS), _back(_BELARUSIAN_STEMS))
