"""`screening publish`: each line validated, what is wrong told with its line, the rest on the log."""

from __future__ import annotations

import json

import pytest

CONTENT = {"id": "c-1", "account_id": "a-1", "body": "今天天气很好"}
REGISTRATION = {"account_id": "a-1", "kind": "person", "name": "Zhang Meili"}
DIRECTIVE = {
    "directive_id": "d-1",
    "account_id": "a-1",
    "type": "lift",
    "target": "0f1e",
    "by": "li",
    "reason": "appeal granted",
}


def test_a_line_becomes_a_record(fresh):
    """A content stands on its topic under its account, with the bytes that were given, unknown fields too."""
    line = '{"id":"c-1",  "account_id":"a-1","body":"好","colour":"red"}'
    done = fresh.run("publish", "content.published", given=line + "\n")
    assert (done.code, done.out) == (0, "")
    assert "1 published" in done.err
    (record,) = fresh.tail("content.published")
    assert record["key"] == "a-1"
    assert record["value"] == json.loads(line)
    assert record["headers"]["content-type"] == "application/json"


def test_refusals_are_told_and_the_rest_is_published(fresh):
    """A refusal names its physical line and the reason on stderr; exit code 1 comes at the end."""
    given = "\n".join(
        [
            json.dumps(CONTENT),
            "",
            '{"id": "c-2"',
            json.dumps(CONTENT | {"id": "c-3", "body": 7}),
            json.dumps(CONTENT | {"id": "c-4"}),
        ]
    )
    done = fresh.run("publish", "content.published", fresh.write("posts.jsonl", given))
    assert done.code == 1
    told = done.err.splitlines()
    assert told[0].startswith("line 3: ")
    assert told[1].startswith("line 4: $.body: ")
    assert "expected" in told[1]
    assert "2 published, 2 refused" in done.err
    assert {record["value"]["id"] for record in fresh.tail("content.published")} == {"c-1", "c-4"}


def test_an_account_keeps_its_order(fresh):
    """Records of one account stand in one partition, in the order of the lines."""
    done = fresh.publish("content.published", *(CONTENT | {"id": f"c-{n}"} for n in range(30)))
    assert done.code == 0
    records = fresh.tail("content.published")
    assert len({record["partition"] for record in records}) == 1
    assert [record["value"]["id"] for record in records] == [f"c-{n}" for n in range(30)]


def test_a_registration_and_its_erasure(fresh):
    """A key with a null value erases the registration: a null value under that key."""
    done = fresh.publish("accounts.registered", REGISTRATION, {"key": "a-1", "value": None})
    assert done.code == 0
    registered, erased = fresh.tail("accounts.registered")
    assert registered["value"] == REGISTRATION
    assert (erased["key"], erased["value"]) == ("a-1", None)


@pytest.mark.parametrize(
    "line", ['{"key": "", "value": null}', '{"key": 7, "value": null}', '{"key": "a-1", "value": 1}', "null"]
)
def test_what_is_no_erasure_is_refused(fresh, line):
    """An erasure needs a key that can be an account, and a null value."""
    done = fresh.run("publish", "accounts.registered", given=line + "\n")
    assert (done.code, fresh.tail("accounts.registered")) == (1, [])
    assert "line 1: " in done.err


def test_directives_go_to_the_results(fresh):
    """A directive stands on the results topic, and its type tells it from a result."""
    assert fresh.publish("screening.results", DIRECTIVE).code == 0
    (record,) = fresh.tail("screening.results")
    assert record["value"] == DIRECTIVE
    assert record["headers"]["ce_type"] == "screening.directive.lift.v1"


def test_a_result_is_not_taken_from_outside(fresh):
    """What is no directive is refused on the results topic, as is a directive that nobody carries out."""
    done = fresh.publish("screening.results", CONTENT, DIRECTIVE | {"type": "promote"})
    assert (done.code, fresh.tail("screening.results")) == (1, [])
    assert "line 2: $.type" in done.err


def test_raw_takes_bytes_as_they_are(fresh):
    """`--raw` validates nothing: broken bytes stand on the log as they were given."""
    broken = b'{"account_id": "a-1", "body": "\xff"}'
    done = fresh.run("publish", "content.published", "--raw", given=broken + b"\nnot json\n")
    assert done.code == 0
    records = fresh.tail("content.published")
    assert len(records) == 2
    assert all("value_base64" in record for record in records)


@pytest.mark.parametrize("topic", ["content", "enforcement.content", "screening.activations", "screening.dead-letter"])
def test_other_topics_are_refused(fresh, topic):
    """Only input topics can be published to; the fault names them, and nothing is made on disk."""
    done = fresh.publish(topic, CONTENT)
    assert (done.code, done.out) == (2, "")
    assert "content.published" in done.err
    assert fresh.files() == {}


def test_a_line_over_the_limit_is_refused_alone(fresh):
    """A body over the limit is refused with its line; its neighbours are published."""
    huge = CONTENT | {"id": "c-2", "body": "a" * (10 * 1024 * 1024)}
    done = fresh.publish("content.published", CONTENT, huge, CONTENT | {"id": "c-3"})
    assert done.code == 1
    assert "line 2: " in done.err
    assert [record["value"]["id"] for record in fresh.tail("content.published")] == ["c-1", "c-3"]


def test_a_record_that_only_the_log_refuses(fresh):
    """A raw line larger than the log takes is refused alone, and told."""
    done = fresh.run(
        "publish", "content.published", "--raw", given=b"first\n" + b"a" * (11 * 1024 * 1024) + b"\nlast\n"
    )
    assert done.code == 1
    assert "line 2: " in done.err
    assert len(fresh.tail("content.published")) == 2
