"""The Helm chart renders to what Kubernetes takes, and says what the compose file and the program say.

Helm itself is no Debian package: what it rendered is checked in with the digest of the chart, and checked here against
Kubernetes' own schemas. Where `helm` is on PATH, the chart is also linted and rendered anew.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys

import commandline
import kubernetes_validate
import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML
from test_compose import OURS, ROLES

from consumers.settings import load_settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHART = ROOT / "deploy" / "helm" / "screening"
RENDERED = ROOT / "deploy" / "helm" / "rendered" / "screening.yaml"
OBJECTS = [one for one in YAML(typ="safe").load_all(RENDERED.read_text("utf-8")) if one]


def of(kind):
    """Return the objects of a kind by name."""
    return {one["metadata"]["name"]: one for one in OBJECTS if one["kind"] == kind}


def pods():
    """Return role → the pod template of its set."""
    return {name.removeprefix("screening-"): one["spec"]["template"] for name, one in of("StatefulSet").items()}


def test_what_was_rendered_is_the_chart():
    """The digest that stands in the rendered file is that of the chart's files now."""
    code = (
        "import importlib.machinery as m, importlib.util as u;"
        "s = u.spec_from_loader('chart', m.SourceFileLoader('chart', 'scripts/render-chart'));"
        "c = u.module_from_spec(s); s.loader.exec_module(c); print(c.digest())"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() in RENDERED.read_text("utf-8").partition("\n")[0], "run scripts/render-chart"


def test_helm_agrees_where_it_is():
    """Helm lints the chart strictly, and renders what is checked in."""
    if shutil.which("helm") is None:
        return  # no skip: the test above and those below hold without it
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "render-chart", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("version", ["1.27", "1.31", "1.34"])
def test_kubernetes_takes_it(version):
    """Every object keeps to the schemas of Kubernetes, and has no field that it does not know."""
    ours = [one for one in OBJECTS if one["kind"] != "ServiceMonitor"]
    assert {one["kind"] for one in ours} == {"ConfigMap", "PodDisruptionBudget", "Service", "StatefulSet"}
    for one in ours:
        kubernetes_validate.validate(one, version, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(ours[0] | {"nobody": "knows"}, version, strict=True)


def test_every_role_has_its_pods():
    """Each role has a set of pods, a service by which they are found, and a budget for disruptions."""
    assert pods().keys() == ROLES
    for kind in ("Service", "PodDisruptionBudget"):
        assert of(kind).keys() == of("StatefulSet").keys()
    for name, held in of("StatefulSet").items():
        labels = held["spec"]["template"]["metadata"]["labels"]
        assert held["spec"]["serviceName"] == name
        for selector in (
            held["spec"]["selector"]["matchLabels"],
            of("Service")[name]["spec"]["selector"],
            of("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"],
        ):
            assert selector.items() <= labels.items()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_runs_as_the_program_takes_it(role):
    """Command line and settings of a pod are free of faults, and its probes ask where it listens."""
    (container,) = pods()[role]["spec"]["containers"]
    assert commandline.parse(list(container["args"])) == "screening run"
    assert container["args"][1] == role
    (settings,) = of("ConfigMap").values()
    environment = settings["data"] | {"SCREENING_INSTANCE": f"screening-{role}-0"}
    assert load_settings(None, "", environment, {}).metrics.port == container["ports"][0]["containerPort"]
    probes = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    assert {probe["port"] for probe in probes.values()} == {"metrics"}
    assert {name: probe["path"] for name, probe in probes.items()} == {
        "startup": "/livez",
        "liveness": "/livez",
        "readiness": "/readyz",
    }
    assert {"secretRef": {"name": "screening"}} in container["envFrom"]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_pod_is_confined(role):
    """A pod is nobody special, writes only where it was given room, and has the image's own user."""
    spec = pods()[role]["spec"]
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    user = f"{spec['securityContext']['runAsUser']}:{spec['securityContext']['runAsGroup']}"
    assert user == OURS[role]["user"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    room = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert room == {path.partition(":")[0] for path in OURS[role]["tmpfs"]}
    assert spec["automountServiceAccountToken"] is False


def test_two_pods_never_have_one_name_on_the_log():
    """A worker is named after its pod, and a set of pods ends one before it begins its successor."""
    for template in pods().values():
        named = {one["name"]: one for one in template["spec"]["containers"][0]["env"]}
        assert named["SCREENING_INSTANCE"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"


def test_what_cannot_work_is_refused():
    """The schema of the values takes the ones that are shipped, and refuses what would break the roles."""
    schema = Draft7Validator(YAML(typ="safe").load((CHART / "values.schema.json").read_text("utf-8")))
    values = YAML(typ="safe").load((CHART / "values.yaml").read_text("utf-8"))
    assert list(schema.iter_errors(values)) == []
    for broken in (
        {"roles": {"nobody": {"replicas": 1, "workers": 1}}},
        {"roles": {"content": {"replicas": 1, "workers": 0}}},
        {"settings": {"SCREENING_INSTANCE": "one-for-all"}},
        {"settings": {"log.url": "kafka://kafka:9092"}},
        {"unheard": "of"},
    ):
        assert list(schema.iter_errors(values | broken)) != [], broken
