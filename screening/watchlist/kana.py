"""Japanese syllables in Latin letters, by table: "たなか" → "tanaka", "シュンスケ" → "shunsuke".

Katakana also spells foreign names, with a vowel after every consonant and one letter for l and r: these are read as
they stand. A Japanese name in Han characters has no reading that follows from them, and its Chinese one is another
name: where it can be told by its kana, by 々 or by one of the commonest surnames, it is left unread, for a person.
"""

from __future__ import annotations

import re

KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_ROWS = (
    ("あいうえお", "a i u e o"), ("かきくけこ", "ka ki ku ke ko"), ("さしすせそ", "sa shi su se so"),
    ("たちつてと", "ta chi tsu te to"), ("なにぬねの", "na ni nu ne no"), ("はひふへほ", "ha hi fu he ho"),
    ("まみむめも", "ma mi mu me mo"), ("やゆよ", "ya yu yo"), ("らりるれろ", "ra ri ru re ro"),
    ("わゐゑを", "wa i e o"), ("がぎぐげご", "ga gi gu ge go"), ("ざじずぜぞ", "za ji zu ze zo"),
    ("だぢづでど", "da ji zu de do"),
    ("ばびぶべぼ", "ba bi bu be bo"), ("ぱぴぷぺぽ", "pa pi pu pe po"), ("んゔゕゖ", "n vu ka ke"),
)  # fmt: skip
_SINGLE = {kana: latin for kanas, latins in _ROWS for kana, latin in zip(kanas, latins.split(), strict=True)}
_SMALL = dict(zip("ゃゅょぁぃぅぇぉゎ", ["ya", "yu", "yo", "a", "i", "u", "e", "o", "wa"], strict=True))
_SAME_ROW = {"sh": "sh", "ch": "ch", "j": "j"}

_SURNAME_TABLE = """
佐藤 鈴木 铃木 田中 伊藤 渡辺 渡邊 渡边 山本 中村 加藤 吉田 山田 佐々木 佐佐木 山口 松本 井上 木村 斎藤 齋藤
斋藤 清水 山崎 阿部 橋本 桥本 山下 中島 中岛 前田 藤田 小川 岡田 冈田 後藤 后藤 長谷川 长谷川 村上 近藤 坂本
遠藤 远藤 青木 藤井 西村 福田 太田 三浦 藤原 岡本 冈本 松田 中川 中野 小野 竹内 中山 上田 森田 酒井 工藤 横山
内田 島田 岛田 大野 丸山 今井 藤本 村田 上野 杉山 増田 增田 小島 小岛 大塚 松井 野口 松尾 木下 菊地 菊池 佐野
大西 杉本 水野 桜井 櫻井 樱井 浅野 久保田 松下 川崎 大久保
"""
"""Of the commonest surnames those that no Chinese surname and given name make."""

_SURNAMES = tuple(_SURNAME_TABLE.split())

_VOWEL = re.compile(r"[aiueo]+$")


def kana_read(word: str) -> str:
    """Return a word with its kana in Latin letters; long vowels are written once, as passports do.

    >>> kana_read("とうきょう"), kana_read("シュンスケ"), kana_read("ヴォロディン"), kana_read("はっとり")
    ('tokyo', 'shunsuke', 'vorodin', 'hattori')
    """
    if not KANA.search(word):
        return word
    read = ""
    doubled = False
    for letter in map(_hiragana, word):
        latin = _SINGLE.get(letter, "")
        if letter in _SMALL:
            read = _with_small(read, _SMALL[letter])
        elif letter == "っ":
            doubled = True
            continue
        elif letter != "ー":
            read += (latin[:1] if doubled and latin[:1] not in "aiueo" else "") + (latin or letter)
        doubled = False
    return re.sub(r"ou|oo", "o", re.sub(r"uu", "u", read))


def _with_small(read: str, vowel: str) -> str:
    """Join a small letter to the syllable before it: "ki" + "ya" → "kya", "vu" + "o" → "vo"."""
    stem = _VOWEL.sub("", read)
    glides = vowel.startswith("y") and not stem.endswith(("sh", "ch", "j"))
    return stem + (vowel if glides or not vowel.startswith("y") else vowel[1:])


def _hiragana(letter: str) -> str:
    return chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter


def japanese(text: str) -> bool:
    """Whether a name shows that its Han characters are Japanese.

    >>> japanese("智也 伊藤"), japanese("佐々木七海"), japanese("高桥强")
    (True, True, False)
    """
    if KANA.search(text) or "々" in text:
        return True
    return any(word.startswith(_SURNAMES) for word in text.split())
