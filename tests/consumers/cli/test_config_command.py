"""`screening config show`, and settings as every command takes them."""

from __future__ import annotations

import json

import pytest
import terminal

SECRET = "s3cret-word"  # noqa: S105 - it must not be shown, and is none
FILE = f"""\
[log]
prefix = "file."
security_protocol = "SASL_SSL"
sasl_mechanism = "PLAIN"
sasl_username = "screening"

[store]
url = "postgresql+psycopg://screening:{SECRET}@db/screening"
"""


@pytest.fixture
def configured(fresh):
    """Someone with a configuration file and a password in the environment."""
    fresh.write("screening.toml", FILE)
    return terminal.Terminal(fresh.folder, {"SCREENING_LOG_SASL_PASSWORD": SECRET, "SCREENING_LOG_PARTITIONS": "3"})


def test_every_setting_with_its_source(configured):
    """Each setting stands there with its value, and says whether a flag, the environment, the file or nobody set it."""
    (rows,) = configured.run("config", "show", "--json", "--data", "elsewhere").lines
    shown = {row["name"]: row for row in rows}
    assert (shown["data"]["value"], shown["data"]["source"]) == ("elsewhere", "--data")
    assert (shown["log.partitions"]["value"], shown["log.partitions"]["source"]) == ("3", "SCREENING_LOG_PARTITIONS")
    assert (shown["log.prefix"]["value"], shown["log.prefix"]["source"]) == ("file.", "screening.toml")
    assert shown["run.batch"]["source"] == "default"
    assert all(row["help"] for row in rows)


def test_secrets_are_masked(configured):
    """Neither a secret nor the password in a URL is printed, in either form."""
    for options in ([], ["--json"]):
        done = configured.run("config", "show", *options)
        assert done.code == 0
        assert "log.sasl_password" in done.out
        assert SECRET not in done.out + done.err


def test_all_faults_at_once(fresh):
    """Unknown keys and bad values of file and environment are told together, with their places; exit code 2."""
    fresh.write("screening.toml", '[log]\nurl = "mysql://x"\ncolour = 1\n[runs]\n')
    someone = terminal.Terminal(fresh.folder, {"SCREENING_RUN_BATCH": "0", "SCREENING_LOG_URI": "x"})
    done = someone.run("config", "show")
    assert (done.code, done.out) == (2, "")
    places = ("screening.toml: log.url", "log.colour", "runs", "SCREENING_RUN_BATCH", "SCREENING_LOG_URI")
    assert [place for place in places if place not in done.err] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--data", "here", "--log", "sqlite:///log.db", "config", "show", "--json"],
        ["config", "--data", "here", "--log", "sqlite:///log.db", "show", "--json"],
        ["config", "show", "--json", "--data", "here", "--log=sqlite:///log.db"],
    ],
    ids=["before", "between", "after"],
)
def test_shared_options_stand_anywhere(fresh, arguments):
    """`--data` and `--log` mean the same before and after the subcommand."""
    (rows,) = fresh.run(*arguments).lines
    shown = {row["name"]: row["value"] for row in rows}
    assert (shown["data"], shown["log.url"]) == ("here", "sqlite:///log.db")


def test_a_configuration_file_by_name(fresh):
    """`--config` names another file; one that is not there is a fault, told by its name."""
    fresh.write("other.toml", '[log]\nprefix = "other."\n')
    for arguments in (["--config", "other.toml", "config", "show"], ["config", "show", "--config", "other.toml"]):
        assert "other." in fresh.run(*arguments).out
    done = fresh.run("config", "show", "--config", "absent.toml")
    assert done.code == 2
    assert "absent.toml" in done.err


def test_the_table_is_plain_when_piped(fresh):
    """Piped, a table is tab-separated text without colours or frames."""
    done = fresh.run("config", "show")
    assert "\x1b" not in done.out
    assert {len(row) for row in done.rows} == {4}


def test_another_data_directory(fresh):
    """What one data directory holds is not seen from another."""
    given = json.dumps({"id": "c-1", "account_id": "a-1", "body": "b"})
    assert fresh.run("publish", "content.published", "--data", "one", given=given).code == 0
    assert fresh.run("--data", "one", "tail", "content.published").code == 0
    assert fresh.run("--data", "two", "tail", "content.published").code == 1
    assert {name.split("/")[0] for name in fresh.files()} == {"one"}
