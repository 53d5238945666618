"""The examples in docstrings say what is so."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import consumers
import screening

MODULES = [
    found.name
    for package in (screening, consumers)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not found.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    """Every example in a module's docstrings gives what stands under it."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0
