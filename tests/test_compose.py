"""The compose file is valid, runs every role, and gives only commands and settings that the program knows."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import commandline
import pytest
from ruamel.yaml import YAML

from consumers.settings import load_settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "docker-compose.yml"
SERVICES = YAML(typ="safe").load(FILE.read_text("utf-8"))["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "screening"}
ROLES = {"content", "registrations", "enforcement", "records"}


def test_the_file_is_valid():
    """The file keeps to the compose specification."""
    command = [
        pathlib.Path(sys.executable).parent / "check-jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        FILE,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_role_runs_once():
    """Each stream role has one service of its name; two of one name would fence each other for ever."""
    runs = [service["command"][1] for service in OURS.values() if service["command"][0] == "run"]
    assert sorted(runs) == sorted(ROLES)
    assert {name for name, service in OURS.items() if service["command"] == ["run", name]} == ROLES


@pytest.mark.parametrize("name", sorted(ROLES))
def test_commands_parse(name):
    """The command line of a service is one that the program takes."""
    assert commandline.parse(list(OURS[name]["command"])) == "screening run"


@pytest.mark.parametrize("name", sorted(OURS))
def test_settings_are_known(name):
    """The environment of a service is free of faults, and all services share one log, store and instance."""
    settings = load_settings(None, "", OURS[name]["environment"], {})
    assert settings.log.url == "kafka://kafka:9092"
    assert settings.log.replication == 1
    assert settings.store.url.startswith("postgresql+psycopg://")
    assert settings.instance


def test_the_image_is_built_from_files_that_are_there():
    """What the container file copies exists, and nothing else is sent to the build."""
    dockerfile = (ROOT / SERVICES["content"]["build"]["dockerfile"]).read_text("utf-8")
    lines = [
        line.split()[1:-1] for line in dockerfile.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    copied = {name for names in lines for name in names}
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert copied == sent
    assert [name for name in copied if not (ROOT / name).exists()] == []
