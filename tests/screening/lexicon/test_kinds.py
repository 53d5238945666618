"""Kinds of term: contact details, identity numbers, bank cards; what is found, what is left alone, at what cost."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lexicontexts import entry, matcher

from screening.evidence import Ceiling
from screening.lexicon import contact
from screening.lexicon.identity import is_bank_card, is_identity_number
from screening.lexicon.kinds import Kind, surface
from screening.lexicon.spotting import spot, spread
from screening.subjects import Content
from screening.text.normalize import normalize

ALL = spread(Kind) - {Kind.HEADLINE}


def spotted(text, kinds=ALL):
    plain = normalize(text).text
    return [(found.kind.value, plain[found.start : found.end]) for found in spot(plain, kinds)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电话13912345678一次", "13912345678"),
        ("手机:139-1234-5678。", "139-1234-5678"),
        ("拨 1 3 9 1 2 3 4 5 6 7 8 吧", "1 3 9 1 2 3 4 5 6 7 8"),
        ("①③⑨１２３４5678", "13912345678"),
        ("一三九1234五六七八", "一三九1234五六七八"),
        ("幺三九零零幺幺二二三三", "幺三九零零幺幺二二三三"),
        ("壹叁玖12345678", "壹叁玖12345678"),
        ("139*1234*5678", "139*1234*5678"),
        ("13-91-23~45~67#8", None),
        ("+86 139 1234 5678", "86 139 1234 5678"),
        ("0086-010-62345678", "010-62345678"),
        ("座机010-62345678", "010-62345678"),
        ("热线 400-123-4567", "400-123-4567"),
        ("2021-03-04 13912345678", "13912345678"),
        ("tel:13912345678", "13912345678"),
    ],
)
def test_telephone_numbers_are_found_as_people_write_them(text, found):
    """Whole, in groups, digit by digit, in circled, full-width and Han digits, beside other numbers."""
    assert [held for kind, held in spotted(text, spread([Kind.PHONE]))] == ([] if found is None else [found])


@pytest.mark.parametrize(
    "text",
    [
        "共13912345678元",
        "0.13912345678",
        "3.13912345678901",
        "id=13912345678",
        "abc13912345678",
        "1391234567",
        "139123456789",
        "12345678901",
        "13，14，15，16，17，18",
        "15 20 30 40 35 9",
        "2021年3月4日5时6分7秒",
        "一三五七九",
        "3个139，12个34，5678",
        "192.168.139.123",
        "订单号5213912345678012",
    ],
)
def test_other_numbers_are_no_telephone(text):
    """Sums, decimals, parameters, longer and shorter numbers, lists and dates."""
    assert spotted(text, spread([Kind.PHONE])) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("加微信：boss_88吧", "加微信:boss_88"),
        ("微信号：bossman", "微信号:bossman"),
        ("➕微 boss8899", "➕微 boss8899"),
        ("威❤信 boss8899", "威❤信 boss8899"),
        ("V我50，vx boss888", "vx boss888"),
        ("联系我V：abc123", "联系我v:abc123"),
        ("扣扣 1234567", "扣扣 1234567"),
        ("扣扣 1 2 3 4 5 6 7 在线", "扣扣 1 2 3 4 5 6 7"),
        ("Q群:123456789", "q群:123456789"),
        ("加q一二三四五六七", "加q一二三四五六七"),
        ("qq12345678", "qq12345678"),
        ("纸飞机 boss8899", "纸飞机 boss8899"),
        ("电报@boss888", "电报@boss888"),
        ("飞机：boss88ok", "飞机:boss88ok"),
    ],
)
def test_ids_of_messengers_are_found_after_their_many_names(text, found):
    """The name is part of what is found; symbols in the name and between the digits are read over."""
    assert spotted(text, spread([Kind.MESSENGER])) == [("messenger", found)]


@pytest.mark.parametrize(
    "text",
    [
        "微信 iphone 版",
        "QQ2012版",
        "飞机CA1234晚点",
        "微信 8.0.30 更新",
        "用微信聊天",
        "微信公众号很多",
        "我在看qq music",
        "微信红包12元",
        "the wechat application is large",
        "qq 2021年3月",
    ],
)
def test_speaking_of_a_messenger_is_no_id(text):
    """Versions, flights, devices and ordinary words are left alone."""
    assert spotted(text, spread([Kind.MESSENGER])) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("看 https://www.example.com/a?b=1 吧", ("domain", "https://www.example.com/a?b=1")),
        ("搜abc88.vip领", ("domain", "abc88.vip")),
        ("浏览器打开abc88点vip", ("domain", "abc88点vip")),
        ("abc88。com", ("domain", "abc88。com")),
        ("点t.cn/Ab3dE", ("short-link", "t.cn/ab3de")),
        ("dwz点cn/x1", ("short-link", "dwz点cn/x1")),
        ("发到boss@example.com。", ("email", "boss@example.com")),
        ("boss.li@mail.example.com.cn", ("email", "boss.li@mail.example.com.cn")),
    ],
)
def test_addresses_are_found(text, found):
    """With and without scheme and path, with dressed dots, short links and mail apart."""
    assert spotted(text) == [found]


@pytest.mark.parametrize("text", ["asp.net开发", "3.5米", "Mr.Wang", "a.b.c", "end.Next", "@boss"])
def test_not_every_dot_makes_an_address(text):
    """Decimals, names, frameworks and sentences."""
    assert spotted(text) == []


def test_a_shortener_alone_is_no_short_link():
    """Without a path it leads nowhere hidden."""
    assert spotted("短网址服务t.cn很常用") == [("domain", "t.cn")]


def test_contact_means_all_ways_to_answer():
    """One word stands for telephone, messengers, mail and short links, not for any address on the net."""
    text = "13912345678 vx boss888 boss@example.com t.cn/Ab3 www.example.com"
    assert {kind for kind, _ in spotted(text, spread([Kind.CONTACT]))} == {
        "phone",
        "messenger",
        "email",
        "short-link",
    }


def identity(region="110105", born="19491231", sequence="002"):
    """An identity number made up, its check digit found by trying all."""
    (number,) = [
        f"{region}{born}{sequence}{check}" for check in "0123456789x" if valid(region + born + sequence, check)
    ]
    return number


def valid(body, check):
    # ISO 7064: the weighted sum of all 18 characters leaves 1 when divided by 11.
    digits = [10 if character == "x" else int(character) for character in body + check]
    return sum(digit * 2 ** (17 - place) for place, digit in enumerate(digits)) % 11 == 1


def test_an_identity_number_has_region_date_and_check_digit():
    """A change of any of them, or of any single digit, makes it none."""
    assert is_identity_number(identity())
    assert not is_identity_number(identity(region="990105"))
    assert not is_identity_number(identity(born="19491331"))
    assert not is_identity_number(identity(born="20210229"))
    assert not is_identity_number(identity(born="18491231"))
    number = identity()
    for place in range(17):
        for digit in set("0123456789") - {number[place]}:
            assert not is_identity_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("form", ["{}", "身份证{}。", "{}X".replace("X", ""), "号 {} 是"])
def test_identity_numbers_are_found_in_any_dress(form):
    """Whole, in groups, in full-width digits; never inside a longer number."""
    number = identity()
    for written in (
        number,
        f"{number[:6]} {number[6:14]} {number[14:]}",
        number.translate({48 + d: 0xFF10 + d for d in range(10)}),
    ):
        assert [kind for kind, _ in spotted(form.format(written))] == ["identity-number"]
    assert spotted(f"7{number}") == []
    assert spotted(f"{number}5") == []


def luhn(body):
    """The number with its check digit, found by trying all."""
    (number,) = [body + check for check in "0123456789" if luhn_sum(body + check) % 10 == 0]
    return number


def luhn_sum(number):
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(number)))


def test_a_bank_card_has_a_known_beginning_and_a_check_digit():
    """UnionPay of 16 to 19 digits, Visa and Mastercard of 16."""
    for body in ("622202020011223", "62220202001122334", "622202020011223344", "411111111111111", "510510510510510"):
        assert is_bank_card(luhn(body))
        assert not is_bank_card(luhn(body)[:-1] + str((int(luhn(body)[-1]) + 1) % 10))
    assert not is_bank_card(luhn("911111111111111"))
    assert not is_bank_card(luhn("6222020200112"))
    assert not is_bank_card("0" * 16)


def test_bank_cards_are_found_whole_and_in_fours():
    """As banks print them; other groups are columns of figures."""
    card = luhn("622202020011223344")
    fours = " ".join(card[at : at + 4] for at in range(0, 19, 4))
    assert spotted(f"卡号{card}尽快转") == [("bank-card", card)]
    assert spotted(f"卡号 {fours} 尽快转") == [("bank-card", fours)]
    assert spotted(f"{card[:5]},{card[5:]}") == []


def test_nothing_is_found_across_fields():
    """A separator of the batch ends every run."""
    assert spot("1391234\x005678 扣扣\x001234567 abc\x00.vip", ALL) == []


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "13",
        "一",
        "一 ",
        "一1",
        "v",
        "vx",
        "加",
        "扣扣",
        "扣扣1 ",
        "a.",
        "a点",
        "a@",
        "www.",
        "/",
        "1-",
        ":v",
        "+",
        "62 ",
    ],
)
def test_hostile_repetition_is_searched(piece):
    """A quarter of a million characters of any piece end (quadratic work would exceed the test's time limit)."""
    text = piece * (250_000 // len(piece))
    assert all(0 <= found.start < found.end <= len(text) for found in spot(text, ALL))


def test_an_entry_of_a_kind_hits_like_one_of_terms():
    """The term is the kind's name; what is dressed is as sure as what stands apart, and `via` says so."""
    found_by = matcher(
        '[[entry]]\nid = "phone"\nkind = "phone"\nceiling = "review"\nmust_hit = ["x"]\nmust_not_hit = ["y"]'
    )
    body = "电话１３９-１２３４-5678一次，或 13912345679"
    dressed, plain = found_by.find([Content(id="c", account_id="a", body=body)])[0]
    assert (dressed.entry, dressed.term, dressed.quote, dressed.score) == (
        "phone",
        "phone",
        "１３９-１２３４-5678",
        0.9,
    )
    assert (dressed.via, dressed.ceiling) == (("width", "symbols-removed"), Ceiling.REVIEW)
    assert (plain.quote, plain.score, plain.via) == ("13912345679", 1.0, ())


def test_allow_phrases_cancel_kinds_too():
    """An operator's own hotline is no advertisement."""
    found_by = matcher(
        '[[entry]]\nid = "phone"\nkind = "contact"\nallow = ["13912345678"]\nmust_hit = ["x"]\nmust_not_hit = ["y"]',
        entry("word", "赌博"),
    )
    contents = [Content(id="c", account_id="a", body=body) for body in ("打13912345678", "打13912345679")]
    assert [len(hits) for hits in found_by.find(contents)] == [0, 1]


_BESIDE = (
    "微信",
    "vx",
    "wx",
    "q",
    "v",
    "加",
    "我",
    ":",
    "号",
    "群",
    "id",
    "the ",
    "to ",
    "potato",
    "telegram ",
    "企鹅",
    " ",
)
_BESIDE += ("telegram ", "boss88", "abc123", "12345678", "找", ".", "\n", "电报", "小", "time", "扣*扣", "x", "-")


@pytest.mark.parametrize("seed", range(3))
def test_what_cannot_end_a_name_of_a_messenger_hides_none(monkeypatch, seed):
    """One look at the last character before an id gives the same as looking at all that stands before it."""
    chance = random.Random(seed)
    texts = [normalize("".join(chance.choices(_BESIDE, k=chance.randrange(2, 9)))).text for _ in range(1_500)]
    wanted = spread([Kind.MESSENGER])
    found = [spot(text, wanted) for text in texts]
    monkeypatch.setattr(contact, "_may_end", lambda *_: True)
    assert [spot(text, wanted) for text in texts] == found
    assert sum(map(bool, found)) > 100


def _plain_runs(text, chosen, passed, most):
    """Return the runs of chosen characters with at most so many passed ones between two, one character at a time."""
    runs, marks = [], 0
    for place, character in enumerate(text):
        if character in chosen:
            if runs and marks <= most:
                runs[-1] = (*runs[-1], place)
            else:
                runs.append((place,))
            marks = 0
        elif character in passed:
            marks += 1
        else:
            marks = most + 1
    return runs


@given(st.text(alphabet="12一零a-._,。点 博\n", max_size=60), st.integers(1, 12))
def test_runs_and_points_are_those_seen_one_by_one(text, least):
    """Whether a text holds any is told at one look; where it does, they are the same."""
    seen = surface(text)
    digits = _plain_runs(text, "12一零", ",.。 -_", 3)
    assert seen.digit_runs(least) == [(run[0], run[-1] + 1) for run in digits if len(run) >= least]
    words = _plain_runs(text, "12a-_", "", 0)
    assert seen.word_runs(least) == [(run[0], run[-1] + 1) for run in words if len(run) >= least]
    for marks in (".", "点。丶·,"):
        within = [at for at in range(1, len(text) - 1) if text[at - 1] in "12a" and text[at + 1] == "a"]
        assert seen.points(marks) == [at for at in within if text[at] in marks]
