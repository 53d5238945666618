"""The settings themselves: what each is called, what it may be, and what it is for.

A setting is one annotated field of a section. Its help, its bounds and whether it is secret stand there and nowhere
else: the file's keys, the environment's names, `config show` and the reference are read from it.
"""

from __future__ import annotations

import functools
import pathlib
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec

from consumers.settings.urls import MASK, KafkaBrokers, SqliteFile, log_place, mask_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE_PREFIX: Final = "SCREENING_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `log.url` in the file, `SCREENING_LOG_URL` in the environment, `--log` where it has a flag.

    Attributes:
        name: section and key, or the key alone at the top.
        type: what `msgspec.convert` makes of a value, with its bounds.
        help: what it is for.
        expected: the bounds in words, for faults.
        flag: the command line's name for it, empty where it has none.
        secret: never to be shown.
    """

    name: str
    type: Any
    help: str
    expected: str
    flag: str
    secret: bool

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return VARIABLE_PREFIX + self.name.replace(".", "_").upper()

    def shown(self, value: object) -> str:
        """Return a value of this setting as people may see it; empty where there is none."""
        if value is None:
            return ""
        return MASK if self.secret else mask_url(str(value))


def _said(help_: str, expected: str, *, flag: str = "", secret: bool = False, **bounds: Any) -> msgspec.Meta:
    return msgspec.Meta(description=help_, extra={"expected": expected, "flag": flag, "secret": secret}, **bounds)


class _Section(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that stand together; a `repr` of them masks what is secret."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [(key, setting.shown(getattr(self, key))) for key, setting in _own_settings(type(self), "")]


class LogSettings(_Section, frozen=True, kw_only=True):
    """The log that all roles read and write."""

    url: Annotated[
        str,
        _said(
            "The log: `sqlite:///PATH` (one file, one host) or `kafka://HOST:PORT[,HOST:PORT]`."
            " Default: `log.sqlite` inside the data directory.",
            "sqlite:///PATH or kafka://HOST:PORT[,HOST:PORT], without user and password",
            flag="--log",
        ),
    ]
    prefix: Annotated[
        str,
        _said(
            "Goes before the name of every topic and group, so that environments live side by side on one broker.",
            "at most 100 letters, digits, '.', '_' or '-'",
            pattern=r"^[A-Za-z0-9._-]*\Z",
            max_length=100,  # Kafka ends a topic's name at 249; the longest of ours and a group's suffix fit beside it
        ),
    ] = ""
    partitions: Annotated[
        int,
        _said(
            "Partitions of a topic when it is made: the most workers of one role that can share it."
            " A topic that exists keeps the number it has.",
            "a whole number from 1 to 1000",
            ge=1,
            le=1000,
        ),
    ] = 6
    replication: Annotated[
        int,
        _said(
            "Copies of a topic when it is made on Kafka; -1 leaves it to the broker. No meaning on SQLite.",
            "-1, or a whole number from 1 to 100",
            ge=-1,
            le=100,
        ),
    ] = -1
    security_protocol: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
        _said("How to speak to Kafka.", "one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL"),
    ] = "PLAINTEXT"
    sasl_mechanism: (
        Annotated[
            Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"],
            _said(
                "How to sign in to Kafka; needed with `SASL_PLAINTEXT` and `SASL_SSL`.",
                "one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512",
            ),
        ]
        | None
    ) = None
    sasl_username: Annotated[str, _said("Who signs in to Kafka.", "a text that is not empty", min_length=1)] | None = (
        None
    )
    sasl_password: (
        Annotated[
            str,
            _said(
                "The password to sign in to Kafka; better set in the environment than in a file.",
                "a text that is not empty",
                secret=True,
                min_length=1,
            ),
        ]
        | None
    ) = None
    ssl_cafile: (
        Annotated[
            pathlib.Path,
            _said(
                "PEM file of the authorities that may vouch for the brokers. Default: those of the system.",
                "the path of a file",
            ),
        ]
        | None
    ) = None

    @property
    def place(self) -> SqliteFile | KafkaBrokers:
        """Where the log is, as its adapter needs it."""
        return log_place(self.url)


class StoreSettings(_Section, frozen=True, kw_only=True):
    """The database in which roles keep what they must remember."""

    url: Annotated[
        str,
        _said(
            "The database, as an SQLAlchemy URL, such as `postgresql+psycopg://USER:PASSWORD@HOST/NAME`."
            " Default: `store.sqlite` inside the data directory.",
            "an SQLAlchemy URL, such as sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
            pattern=r"^[A-Za-z][A-Za-z0-9_]*(\+[A-Za-z0-9_]+)?://",
        ),
    ]


class RunSettings(_Section, frozen=True, kw_only=True):
    """How the stream roles work."""

    workers: Annotated[
        int,
        _said(
            "Processes for each role. More than `log.partitions` would stand idle.",
            "a whole number from 1 to 256",
            flag="--workers",
            ge=1,
            le=256,
        ),
    ] = 1
    batch: Annotated[
        int,
        _said(
            "The most records of one poll, which are screened together and committed in one transaction.",
            "a whole number from 1 to 10000",
            ge=1,
            le=10_000,
        ),
    ] = 500
    poll_seconds: Annotated[
        float,
        _said(
            "How long a poll waits for the first record, in seconds; a stop is noticed no later.",
            "a number above 0, at most 60",
            gt=0,
            le=60,
        ),
    ] = 0.5
    dead_letters_in_a_row: Annotated[
        int,
        _said(
            "A worker stops when more records in a row than this cannot be read, before it commits them; 0 for any"
            " number.",
            "a whole number from 0 to 1000000000",
            flag="--dead-letters-in-a-row",
            ge=0,
            le=1_000_000_000,
        ),
    ] = 100
    dead_letter_percent: Annotated[
        int,
        _said(
            "A worker stops when more of a hundred of its last `run.dead_letter_window` records cannot be read; 100 for"
            " any share.",
            "a whole number from 1 to 100",
            flag="--dead-letter-percent",
            ge=1,
            le=100,
        ),
    ] = 50
    dead_letter_window: Annotated[
        int,
        _said(
            "Of how many records `run.dead_letter_percent` is taken; a worker that has read fewer goes on.",
            "a whole number from 10 to 100000",
            ge=10,
            le=100_000,
        ),
    ] = 1000


class RescreenSettings(_Section, frozen=True, kw_only=True):
    """How a re-screening leaves room for the live roles. Where none of them runs it waits for nobody."""

    most_waiting: Annotated[
        int,
        _said(
            "A re-screening waits while more records than this wait for a live role.",
            "a whole number from 0 to 1000000000",
            ge=0,
            le=1_000_000_000,
        ),
    ] = 20
    most_waiting_seconds: Annotated[
        float,
        _said(
            "A re-screening waits while a record has waited for a live role for longer than this, in seconds.",
            "a number above 0, at most 86400",
            gt=0,
            le=86_400,
        ),
    ] = 1.0
    most_pause_seconds: Annotated[
        float,
        _said(
            "The longest that a re-screening waits for live roles, in seconds: then it sends `rescreen.portion`"
            " results all the same, so that it comes to its end whatever they do.",
            "a number above 0, at most 86400",
            gt=0,
            le=86_400,
        ),
    ] = 1.0
    portion: Annotated[
        int,
        _said(
            "Results that a re-screening sends at once beside live roles. `enforcement` decides them before what comes"
            " after them.",
            "a whole number from 1 to 10000",
            ge=1,
            le=10_000,
        ),
    ] = 25
    nice: Annotated[
        int,
        _said(
            "By how much a re-screening stands back on the processor beside live roles; 19 for the most, which"
            " a busy machine leaves next to nothing.",
            "a whole number from 0 to 19",
            ge=0,
            le=19,
        ),
    ] = 10


class ArchiveSettings(_Section, frozen=True, kw_only=True):
    """Where the role `archive` keeps what was published."""

    path: (
        Annotated[
            pathlib.Path,
            _said(
                "The folder of the archive, a disk that every worker of the role shares."
                " Default: `archive` inside the data directory.",
                "the path of a directory",
            ),
        ]
        | None
    ) = None


class MetricsSettings(_Section, frozen=True, kw_only=True):
    """Where a running command answers Prometheus and whoever supervises it."""

    port: (
        Annotated[
            int,
            _said(
                "The port of `/metrics`, `/livez` and `/readyz` while roles run; one for all workers. 0 takes a free"
                " one and says which. Default: none, and nothing listens.",
                "a whole number from 0 to 65535",
                flag="--metrics-port",
                ge=0,
                le=65_535,
            ),
        ]
        | None
    ) = None
    host: Annotated[
        str,
        _said(
            "The address it listens on. Nothing there is secret, and nothing is protected: `0.0.0.0` in a container,"
            " whose network is closed.",
            "an IP address or the name of this machine",
            min_length=1,
        ),
    ] = "127.0.0.1"
    watch_seconds: Annotated[
        float,
        _said(
            "How often lag, dead letters, versions and cases are looked at, in seconds.",
            "a number from 1 to 3600",
            ge=1,
            le=3_600,
        ),
    ] = 15.0


class HealthSettings(_Section, frozen=True, kw_only=True):
    """When a worker is no longer well."""

    moved_seconds: Annotated[
        float,
        _said(
            "`/livez`: the longest that a worker's loop may take for one round, in seconds. It lies above the slowest"
            " start with a new version (92 s for two million terms).",
            "a number from 1 to 86400",
            ge=1,
            le=86_400,
        ),
    ] = 300.0
    commit_seconds: Annotated[
        float,
        _said(
            "`/readyz`: the longest that records may wait for their commit once a worker has them, in seconds. It lies"
            " above a rebalance and an aborted transaction (15 s).",
            "a number from 1 to 86400",
            ge=1,
            le=86_400,
        ),
    ] = 120.0
    watchlist_days: Annotated[
        float,
        _said(
            "`/readyz` of `registrations`: the longest since a list in force was imported, in days. A list that"
            " nobody renewed for a month misses names: OFAC alone changes its list several times in one.",
            "a number above 0, at most 3660",
            gt=0,
            le=3_660,
        ),
    ] = 30.0
    lexicon_days: (
        Annotated[
            float,
            _said(
                "`/readyz` of `content`: the longest since the lexicon in force was activated, in days. Default: none,"
                " for a lexicon does not spoil by itself.",
                "a number above 0, at most 3660",
                gt=0,
                le=3_660,
            ),
        ]
        | None
    ) = None


class LoggingSettings(_Section, frozen=True, kw_only=True):
    """What running roles write to standard error."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        _said(
            "From which level on lines are written. `debug` has a line for each batch; no level writes content, names"
            " or the ids of accounts and contents.",
            "one of debug, info, warning, error",
            flag="--log-level",
        ),
    ] = "info"
    format: Annotated[
        Literal["auto", "json", "text"],
        _said(
            "How: `json`, one object a line; `text`, for a person; `auto`, text on a terminal and JSON elsewhere.",
            "one of auto, json, text",
        ),
    ] = "auto"


