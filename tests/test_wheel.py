"""What is shipped works by itself: a wheel, installed away from the checkout, with all its data."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHIPPED = ("screening", "consumers", "lexicons")
READ = ("pyproject.toml", "README.md", "LICENSE")


def ran(command, **named):
    """Run a command that must succeed, and return what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **named)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel, built from a copy so that the checkout keeps no trace of it."""
    folder = tmp_path_factory.mktemp("build")
    for name in SHIPPED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in READ:
        shutil.copy(ROOT / name, folder / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "--quiet"]
    ran([*pip, "--wheel-dir", str(folder / "made"), str(folder)])
    (made,) = (folder / "made").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """Return a virtual environment that has the wheel.

    The dependencies are those of this environment, seen through a path file: it is read after the wheel's own folder,
    and path files in what it names are not read, so that the checkout is not met.
    """
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False)
    site = next(folder.glob("lib/python3*/site-packages"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(folder / "bin" / "python")]
    ran([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)])
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


@pytest.fixture
def screening(elsewhere, tmp_path):
    """Return a function that runs the installed command from an empty folder."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SCREENING_") and name not in {"PYTHONPATH", "VIRTUAL_ENV"}
    }

    def run(*arguments, given=""):
        return ran([str(elsewhere / "bin" / "screening"), *arguments], cwd=tmp_path, env=environment, input=given)

    return run


def test_the_project_comes_from_the_wheel(elsewhere, tmp_path):
    """What is imported there is what the wheel brought, not the checkout."""
    asked = "import consumers, lexicons, screening; print(consumers.__file__, lexicons.__file__, screening.__file__)"
    told = ran([str(elsewhere / "bin" / "python"), "-c", asked], cwd=tmp_path)
    paths = told.split()
    assert len(paths) == len(SHIPPED)
    assert [path for path in paths if not pathlib.Path(path).is_relative_to(elsewhere)] == []


def test_every_data_file_is_in_the_wheel(wheel):
    """Lexicons, tables and samples are shipped as they stand in the checkout; nothing of the tests is."""
    held = set(zipfile.ZipFile(wheel).namelist())
    data = {
        str(path.relative_to(ROOT))
        for name in SHIPPED
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert data - held == set()
    assert {name.split("/")[0] for name in held if ".dist-info/" not in name} == set(SHIPPED)


def test_the_demo(screening):
    """The demo shows its day from the wheel alone."""
    out = screening("demo")
    assert "delete_content" in out
    assert "suspend_service" in out


def test_check_content(screening):
    """The shipped lexicons find what they should from another working directory."""
    body = "今晚在线赌*博，包赢"
    out = screening("check", "content", given=json.dumps({"id": "c-1", "account_id": "a-1", "body": body}) + "\n")
    result = json.loads(out)
    assert result["id"] == "c-1"
    found = [hit for hit in result["hits"] if hit["category"] == "gambling" and hit["entry"] != "second-opinion"]
    assert [hit["quote"] for hit in found] == ["赌*博"]


def test_the_shipped_examples_hold(screening):
    """Every example of the shipped lexicons holds there too."""
    heads, cells = (line.split("\t") for line in screening("lexicon", "test").splitlines())
    assert dict(zip(heads, cells, strict=True))["failed"] == "0"
