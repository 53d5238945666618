"""Where adapters meet ports: from settings to a log, a ledger, screeners and roles. Nothing else knows the adapters."""

from __future__ import annotations

import contextlib
import functools
import pathlib
import random
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self, assert_never

import platformdirs

from consumers import activations, content, enforcement, records, registrations, shipped, snapshots, topics
from consumers.activations import Activation, Activations
from consumers.compiled_lexicons import CompiledLexicons
from consumers.compiled_lists import CompiledLists
from consumers.content import content_role
from consumers.dead_letter_limit import DeadLetterLimit
from consumers.enforcement import EnforcementRole
from consumers.faults import Exit, Refused
from consumers.happenings import Happened
from consumers.ledger.ledger import SqlLedger
from consumers.ledger.port import LedgerError, LedgerUnreachable
from consumers.log.kafka import KafkaLog
from consumers.log.port import Fatal, Fenced
from consumers.log.sqlite import SqliteLog
from consumers.records import RecordsRole
from consumers.registrant_files import RegistrantFiles
from consumers.registrations import registrations_role
from consumers.screeners import Screeners
from consumers.settings import KafkaBrokers, SqliteFile
from screening.pipeline import ENGINE
from screening.text.segment import Segmenter, open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consumers.ledger.port import Ledger, Version, VersionKind
    from consumers.log.port import CopyDestination, CopySource, Log
    from consumers.role import Observer, Role
    from consumers.settings import LogSettings, Settings
    from screening.pipeline import ContentScreener, RegistrationScreener
    from screening.policy.rules import Policy

TOPICS: Final[Mapping[str, tuple[str, ...]]] = {
    content.NAME: (topics.CONTENT,),
    registrations.NAME: (topics.ACCOUNTS,),
    enforcement.NAME: EnforcementRole.topics,
    records.NAME: RecordsRole.topics,
}
"""Every role, upstream first, and the topics it reads."""

ROLES: Final = tuple(TOPICS)
"""Every role, upstream first."""

ARCHIVE: Final = "archive"

FURTHER: Final[Mapping[str, tuple[str, ...]]] = {ARCHIVE: (topics.CONTENT, topics.ACCOUNTS)}
"""Roles that run only where they are asked for, and the topics they read."""

_INSTANCE_FILE: Final = "instance"
_COMPILED_FOLDER: Final = "compiled"
_REGISTRANTS_FOLDER: Final = "registrants"

_PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds, on the average, before an activation is tried again that another process fenced: one takes some tenths of a
second, and seconds on a loaded machine."""


class Installation:
    """What the commands share, opened when first used: settings, the log, the ledger, screeners.

    Args:
        settings: where everything is.
        read_only: for commands that only look: the ledger is neither made nor waited for.
    """

    def __init__(self, settings: Settings, *, read_only: bool = False) -> None:
        self.settings = settings
        self._read_only = read_only
        self._closing = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.close()

    @functools.cached_property
    def log(self) -> Log:
        """The log, as it is; `prepare` makes its topics."""
        log = _open_log(self.settings)
        self._closing.callback(log.close)
        return log

    @functools.cached_property
    def ledger(self) -> Ledger:
        """The ledger, with its tables."""
        if not self._read_only:
            _make_parent(self.settings.store.url)
        ledger = SqlLedger(self.settings.store.url, read_only=self._read_only)
        self._closing.callback(ledger.close)
        return ledger

    @functools.cached_property
    def screeners(self) -> Screeners:
        """Builds screeners from the versions in the ledger."""
        return Screeners(self.version, segmenter, self.compiled, self.compiled_lists)

    @functools.cached_property
    def compiled(self) -> CompiledLexicons:
        """The compiled lexicons that the data directory keeps."""
        return CompiledLexicons(self.settings.data / _COMPILED_FOLDER, read_only=self._read_only)

    @functools.cached_property
    def compiled_lists(self) -> CompiledLists:
        """The sanctions lists that the data directory keeps ready to be searched."""
        return CompiledLists(self.settings.data / _COMPILED_FOLDER, read_only=self._read_only)

    @functools.cached_property
    def registrants(self) -> RegistrantFiles:
        """The index over registrants that the data directory keeps."""
        folder = self.settings.data / _REGISTRANTS_FOLDER
        return RegistrantFiles(folder, self.ledger, self.log, workers=self.settings.run.workers)

    @functools.cached_property
    def instance(self) -> str:
        """The name of this installation, made once and kept in the data directory where no setting gives it."""
        return self.settings.instance or _kept_instance(self.settings.data)

    def version(self, kind: VersionKind, digest: str) -> Version:
        """Return a version that the ledger keeps."""
        return self.ledger.version(kind, digest)

    def exists(self) -> bool:
        """Say whether there is a log with topics; creates nothing."""
        place = self.settings.log.place
        if isinstance(place, SqliteFile) and not place.path.exists():
            return False
        return not self.log.missing([topics.ACTIVATIONS])

    def prepare(self) -> None:
        """Make the topics, and activate what came with this release where nothing else is active.

        Raises:
            WrongTopics: a topic has settings that would lose data.
            Fatal: the log was judged by a newer release.
            Fenced: other processes took over again and again.
        """
        place = self.settings.log.place
        if isinstance(place, SqliteFile):
            place.path.parent.mkdir(parents=True, exist_ok=True)
        self.log.ensure(topics.topics(self.settings.log.partitions))
        for pause in _PAUSES:
            if self._next(activations.latest(self.log)) is None:
                return
            try:
                activations.activate(self.log, self._next)
            except Fenced:
                # Roles that start together on an empty log all try this. Whoever began last wins; the others look
                # again a moment later, each after another pause, and find it done.
                time.sleep(pause * (0.5 + random.random()))  # noqa: S311 - no secret
            else:
                return
        activations.activate(self.log, self._next)

    def role(self, name: str, tell: Observer) -> Role:
        """Return a role, wired."""
        epoch = self.log.epoch()
        run = self.settings.run
        limit = DeadLetterLimit(name, run.dead_letters_in_a_row, run.dead_letter_percent, run.dead_letter_window)
        if name == content.NAME:

            def screener(activation: Activation) -> ContentScreener:
                return self.screeners.content(activation, lambda what: tell(Happened(content.NAME, what)))

            return content_role(Activations(self.log, lambda _: True), screener, tell, limit)
        if name == registrations.NAME:
            enough = Activations(self.log, registrations.has_watchlist)

            def names_screener(activation: Activation) -> RegistrationScreener:
                return self.screeners.registrations(activation, lambda what: tell(Happened(registrations.NAME, what)))

            return registrations_role(enough, names_screener, tell, limit)
        if name == ARCHIVE:
            return self._archive(epoch, tell)
        if name == records.NAME:
            return RecordsRole(self.ledger, epoch=epoch, tell=tell)
        return EnforcementRole(
            self.ledger,
            epoch=epoch,
            policy=self._activated_policy,
            current_policy=self._policy_in_force,
            source=f"screening/{self.instance}",
            clock=now,
            tell=tell,
            limit=limit,
        )

    def _archive(self, epoch: str, tell: Observer) -> Role:
        """Return the role that archives; what it needs is an extra, and nobody else waits for it to be read.

        Raises:
            Refused: the extra is not installed.
        """
        try:
            from consumers.archive import ArchiveRole  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise Refused(
                f"archive: found no {error.name}, expected it: pip install 'screening-pipeline[archive]'", Exit.USAGE
            ) from None
        return ArchiveRole(self.settings.archive_folder, self.ledger, epoch=epoch, tell=tell)

    def _activated_policy(self, digest: str) -> Policy:
        """Return a policy that was in force once.

        Raises:
            LookupError: none of this digest was ever activated on this log.
            LedgerError: it was, and the ledger has lost it.
        """
        try:
            return self.screeners.policy(digest)
        except LedgerUnreachable:
            raise
        except LedgerError:
            if digest in activations.policies(self.log):
                raise
            raise LookupError(digest) from None

    def _policy_in_force(self) -> Policy:
        current = activations.latest(self.log)
        if current is None:
            raise Fatal(f"{topics.ACTIVATIONS}: found no activation, expected one: run `screening run`")
        return self.screeners.policy(current.policy)

    def _next(self, current: Activation | None) -> Activation | None:
        """Return what this release activates by itself, or None where nothing is to change."""
        if current is not None and int(current.engine) > int(ENGINE):
            raise Fatal(
                f"{topics.ACTIVATIONS}: found engine {current.engine} in force, expected {ENGINE} or older:"
                " a newer release judges here; upgrade this one"
            )
        policy = snapshots.policy_version(shipped.shipped_policy(), shipped.SHIPPED)
        if current is None or current.shipped:
            digest = snapshots.digest_of_files(shipped.shipped_lexicon())
            if current is not None and (current.engine, current.policy, current.lexicon) == (
                ENGINE,
                policy.digest,
                digest,
            ):
                return None
            lexicon = shipped_lexicon_version()
            self.ledger.put_version(policy)
            self.ledger.put_version(lexicon)
            return Activation(
                activation_id=activations.new_id(),
                kind="shipped",
                engine=ENGINE,
                policy=policy.digest,
                lexicon=lexicon.digest,
                watchlists={} if current is None else current.watchlists,
                shipped=True,
                by=self.instance,
                reason="came with the release",
                at=now().isoformat(),
            )
        if current.engine == ENGINE:
            return None
        return Activation(
            activation_id=activations.new_id(),
            kind="engine",
            engine=ENGINE,
            policy=current.policy,
            lexicon=current.lexicon,
            watchlists=current.watchlists,
            shipped=False,
            by=self.instance,
            reason="came with the release",
            at=now().isoformat(),
        )


@contextlib.contextmanager
def copy_source(settings: Settings) -> Iterator[CopySource]:
    """Open the log that is to be copied.

    Raises:
        Refused: it is no embedded log that is there.
    """
    place = settings.log.place
    if not isinstance(place, SqliteFile):
        raise Refused(f"SOURCE: found {settings.log.url}, expected sqlite:///PATH", Exit.USAGE)
    if not place.path.is_file():
        raise Refused(f"SOURCE: found no file {place.path}, expected an embedded log", Exit.USAGE)
    with contextlib.closing(SqliteLog(place.path, prefix=settings.log.prefix)) as log:
        yield log


@contextlib.contextmanager
def copy_destination(settings: Settings) -> Iterator[CopyDestination]:
    """Open the log that is to take a copy.

    Raises:
        Refused: it is not on Kafka.
    """
    if not isinstance(settings.log.place, KafkaBrokers):
        raise Refused(f"DEST: found {settings.log.url}, expected kafka://HOST:PORT", Exit.USAGE)
    with contextlib.closing(_kafka_log(settings, settings.log.place)) as log:
        yield log


def shipped_lexicon_version() -> Version:
    """Return the lexicon that came with the release, as a version."""
    files = shipped.shipped_lexicon()
    policy = snapshots.read_policy(shipped.shipped_policy())
    return snapshots.lexicon_version(files, shipped.SHIPPED, len(snapshots.read_lexicon(files, policy).entries))


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


@functools.cache
def segmenter() -> Segmenter:
    """Return the word segmenter, with its dictionary's cache where this user's caches lie."""
    folder = pathlib.Path(platformdirs.user_cache_dir("screening", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a read-only home costs a second at each start, nothing more
        return Segmenter(open_tokenizer(None))
    return Segmenter(open_tokenizer(str(folder)))


def topics_of(role: str) -> tuple[str, ...]:
    """Return the topics that a role reads."""
    return {**TOPICS, **FURTHER}[role]


def group_of(role: str) -> str:
    """Return the consumer group of a role, without the log's prefix."""
    return f"screening.{role}"


