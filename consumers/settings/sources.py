"""Where settings come from: file, environment and flags, the later winning.

Rules of this module:
1. Every fault of every place is reported at once, with its place. A secret never enters a message.
2. A value that a later place overrides is checked all the same: it would be a trap on the day the other is taken away.
3. `load_settings` is pure; `read_settings` alone touches the disk and the environment.
"""

from __future__ import annotations

import difflib
import itertools
import os
import pathlib
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from consumers.settings.model import (
    DEFAULT_DATA,
    SECTIONS,
    VARIABLE_PREFIX,
    Setting,
    Settings,
    all_settings,
)
from consumers.settings.urls import log_place, mask_url
from screening.errors import Fault, FaultyData

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_FILE: Final = "screening.toml"
ALLOWED_PREFIXES: Final = ("SCREENING_TEST_",)
"""Variables that begin so belong to the project's own tests and are no settings."""


class SettingsError(FaultyData):
    """The settings are faulty: wrong configuration (exit 2)."""


@dataclass(frozen=True, slots=True)
class _Given:
    """A value as one place gave it. `lax`: it is a text that may stand for a number; the file has types of its own."""

    setting: Setting
    value: object
    source: str
    place: str
    lax: bool


def load_settings(
    file_text: str | None, file_name: str, environment: Mapping[str, str], flags: Mapping[str, str]
) -> Settings:
    """Return the settings that four places give together, the later winning: default, file, environment, flags.

    Args:
        file_text: the text of `screening.toml`, None where there is none.
        file_name: how to name the file in faults and sources.
        environment: all variables; those that do not begin with `SCREENING_` are left alone.
        flags: dotted name → text, for the flags that were given (`{"log.url": "sqlite:///x"}` for `--log`).

    Raises:
        SettingsError: with every fault of all places.
    """
    faults: list[Fault] = []
    given: dict[str, _Given] = {}
    faulty: set[str] = set()
    for held in itertools.chain(
        _from_file(file_text, file_name, faults), _from_environment(environment, faults), _from_flags(flags)
    ):
        try:
            given[held.setting.name] = replace(held, value=_converted(held))
        except ValueError:
            faulty.add(held.setting.name)
            faults.append(Fault(held.place, _found(held), held.setting.expected))
    faults += _contradictions(given, faulty)
    if faults:
        raise SettingsError(faults)
    values: dict[str, Any] = {name: held.value for name, held in given.items()}
    data = values.setdefault("data", DEFAULT_DATA)
    values.setdefault("log.url", f"sqlite:///{data}/log.sqlite")
    values.setdefault("store.url", f"sqlite:///{data}/store.sqlite")
    sections: dict[str, Any] = {name: section(**_part(values, name)) for name, section in SECTIONS.items() if name}
    return Settings(
        **_part(values, ""),
        **sections,
        sourced=tuple((name, given[name].source if name in given else "default") for name in all_settings()),
    )


def read_settings(
    flags: Mapping[str, str], config: pathlib.Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the file and the environment, and return the settings.

    Args:
        flags: dotted name → text, for the flags that were given.
        config: the file that `--config` names; None: `screening.toml` in the working directory, if it is there.
        environment: instead of the process's own, for tests.

    Raises:
        SettingsError: with every fault; also where the file that `config` names is missing or cannot be read.
    """
    path = config or pathlib.Path(DEFAULT_FILE)
    text, faults = None, []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if config is not None:
            faults.append(Fault("--config", f"no file {path}", "a file that exists"))
    except OSError as error:
        faults.append(Fault(str(path), error.strerror or type(error).__name__, "a file that can be read"))
    except UnicodeDecodeError as error:
        faults.append(Fault(f"{path}: byte {error.start}", "no UTF-8", "TOML in UTF-8"))
    try:
        settings = load_settings(text, str(path), os.environ if environment is None else environment, flags)
    except SettingsError as error:
        raise SettingsError([*faults, *error.faults]) from None
    if faults:
        raise SettingsError(faults)
    return settings


def _from_file(text: str | None, file_name: str, faults: list[Fault]) -> Iterator[_Given]:
    if text is None:
        return
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(file_name, f"no TOML ({error})", "TOML 1.0"))
        return
    flat: dict[str, object] = {}
    for key, value in document.items():
        if key not in SECTIONS or not key:
            flat[repr(key) if "." in key else key] = value  # "log.url" in quotes is no key of [log]
        elif isinstance(value, dict):
            flat |= {f"{key}.{inner}": held for inner, held in value.items()}
        else:
            faults.append(Fault(f"{file_name}: {key}", type(value).__name__, f"a table [{key}]"))
    known = all_settings()
    for name, value in flat.items():
        if name in known:
            yield _Given(known[name], value, file_name, f"{file_name}: {name}", lax=False)
        else:
            faults.append(Fault(f"{file_name}: {name}", "an unknown key", _alike(name, known)))


def _from_environment(environment: Mapping[str, str], faults: list[Fault]) -> Iterator[_Given]:
    known = {setting.variable: setting for setting in all_settings().values()}
    for variable in sorted(environment):
        if not variable.startswith(VARIABLE_PREFIX) or variable.startswith(ALLOWED_PREFIXES):
            continue
        if variable in known:
            yield _Given(known[variable], environment[variable], variable, variable, lax=True)
        else:
            faults.append(Fault(variable, "an unknown variable", _alike(variable, known)))


def _from_flags(flags: Mapping[str, str]) -> Iterator[_Given]:
    for name, text in flags.items():
        setting = all_settings()[name]
        flag = setting.flag or f"--{name.replace('.', '-')}"
        yield _Given(setting, text, flag, flag, lax=True)


def _converted(given: _Given) -> object:
    """Return a value as its setting's type has it.

    Raises:
        ValueError: it cannot be so (msgspec's own error is one too).
    """
    value = msgspec.convert(given.value, given.setting.type, strict=not given.lax, dec_hook=_path)
    if given.setting.name == "log.url":
        log_place(value)
    if given.setting.name == "log.replication" and value == 0:
        raise ValueError(value)
    return value


def _path(type_: type, value: object) -> object:
    if type_ is not pathlib.Path or not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(value)
    return pathlib.Path(value)


def _contradictions(given: Mapping[str, _Given], faulty: set[str]) -> Iterator[Fault]:
    """Yield the faults of settings that are right each by itself and wrong together; of the faulty nothing is said."""
    if "log.security_protocol" in faulty:
        return
    held = given.get("log.security_protocol")
    protocol = str(held.value) if held else "PLAINTEXT"
    signs_in = protocol.startswith("SASL_")
    for name in ("log.sasl_mechanism", "log.sasl_username", "log.sasl_password"):
        if signs_in and name not in given and name not in faulty:
            where = f"{name} (or {all_settings()[name].variable})"
            yield Fault(where, "nothing", f"a value, for log.security_protocol is {protocol}")
        if name in given and not signs_in:
            found = f"a value, though log.security_protocol is {protocol}"
            yield Fault(
                given[name].place, found, "log.security_protocol SASL_SSL or SASL_PLAINTEXT beside it, or nothing"
            )


def _part(values: Mapping[str, Any], section: str) -> dict[str, Any]:
    """Return key → value of the settings of one section."""
    split = ((name.rpartition("."), value) for name, value in values.items())
    return {key: value for (held, _, key), value in split if held == section}


def _alike(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f"perhaps {near[0]}" if near else f"one of {', '.join(known)}"


def _found(given: _Given) -> str:
    if given.setting.secret:
        return "a value that is kept secret"
    return repr(mask_url(given.value) if isinstance(given.value, str) else given.value)
