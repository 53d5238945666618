"""Settings: four places, the later wins, every fault at once, no secret shown."""

from __future__ import annotations

import pathlib
import pickle
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.settings import (
    KafkaBrokers,
    Settings,
    SettingsError,
    SqliteFile,
    all_settings,
    describe,
    load_settings,
    log_place,
    mask_url,
    read_settings,
)

EVERYTHING = """
data = "/srv/screening"
instance = "north-1"

[log]
url = "kafka://one:9092,two:9092"
prefix = "test."
partitions = 12
replication = 3
security_protocol = "SASL_SSL"
sasl_mechanism = "SCRAM-SHA-512"
sasl_username = "pipeline"
sasl_password = "hunter2"
ssl_cafile = "/etc/authorities.pem"

[store]
url = "postgresql+psycopg://screening:hunter2@db/screening"

[run]
workers = 4
batch = 1000
poll_seconds = 1.5
dead_letters_in_a_row = 20
dead_letter_percent = 10
dead_letter_window = 500

[metrics]
port = 9464
host = "0.0.0.0"
watch_seconds = 5

[health]
moved_seconds = 60
commit_seconds = 30
watchlist_days = 7
lexicon_days = 90

[logging]
level = "debug"
format = "json"

[tracing]
export = "otlp"

[rescreen]
most_waiting = 7
most_waiting_seconds = 1.5
most_pause_seconds = 30.0
portion = 9
nice = 3
[archive]
path = "/srv/archive"

[watchlist]
hosts = "lists.example.org, other.example.org"
most_bytes = 1000000
most_ratio = 50
most_seconds = 60.5
bounds = "/etc/screening/bounds.toml"
"""


def load(text: str | None = None, environment: dict[str, str] | None = None, **flags: str) -> Settings:
    return load_settings(text, "screening.toml", environment or {}, {k.replace("__", "."): v for k, v in flags.items()})


