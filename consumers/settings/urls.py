"""What the URLs in settings name, and how to show one without its password."""

from __future__ import annotations

import pathlib
import re
from dataclasses import dataclass
from typing import Final

MASK: Final = "****"

_HOST = r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}"
_BROKERS = re.compile(rf"kafka://(?P<servers>{_HOST}(?:,{_HOST})*)")
_PASSWORD = re.compile(r"(?P<before>^[^:/?#]+://[^:/?#@]*):.*@", re.DOTALL)
_QUERY_PASSWORD = re.compile(r"(?P<before>[?&](?:[^=&]*(?:password|passwd|pwd|secret|token))=)[^&]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A log in a file."""

    path: pathlib.Path


@dataclass(frozen=True, slots=True)
class KafkaBrokers:
    """A log on Kafka; `servers` are `host:port`."""

    servers: tuple[str, ...]


def log_place(url: str) -> SqliteFile | KafkaBrokers:
    """Return what a `log.url` names.

    >>> log_place("kafka://one:9092,two:9092").servers
    ('one:9092', 'two:9092')
    >>> log_place("sqlite:////var/lib/screening/log.sqlite").path.as_posix()
    '/var/lib/screening/log.sqlite'

    Raises:
        ValueError: it is neither form.
    """
    path = url.removeprefix("sqlite:///")
    if path not in {url, ""} and not set(path) & {"?", "#", "\0"}:
        return SqliteFile(pathlib.Path(path))
    brokers = _BROKERS.fullmatch(url)
    if brokers is None:
        raise ValueError(mask_url(url))
    return KafkaBrokers(tuple(brokers["servers"].split(",")))


def mask_url(url: str) -> str:
    """Hide the passwords in a URL. It would rather hide too much than show a part of one.

    >>> mask_url("postgresql://screening:s3/c@ret@db/screening?sslpassword=x&sslmode=require")
    'postgresql://screening:****@db/screening?sslpassword=****&sslmode=require'
    """
    hidden = _PASSWORD.sub(rf"\g<before>:{MASK}@", url)
    return _QUERY_PASSWORD.sub(rf"\g<before>{MASK}", hidden)
