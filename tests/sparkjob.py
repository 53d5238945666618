"""The archive's job as an operator starts it, on the Spark in `.tools`, in local mode."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from typing import Final

ROOT: Final = pathlib.Path(__file__).resolve().parent.parent
SPARK: Final = ROOT / ".tools" / "spark-4.3.0"

PATIENCE: Final = 540
"""Seconds after which the job is held to hang: many times what it takes."""


def judge(
    archive: pathlib.Path,
    snapshot: pathlib.Path,
    out: pathlib.Path,
    *arguments: str,
    cores: int = 2,
    memory: str = "512m",
) -> subprocess.CompletedProcess[str]:
    """Judge an archive, and return the job's end.

    Args:
        archive: its folder.
        snapshot: what `screening archive snapshot` wrote.
        out: the folder for the results.
        arguments: further ones of the job.
        cores: that Spark may use.
        memory: of its driver, as the JVM writes it.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SCREENING_", "SPARK_"))}
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(SPARK)]),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(out.parent / "spark"),
        "PYSPARK_SUBMIT_ARGS": f"--master local[{cores}] --driver-memory {memory} --conf spark.ui.enabled=false"
        f" --conf spark.sql.shuffle.partitions={cores} pyspark-shell",
    }
    return subprocess.run(
        [sys.executable, "-m", "consumers.cluster", str(archive), str(snapshot), str(out), *arguments],
        cwd=out.parent, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