def _open_log(settings: Settings) -> Log:
    match settings.log.place:
        case SqliteFile(path):
            return SqliteLog(path, prefix=settings.log.prefix)
        case KafkaBrokers(servers):
            return _kafka_log(settings, KafkaBrokers(servers))
        case _ as unreachable:
            assert_never(unreachable)


def _kafka_log(settings: Settings, brokers: KafkaBrokers) -> KafkaLog:
    return KafkaLog(
        brokers.servers,
        prefix=settings.log.prefix,
        replication=settings.log.replication,
        security=_security(settings.log),
    )


def _security(log: LogSettings) -> dict[str, str]:
    """Return TLS and SASL settings as kafka-python names them; what is not set is left to its defaults."""
    named = {
        "security_protocol": log.security_protocol,
        "sasl_mechanism": log.sasl_mechanism,
        "sasl_plain_username": log.sasl_username,
        "sasl_plain_password": log.sasl_password,
        "ssl_cafile": None if log.ssl_cafile is None else str(log.ssl_cafile),
    }
    return {name: value for name, value in named.items() if value is not None}


def _make_parent(url: str) -> None:
    path = url.removeprefix("sqlite:///")
    if path != url and path:
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)


def _kept_instance(data: pathlib.Path) -> str:
    path = data / _INSTANCE_FILE
    data.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), path.open("x") as file:
        file.write(uuid.uuid4().hex + "\n")
    return path.read_text().strip()
