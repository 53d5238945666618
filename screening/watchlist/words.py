"""Small words in names that say little about who bears them: legal forms, titles, particles.

The tables are our own. A legal form may be several words; the longest that fits is taken and written in its short
way, so that "Sociedad Anonima" and "S.A." are one.
"""

from __future__ import annotations

import functools

from screening.watchlist.scoring import edits

FORM_TABLE = """
ltd: limited, ltd, ltda, limitada, limitee, lda
llc: llc, limited liability company, l l c, ooo, obshchestvo s ogranichennoi otvetstvennostyu, \
obshchestvo s ogranichennoy otvetstvennostyu, tov, tovarystvo z obmezhenoyu vidpovidalnistyu, \
tovaristvo z obmezhenoyu vidpovidalnistyu, tovarystvo z obmezhenoiu vidpovidalnistiu, \
tavarystva z abmezhavanay adkaznastsyu, tavarystva z abmezhavanai adkaznastsiu, too, mchj
co: company, co, compania, cia, compagnie, companhia
corp: corporation, corp, corporacion
inc: incorporated, inc
plc: plc, public limited company
gmbh: gmbh, gesellschaft mit beschrankter haftung, ges mbh
ag: ag, aktiengesellschaft
sa: sa, s a, sociedad anonima, societe anonyme, sociedade anonima, societa anonima
sa cv: sa de cv, s a de c v, sociedad anonima de cv, sociedad anonima de c v, sociedad anonima de capital variable
srl: srl, s r l, sociedad de responsabilidad limitada, societa a responsabilita limitata
s rl cv: s de rl de cv, s de r l de c v
sas: sas, s a s, sociedad por acciones simplificada
sarl: sarl, s a r l, societe a responsabilite limitee
spa: spa, s p a, societa per azioni
ca: ca, c a, compania anonima
sal: sal, s a l
fze: fze, f z e, free zone establishment
fzc: fzc, fzco, fz llc, fz co, free zone company
jsc: jsc, joint stock company, open joint stock company, public joint stock company, closed joint stock company, \
oao, zao, pao, ao, ojsc, pjsc, cjsc, otkrytoe aktsionernoe obshchestvo, zakrytoe aktsionernoe obshchestvo, \
publichnoe aktsionernoe obshchestvo, aktsionernoe obshchestvo, aktsionerne tovarystvo, aktsionerne tovaristvo, \
publichne aktsionerne tovarystvo, publichne aktsionerne tovaristvo, aktsyyanernae tavarystva, \
adkrytae aktsyyanernae tavarystva, zakrytae aktsyyanernae tavarystva
doo: doo, d o o
dd: dd, d d
ad: ad, a d
eood: eood, e o o d
ood: ood, o o d, druzhestvo s ogranichena otgovornost
bv: bv, b v, besloten vennootschap
bvba: bvba
nv: nv, n v
as: as, a s, anonim sirketi
ltd sti: ltd sti, limited sirketi
ab: ab, aktiebolag
oy: oy, oyj
pte: pte ltd, pte limited, private limited, pvt ltd, pte, pvt
sdn bhd: sdn bhd, sendirian berhad
pt: pt, p t
kg: kg
ohg: ohg
lp: lp, l p, limited partnership
llp: llp, limited liability partnership
est: est, establishment
psc: psc, p s c
pjs: private joint stock
"""
"""The short way: the ways it is written, already folded."""

TITLE_TABLE = """
mr mrs ms miss dr doctor prof professor sir lord lady don dona hon jr sr junior senior ii iii
haji hajj hajji hadji sheikh shaykh sheik shaikh cheikh maulana mawlana mullah molla mulla mawlawi maulawi maulvi
sayyid seyyed sayed syed seyed ustad
general gen colonel col major maj captain capt lieutenant lt brigadier engineer eng ing lic
"""
"""Titles before or after a person's name. In the name of an organization or a ship they are words like any other."""

PARTICLE_TABLE = """
al el ul ur ad as ash bin ben ibn bint abu abou abi um umm ould ud
de del della di da dos das du la las le los van von der den ter zu y e i et und of the and for
"""

TITLES = frozenset(TITLE_TABLE.split())
PARTICLES = frozenset(PARTICLE_TABLE.split())

_FORMS: dict[tuple[str, ...], str] = {
    tuple(written.split()): short.replace(" ", "")
    for short, ways in (line.split(": ") for line in FORM_TABLE.strip().splitlines())
    for written in ways.split(", ")
}
_LONGEST = max(map(len, _FORMS))


_SPELLED_OUT = tuple(sorted({word for written in _FORMS for word in written if len(word) >= 7 and len(written) == 1}))
"""Legal forms long enough that one edit leaves no doubt of what was meant."""


@functools.lru_cache(maxsize=65_536)
def form_meant(word: str) -> str:
    """Return the legal form that a word misspells by one edit, or the word itself.

    >>> form_meant("corporattion"), form_meant("companion")
    ('corporation', 'companion')
    """
    if len(word) < 6 or word in _SPELLED_OUT:
        return word
    return next((form for form in _SPELLED_OUT if abs(len(form) - len(word)) <= 1 and edits(word, form) == 1), word)


def form_at(words: tuple[str, ...], start: int) -> tuple[str, int] | None:
    """Return the legal form that begins at a word, in its short way, and how many words it takes.

    >>> form_at(("acme", "s", "a", "de", "c", "v"), 1)
    ('sacv', 5)
    """
    for count in range(min(_LONGEST, len(words) - start), 0, -1):
        short = _FORMS.get(words[start : start + count])
        if short is not None:
            return short, count
    return None
