"""What the page tells of Spark follows from its figures."""

from __future__ import annotations

import json

import rescreen_spark_section as spark


def test_rates_leave_out_what_the_start_takes(tmp_path):
    """Ten seconds of start are no part of a rate, and two cores are compared with one."""
    jobs = [
        {"subject": subject, "rows": rows, "cores": cores, "seconds": 10.0 + (rows - 1_000) / (speed * cores)}
        for subject, speed in (("content", 1_000), ("registration", 100))
        for cores in (1, 2)
        for rows in (1_000, 21_000)
    ]
    alone = [
        {"subject": subject, "rows": 21_000, "processor": 21_000 / speed}
        for subject, speed in (("content", 1_500), ("registration", 150))
    ]
    figures = {"few": 1_000, "load": 2.0, "jobs": jobs, "alone": alone}
    (tmp_path / spark.FIGURES).write_text(json.dumps(figures), encoding="utf-8")
    section = spark.section(tmp_path)
    assert "| content | 2 | 21,000 | 20.0 | 10.0 | 2,000 |" in section
    assert "| registration | 1 | 21,000 | 210.0 | 10.0 | 100 |" in section
    assert "2.00 times as many contents" in section
    assert "judges 1,500 contents or\n150 registrations" in section


def test_what_was_not_measured_is_said(tmp_path):
    """Without figures there are none on the page."""
    assert "Not measured yet" in spark.section(tmp_path)