class TracingSettings(_Section, frozen=True, kw_only=True):
    """Spans for OpenTelemetry."""

    export: Annotated[
        Literal["none", "otlp"],
        _said(
            "Where spans of batches go: `otlp` sends them over HTTP, configured by OpenTelemetry's own variables"
            " (`OTEL_EXPORTER_OTLP_ENDPOINT` and so on), and needs the extra `otel`.",
            "one of none, otlp",
        ),
    ] = "none"


class WatchlistSettings(_Section, frozen=True, kw_only=True):
    """Where sanctions lists may come from, and how much of them may change or be read."""

    hosts: Annotated[
        str,
        _said(
            "Hosts from which `watchlist import` may fetch, parted by commas; none by default.",
            "host names such as www.example.org, parted by commas, without scheme, port or path",
            pattern=r"^[A-Za-z0-9., -]*\Z",
        ),
    ] = ""
    most_bytes: Annotated[
        int,
        _said(
            "The most bytes of one file of a list, fetched or once unpacked.",
            "a whole number from 1000 to 100000000000",
            ge=1_000,
            le=100_000_000_000,
        ),
    ] = 2 << 30
    most_ratio: Annotated[
        int,
        _said(
            "How many times its packed size an archive may unpack to.",
            "a whole number from 2 to 10000",
            ge=2,
            le=10_000,
        ),
    ] = 100
    most_seconds: Annotated[
        float,
        _said("How long fetching a list may take, in seconds.", "a number above 0, at most 86400", gt=0, le=86_400),
    ] = 600.0
    bounds: (
        Annotated[
            pathlib.Path,
            _said(
                "TOML file of own bounds for the size and change of lists, over the release's"
                " (`lexicons/watchlists/bounds.toml`).",
                "the path of a file",
            ),
        ]
        | None
    ) = None

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The hosts, in small letters."""
        return frozenset(host.strip().lower() for host in self.hosts.split(",") if host.strip())


DEFAULT_DATA: Final = pathlib.Path(".screening")


class Settings(_Section, frozen=True, kw_only=True):
    """Every setting with its value. `sourced` pairs each dotted name with where its value came from."""

    data: Annotated[
        pathlib.Path,
        _said(
            "The data directory: what this installation keeps on disk. Relative to the working directory.",
            "the path of a directory",
            flag="--data",
        ),
    ] = DEFAULT_DATA
    instance: (
        Annotated[
            str,
            _said(
                "The name of this installation; no two that share a log may have the same."
                " Default: made once and kept in the data directory.",
                "1 to 64 letters, digits, '.', '_' or '-'",
                pattern=r"^[A-Za-z0-9._-]+\Z",
                max_length=64,  # it goes into Kafka's transactional ids beside role and worker
            ),
        ]
        | None
    ) = None
    log: LogSettings
    store: StoreSettings
    run: RunSettings
    metrics: MetricsSettings = MetricsSettings()
    health: HealthSettings = HealthSettings()
    logging: LoggingSettings = LoggingSettings()
    tracing: TracingSettings = TracingSettings()
    rescreen: RescreenSettings = RescreenSettings()
    archive: ArchiveSettings = ArchiveSettings()
    watchlist: WatchlistSettings = WatchlistSettings()
    sourced: tuple[tuple[str, str], ...]

    @property
    def archive_folder(self) -> pathlib.Path:
        """Where the archive lies."""
        return self.archive.path or self.data / "archive"

    @property
    def sources(self) -> Mapping[str, str]:
        """Dotted name → where the value came from."""
        return dict(self.sourced)

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [(row.name, row.value) for row in describe(self)]


SECTIONS: Final[Mapping[str, type[_Section]]] = types.MappingProxyType(
    {
        "": Settings,
        "log": LogSettings,
        "store": StoreSettings,
        "run": RunSettings,
        "metrics": MetricsSettings,
        "health": HealthSettings,
        "logging": LoggingSettings,
        "tracing": TracingSettings,
        "rescreen": RescreenSettings,
        "archive": ArchiveSettings,
        "watchlist": WatchlistSettings,
    }
)
"""Section of the file → its model; the empty name is the top of the file."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting as `config show` prints it: dotted name, value (masked, empty where not set), source, help."""

    name: str
    value: str
    source: str
    help: str


@functools.cache
def all_settings() -> Mapping[str, Setting]:
    """Return dotted name → setting, in the order of the reference."""
    own = (setting for section, model in SECTIONS.items() for _, setting in _own_settings(model, section))
    return types.MappingProxyType({setting.name: setting for setting in own})


def describe(settings: Settings) -> tuple[SettingRow, ...]:
    """Return every setting, its value with secrets masked, where it came from and what it is for."""
    rows, sources = [], settings.sources
    for name, setting in all_settings().items():
        section, _, key = name.rpartition(".")
        value = getattr(getattr(settings, section) if section else settings, key)
        rows.append(SettingRow(name, setting.shown(value), sources[name], setting.help))
    return tuple(rows)


def _own_settings(model: type[_Section], section: str) -> Iterator[tuple[str, Setting]]:
    """Yield key and setting of each annotated field of a section, its subsections apart."""
    for key, hint in get_type_hints(model, include_extras=True).items():
        type_ = hint if get_origin(hint) is Annotated else next(iter(get_args(hint)), hint)  # the part beside None
        if get_origin(type_) is Annotated:
            meta = get_args(type_)[1]
            name = f"{section}.{key}" if section else key
            yield key, Setting(name=name, type=type_, help=meta.description, **meta.extra)