def faults_of(text: str | None = None, environment: dict[str, str] | None = None, **flags: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(text, environment, **flags)
    return [str(fault) for fault in caught.value.faults]


def test_nothing_given_works_on_one_host():
    """Without any setting the log and the store stand in ./.screening, and every source is the default."""
    settings = load()
    assert settings.data == pathlib.Path(".screening")
    assert settings.instance is None
    assert settings.log.place == SqliteFile(pathlib.Path(".screening/log.sqlite"))
    assert settings.store.url == "sqlite:///.screening/store.sqlite"
    assert (settings.log.partitions, settings.log.replication, settings.log.prefix) == (6, -1, "")
    assert (settings.run.workers, settings.run.batch, settings.run.poll_seconds) == (1, 500, 0.5)
    assert set(settings.sources.values()) == {"default"}


def test_log_and_store_follow_the_data_directory():
    """Another data directory takes the default log and store with it, also an absolute one."""
    settings = load(data="/srv/s")
    assert settings.log.place == SqliteFile(pathlib.Path("/srv/s/log.sqlite"))
    assert settings.store.url == "sqlite:////srv/s/store.sqlite"


def test_every_setting_can_stand_in_the_file():
    """A file that sets everything is read whole, and every setting names it as its source."""
    settings = load(EVERYTHING)
    assert settings.log.place == KafkaBrokers(("one:9092", "two:9092"))
    assert settings.log.sasl_password == "hunter2"  # noqa: S105 - made up
    assert settings.run.poll_seconds == 1.5
    assert set(settings.sources) == set(all_settings())
    assert set(settings.sources.values()) == {"screening.toml"}


@pytest.mark.parametrize("name", list(all_settings()))
def test_every_setting_can_stand_in_the_environment(name):
    """Each setting is reached by its variable, with the same value as in the file."""
    whole = load(EVERYTHING)
    section, _, key = name.rpartition(".")
    value = getattr(getattr(whole, section) if section else whole, key)
    changed = load(EVERYTHING, {"SCREENING_" + name.replace(".", "_").upper(): str(value)})
    assert msgspec.structs.replace(changed, sourced=whole.sourced) == whole
    assert changed.sources[name] == all_settings()[name].variable


def test_the_later_place_wins():
    """Flags win over the environment, the environment over the file."""
    text = '[log]\nurl = "sqlite:///file"\nprefix = "file."\n[run]\nworkers = 2'
    settings = load(
        text, {"SCREENING_LOG_URL": "sqlite:///env", "SCREENING_RUN_WORKERS": "3"}, log__url="sqlite:///flag"
    )
    assert settings.log.place == SqliteFile(pathlib.Path("flag"))
    assert settings.run.workers == 3
    assert settings.log.prefix == "file."
    said = settings.sources
    assert (said["log.url"], said["run.workers"], said["log.prefix"]) == (
        "--log",
        "SCREENING_RUN_WORKERS",
        "screening.toml",
    )


def test_every_fault_is_reported_at_once_with_its_place():
    """Faults of file, environment and flags come together, each with where, found and expected."""
    text = 'colour = 1\n[log]\nurll = "x"\npartitions = "6"\n[run]\nbatch = 0'
    found = faults_of(text, {"SCREENING_RUN_POLL_SECONDS": "soon", "SCREENING_FOO": "1"}, log__url="http://x")
    assert found == [
        "screening.toml: colour: found an unknown key, expected one of " + ", ".join(all_settings()),
        "screening.toml: log.urll: found an unknown key, expected perhaps log.url",
        "screening.toml: log.partitions: found '6', expected a whole number from 1 to 1000",
        "screening.toml: run.batch: found 0, expected a whole number from 1 to 10000",
        "SCREENING_FOO: found an unknown variable, expected one of "
        + ", ".join(setting.variable for setting in all_settings().values()),
        "SCREENING_RUN_POLL_SECONDS: found 'soon', expected a number above 0, at most 60",
        "--log: found 'http://x', expected sqlite:///PATH or kafka://HOST:PORT[,HOST:PORT], without user and password",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCREENING_DATA", ""),
        ("SCREENING_INSTANCE", "a b"),
        ("SCREENING_INSTANCE", ""),
        ("SCREENING_INSTANCE", "x" * 65),
        ("SCREENING_INSTANCE", "x\n"),
        ("SCREENING_LOG_URL", ""),
        ("SCREENING_LOG_URL", "sqlite:///"),
        ("SCREENING_LOG_URL", "sqlite:///log?mode=ro"),
        ("SCREENING_LOG_URL", "kafka://"),
        ("SCREENING_LOG_URL", "kafka://host"),
        ("SCREENING_LOG_URL", "kafka://one:1,,two:2"),
        ("SCREENING_LOG_URL", "kafka://user:word@host:9092"),
        ("SCREENING_LOG_PREFIX", "a/b"),
        ("SCREENING_LOG_PREFIX", "test.\n"),
        ("SCREENING_LOG_PARTITIONS", "0"),
        ("SCREENING_LOG_PARTITIONS", "six"),
        ("SCREENING_LOG_REPLICATION", "0"),
        ("SCREENING_LOG_REPLICATION", "-2"),
        ("SCREENING_LOG_SECURITY_PROTOCOL", "TLS"),
        ("SCREENING_LOG_SSL_CAFILE", ""),
        ("SCREENING_STORE_URL", "screening.sqlite"),
        ("SCREENING_RUN_WORKERS", "1.5"),
        ("SCREENING_RUN_POLL_SECONDS", "0"),
        ("SCREENING_RUN_POLL_SECONDS", "nan"),
        ("SCREENING_RUN_POLL_SECONDS", "inf"),
    ],
)
def test_values_out_of_bounds_are_faults(name, value):
    """A value that cannot be meant is refused at its own place, never bent into one that can."""
    (fault,) = faults_of(None, {name: value})
    assert fault.startswith(f"{name}: found ")


@pytest.mark.parametrize(
    "text", ["log = 5", "data = 5", "data = {}", "run.workers = true", '"log.url" = "sqlite:///x"']
)
def test_wrong_types_in_the_file_are_faults(text):
    """The file has types of its own: a number is no path, a truth value no number, a quoted dot no section."""
    (fault,) = faults_of(text)
    assert fault.startswith("screening.toml: ")


def test_a_value_that_is_overridden_is_checked_too():
    """A faulty value in the file is reported although a flag would hide it."""
    assert len(faults_of('[log]\nurl = "nonsense"', None, log__url="sqlite:///x")) == 1


def test_broken_toml_does_not_hide_other_faults():
    """Where the file is no TOML, the faults of the environment are told beside it."""
    found = faults_of("[log", {"SCREENING_RUN_BATCH": "0"})
    assert len(found) == 2
    assert found[0].startswith("screening.toml: found no TOML")


def test_variables_of_the_tests_and_of_others_are_left_alone():
    """SCREENING_TEST_… and everything that is not SCREENING_… are no settings and no faults."""
    environment = {"SCREENING_TEST_DATA": "x", "SCREENING_TEST_KAFKA": "y", "HOME": "/", "_SCREENING_COMPLETE": "z"}
    assert load(None, environment) == load()


def test_signing_in_needs_all_that_it_takes():
    """A SASL protocol without mechanism, name or password tells each of the three."""
    found = faults_of('[log]\nsecurity_protocol = "SASL_SSL"')
    assert [fault.split(" ")[0] for fault in found] == ["log.sasl_mechanism", "log.sasl_username", "log.sasl_password"]


