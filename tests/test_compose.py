"""The compose file is valid and confined, and what it says of our services and of the broker works on local parts."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import time
import uuid

import commandline
import pytest
import services as local
from prometheus import RULES, program_of
from ruamel.yaml import YAML

from consumers.settings import load_settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "docker-compose.yml"
SERVICES = YAML(typ="safe").load(FILE.read_text("utf-8"))["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "screening"}
ROLES = {"content", "registrations", "enforcement", "records"}
PORT = "9464"
PATIENCE = 240.0
"""Seconds after which something that must happen is held not to happen."""


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


def test_nobody_is_root_and_nothing_is_written_beside_volumes():
    """Every service runs as a user of its own, on a read-only root file system, without privileges to gain."""
    for name, service in SERVICES.items():
        assert service["user"] not in {"root", "0", ""}, name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "/tmp" in service["tmpfs"], name  # noqa: S108 - in the container
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    assert f"USER {OURS['content']['user']}\n" in dockerfile


def test_everything_starts_in_its_order():
    """Roles wait until broker and database are well, Grafana waits for Prometheus, and all of them can tell."""
    for name in ROLES:
        waits = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
        assert waits == {"kafka": "service_healthy", "postgres": "service_healthy"}
    assert SERVICES["grafana"]["depends_on"]["prometheus"]["condition"] == "service_healthy"
    assert SERVICES["prometheus"]["depends_on"].keys() == ROLES
    assert [name for name, service in SERVICES.items() if "test" not in service["healthcheck"]] == ["cli"]


def test_ports_are_for_this_machine_only():
    """What is published listens on the loopback of the host."""
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert sorted(ports) == ["127.0.0.1:3000:3000", "127.0.0.1:9090:9090"]


def test_what_is_mounted_is_there():
    """Each file or folder of the project that a service mounts exists, and cannot be written to."""
    mounts = [mount.split(":") for service in SERVICES.values() for mount in service.get("volumes", [])]
    ours = [mount for mount in mounts if mount[0].startswith("./")]
    assert len(ours) == 5
    assert [mount for mount in ours if not (ROOT / mount[0]).exists() or mount[2] != "ro"] == []
    named = YAML(typ="safe").load(FILE.read_text("utf-8"))["volumes"].keys()
    assert {mount[0] for mount in mounts if not mount[0].startswith("./")} == named


def test_prometheus_scrapes_every_role(tmp_path):
    """Prometheus takes its settings, reads the rules that are mounted, and knows each role by the alerts' job."""
    held = (RULES.parent / "prometheus.yml").read_text("utf-8")
    local_copy = tmp_path / "prometheus.yml"
    local_copy.write_text(held.replace("/etc/prometheus/rules", str(RULES)), "utf-8")
    done = subprocess.run(
        [program_of("promtool"), "check", "config", "--lint-fatal", local_copy],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rule files found" in done.stdout
    (job,) = YAML(typ="safe").load(held)["scrape_configs"]
    assert job["job_name"] == "screening"
    assert set(job["static_configs"][0]["targets"]) == {f"{role}:{PORT}" for role in ROLES}


def test_grafana_is_provided_with_data_and_dashboards():
    """The data source is the Prometheus of the file, and dashboards are read where they are mounted."""
    folder = ROOT / "deploy" / "grafana" / "provisioning"
    source = YAML(typ="safe").load((folder / "datasources" / "prometheus.yml").read_text("utf-8"))["datasources"][0]
    assert (source["type"], source["url"]) == ("prometheus", "http://prometheus:9090")
    provider = YAML(typ="safe").load((folder / "dashboards" / "screening.yml").read_text("utf-8"))["providers"][0]
    mounts = [mount.split(":") for mount in SERVICES["grafana"]["volumes"]]
    (mounted,) = [mount[0] for mount in mounts if mount[1] == provider["options"]["path"]]
    assert {path.name for path in (ROOT / mounted).glob("*.json")} >= {"stream.json", "content.json"}
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert pathlib.PurePosixPath(home).parent == pathlib.PurePosixPath(provider["options"]["path"])


@pytest.mark.usefixtures("kafka_broker")  # brings the programs
def test_the_broker_starts_from_its_settings(tmp_path):
    """A broker takes the mounted settings: they format a folder, and once more without harm."""
    text = (ROOT / "deploy" / "kafka" / "server.properties").read_text("utf-8")
    broker = local.Broker(tmp_path)
    text = text.replace("log.dirs=/var/lib/kafka/data/log", f"log.dirs={tmp_path}/log")
    text = text.replace("listeners=PLAINTEXT://:9092", f"listeners=PLAINTEXT://127.0.0.1:{broker.port}")
    text = text.replace("PLAINTEXT://kafka:9092", f"PLAINTEXT://127.0.0.1:{broker.port}")
    text = text.replace("localhost:9093", f"localhost:{broker.controller_port}")
    (command,) = SERVICES["kafka"]["command"]
    cluster = command.split(" -t ")[1].split()[0]
    (tmp_path / "server.properties").write_text(text, "utf-8")
    words = ("format", "--ignore-formatted", "--standalone", "-t", cluster, "-c", "server.properties")
    assert " ".join(words[:-1]) in command
    for _ in range(2):
        broker._java("kafka.tools.StorageTool", *words)
    broker.start()
    try:
        assert broker.process.poll() is None
    finally:
        broker.stop()


def ours_at(name, *, port, **parts):
    """Return a service's command, health check and environment, for local parts in place of the composed ones."""
    service = OURS[name]
    environment = {key: str(value) for key, value in service["environment"].items()}
    assert environment["SCREENING_METRICS_PORT"] == PORT
    environment |= {"SCREENING_METRICS_PORT": str(port), "SCREENING_METRICS_HOST": "127.0.0.1"} | parts
    kind, program, *rest = service["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    check = [sys.executable, *(word.replace(f":{PORT}/", f":{port}/") for word in rest)]
    assert check[1:] != rest
    return list(service["command"]), check, environment


def well(check):
    """Return whether a health check says so; like Docker, by its exit code."""
    return subprocess.run(check, capture_output=True, check=False, timeout=60).returncode == 0


def test_our_services_run_and_tell_of_their_health(kafka_broker, postgres_url, tmp_path):
    """Each service's own command runs in its own environment, becomes well by its own check, and ends in good order.

    All four at once and on nothing, as `docker compose up` starts them. Only the data directory is there for writing.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SCREENING_")}
    prefix = f"t{uuid.uuid4().hex[:12]}."
    started = {}
    try:
        for name in sorted(ROLES):
            port, data = local.free_port(), tmp_path / name
            data.mkdir()
            command, check, environment = ours_at(
                name, port=port, SCREENING_LOG_URL=f"kafka://{kafka_broker}", SCREENING_STORE_URL=postgres_url,
                SCREENING_LOG_PREFIX=prefix, SCREENING_DATA=str(data),
            )  # fmt: skip
            assert not well(check), "nothing runs yet"
            said = tmp_path / f"{name}.txt"
            with said.open("wb") as out:
                process = subprocess.Popen(
                    [*local.ends_with_parent(), sys.executable, "-m", "consumers", *command], cwd=data,
                    env=inherited | environment | {"PYTHONPATH": str(ROOT), "HOME": "/nonexistent"},
                    stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                )  # fmt: skip
            started[name] = (process, check, said)
        deadline = time.monotonic() + PATIENCE
        waiting = set(started)
        while waiting:
            for name in sorted(waiting):
                process, check, said = started[name]
                assert process.poll() is None, f"{name} ended with {process.returncode}:\n{said.read_text()[-3000:]}"
                waiting -= {name} if well(check) else set()
            assert time.monotonic() < deadline, f"not well: {sorted(waiting)}"
            time.sleep(0.5)
        for process, _, _ in started.values():
            process.send_signal(signal.SIGTERM)
        for name, (process, _, said) in started.items():
            assert process.wait(timeout=PATIENCE) == 0, f"{name}:\n{said.read_text()[-3000:]}"
    finally:
        for process, _, _ in started.values():
            process.kill()
            process.wait()


def test_a_role_without_a_broker_ends_with_a_code_that_starts_it_again(tmp_path):
    """Exit code 5 says that a dependency is out of reach; `restart: on-failure` does the rest."""
    command, _, environment = ours_at(
        "records", port=0, SCREENING_LOG_URL=f"kafka://127.0.0.1:{local.free_port()}",
        SCREENING_STORE_URL=f"sqlite:///{tmp_path / 'store.sqlite'}", SCREENING_DATA=str(tmp_path),
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "consumers", *command], cwd=tmp_path, check=False, capture_output=True, text=True,
        env=os.environ | environment | {"PYTHONPATH": str(ROOT)}, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert OURS["records"]["restart"] == "on-failure"
