"""Sensational headlines: the title shouts, and the body tells something else."""

from __future__ import annotations

import json

import pytest
from datafolder import data_folder
from lexicontexts import entry, matcher

from screening.evidence import Ceiling
from screening.lexicon.headline import LEAST_BODY, sensational
from screening.subjects import Content
from screening.text.normalize import normalize

LOUD = "震惊！99%的人都不知道西红柿这样吃会中毒"
OTHER = (
    "今天给大家介绍一款手机壳，材质柔软，手感舒适，颜色有红黑蓝三种，支持定制图案，下单后两天内发货，购买三件以上还可以享受优惠，"
    "有任何问题都可以咨询在线客服，我们会在第一时间答复，感谢大家长期以来的支持与厚爱，祝生活愉快。"
)
TELLING = (
    "西红柿这样吃会中毒吗？未成熟的青西红柿含有龙葵碱，一次吃得太多确实会中毒，出现恶心和呕吐。成熟以后这种物质很少，可以放心吃。"
    "专家提醒，发青的西红柿放几天，等它红透了再吃，煮熟也能减少风险，孩子和老人尤其要留意。"
)


def found(title, body):
    return sensational(normalize(title).text, normalize(body).text)


@pytest.mark.parametrize(
    "title",
    [
        LOUD,
        "速看！这种水果千万别买，看完我沉默了",
        "全国都炸了！这个秘密竟然隐藏了三十年",
        "太可怕了！！！一家三口吃完隔夜菜后结果惊人",
        "不看后悔！银行内部人员透露的存款秘密",
        "删前速看，某地医院出现的怪病真相",
    ],
)
def test_a_loud_title_over_another_story_is_found(title):
    """Markers together, and hardly a word of the title in the body."""
    judged = found(title, OTHER)
    assert judged is not None
    assert judged.loudness >= 0.7
    assert judged.told <= 0.25
    assert 0.5 < judged.score <= 1.0


def test_a_loud_title_over_its_own_story_is_taste():
    """A body that tells what the title says makes it no sham."""
    assert found(LOUD, TELLING) is None


@pytest.mark.parametrize(
    "title",
    [
        "西红柿这样吃会中毒",
        "社会震惊：少年沉迷网游酿血案",
        "小牛惊天逆转晋级决赛",
        "他竟然赢了比赛冠军",
        "好消息！新店今天开业！",
        "震惊！！！",
    ],
)
def test_a_title_that_hardly_shouts_is_left_alone(title):
    """News of what shocks, one weak word, ordinary joy, and cries that promise nothing."""
    assert found(title, OTHER) is None


def test_without_a_body_that_tells_something_nothing_is_judged():
    """No body, a short one, and one of symbols."""
    assert found(LOUD, "") is None
    assert found(LOUD, OTHER[: LEAST_BODY // 2]) is None
    assert found(LOUD, "＊" * 500) is None


def headlines(**fields):
    rows = {"ceiling": "review", "severity": 2, "must_hit": ["x"], "must_not_hit": ["y"]} | fields
    written = "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items())
    return matcher(f'[[entry]]\nid = "headline"\nkind = "headline"\n{written}', entry("word", "赌博"))


def test_a_hit_stands_on_the_title():
    """From the first marker to the last, as sent; never more than review."""
    found_by = headlines(ceiling="auto", severity=3)
    (hit,) = found_by.find([Content(id="c", account_id="a", title=LOUD, body=OTHER)])[0]
    assert (hit.entry, hit.term, hit.field, hit.quote) == ("headline", "headline", "title", "震惊！99%的人都不知道")
    assert LOUD[hit.start : hit.end] == hit.quote
    assert (hit.ceiling, hit.via) == (Ceiling.REVIEW, ("title-unlike-body",))


def test_titles_in_markup_are_read_as_shown():
    """The quote is the slice of the source."""
    title = "<b>震&#24778;</b>！99%的人都不知道西红柿这样吃会中毒"
    (hit,) = headlines().find([Content(id="c", account_id="a", title=title, body=f"<p>{OTHER}</p>", format="html")])[0]
    assert title[hit.start : hit.end] == hit.quote == "震&#24778;</b>！99%的人都不知道"


def test_an_allow_phrase_in_the_title_cancels():
    """An operator's column that is called so by name."""
    assert headlines(allow=["99%的人都不知道"]).find([Content(id="c", account_id="a", title=LOUD, body=OTHER)]) == [()]


def test_news_titles_are_left_alone_even_over_another_story():
    """Of 10,000 titles over bodies that are not theirs at most 5 are found, and without a body none."""
    folder = data_folder() / "content"
    titles = [
        json.loads(line)["text"] for line in (folder / "clean_thucnews_title_dev.jsonl").read_text("utf-8").splitlines()
    ]
    assert sum(found(title, OTHER) is not None for title in titles) <= 5 * len(titles) / 10_000
    assert not any(found(title, "") for title in titles)