def test_a_password_that_would_not_be_used_is_a_fault():
    """A password without a SASL protocol would silently not be sent; it is refused, and not shown."""
    (fault,) = faults_of(None, {"SCREENING_LOG_SASL_PASSWORD": "hunter2"})
    assert "PLAINTEXT" in fault
    assert "hunter2" not in fault


def test_a_faulty_protocol_is_one_fault():
    """Nothing is concluded from a protocol that could not be read."""
    text = EVERYTHING.replace("SASL_SSL", "SASL_TLS")
    assert len(faults_of(text)) == 1


def test_secrets_are_shown_nowhere():
    """Neither `config show` nor a repr shows a password, of the log or inside the store's URL."""
    settings = load(EVERYTHING)
    rows = {row.name: row.value for row in describe(settings)}
    assert rows["log.sasl_password"] == "****"  # noqa: S105 - the mask
    assert rows["store.url"] == "postgresql+psycopg://screening:****@db/screening"
    assert "hunter2" not in repr(settings) + repr(settings.log) + repr(settings.store) + str(rows)


def test_faulty_secrets_are_shown_nowhere():
    """A fault about a secret, or about a URL that holds one, does not tell it."""
    text = '[log]\nsasl_password = 5318008\nurl = "kafka://me:hunter2@host:9092"\n[store]\nurl = "+x://me:hunter2@host"'
    found = faults_of(text)
    assert len(found) == 3
    assert not [fault for fault in found if "hunter2" in fault or "5318008" in fault]


@given(
    st.text(min_size=1).filter(lambda text: "@" not in text[-1:]),
    st.sampled_from(["", "/name", "/name?sslmode=require"]),
)
def test_a_masked_url_never_holds_its_password(password, rest):
    """Whatever stands between user and host is hidden, also signs that a URL should have escaped."""
    assert mask_url(f"postgresql://me:{password}@host{rest}") == f"postgresql://me:****@host{rest}"


@given(st.text() | st.sampled_from(["sqlite:///", "kafka://"]).flatmap(lambda head: st.text().map(head.__add__)))
def test_a_log_url_is_a_place_or_a_fault(url):
    """Any text is either one of the two places or a ValueError."""
    try:
        place = log_place(url)
    except ValueError:
        return
    match place:
        case SqliteFile(path):
            assert url == f"sqlite:///{path}" or pathlib.Path(url.removeprefix("sqlite:///")) == path
        case KafkaBrokers(servers):
            assert url == f"kafka://{','.join(servers)}"


def test_describe_tells_every_setting():
    """`config show` has a row for each setting, in order, with its source and a help that says something."""
    rows = describe(load(EVERYTHING, None, run__workers="9"))
    assert [row.name for row in rows] == list(all_settings())
    assert all(row.help.endswith(".") for row in rows)
    assert {row.name: row.source for row in rows}["run.workers"] == "--workers"
    assert {row.name: row.value for row in rows}["run.workers"] == "9"


def test_settings_are_frozen():
    """No value can be changed after loading."""
    with pytest.raises(AttributeError):
        load().log.url = "x"


def test_settings_travel_to_another_process():
    """Settings survive pickling whole, secrets and sources too: workers are processes."""
    settings = load(EVERYTHING)
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301 - our own bytes


def test_the_file_in_the_working_directory_may_be_missing(tmp_path, monkeypatch):
    """No screening.toml is fine at the default place, and one that is there is read."""
    monkeypatch.chdir(tmp_path)
    assert read_settings({}, environment={}) == load()
    (tmp_path / "screening.toml").write_bytes(b"\xef\xbb\xbf[run]\nworkers = 2")
    assert read_settings({}, environment={}).run.workers == 2


def test_a_named_file_must_be_there(tmp_path):
    """A file named by --config that is missing is a fault, told beside the others."""
    with pytest.raises(SettingsError) as caught:
        read_settings({}, tmp_path / "other.toml", {"SCREENING_RUN_BATCH": "0"})
    assert [fault.where for fault in caught.value.faults] == ["--config", "SCREENING_RUN_BATCH"]


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.write_bytes(b'data = "\xff"')])
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path, make):
    """A folder in the file's place and bytes that are no UTF-8 are faults with the file's name."""
    path = tmp_path / "screening.toml"
    make(path)
    with pytest.raises(SettingsError) as caught:
        read_settings({}, path, {})
    assert caught.value.faults[0].where.startswith(str(path))


def test_the_environment_is_the_process_own_unless_given(monkeypatch, tmp_path):
    """Without an environment of its own, the process's is read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCREENING_RUN_WORKERS", "7")
    assert read_settings({}).run.workers == 7


def test_nothing_is_read_at_import():
    """Importing the settings with a faulty environment does not fail: nothing happens at import."""
    code = "import consumers.settings"
    done = subprocess.run([sys.executable, "-c", code], env={"SCREENING_FOO": "1"}, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
