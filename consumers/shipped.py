"""The lexicons, the clause register and the policy that come with the release, read from the package."""

from __future__ import annotations

from importlib import resources
from typing import Final

POLICY_FILES: Final = ("clauses.toml", "policy.toml")

SHIPPED: Final = "shipped"
"""The source of versions that came with the release."""


def shipped_policy() -> dict[str, str]:
    """Return name → text of the clause register and the policy."""
    folder = resources.files("lexicons")
    return {name: folder.joinpath(name).read_text("utf-8") for name in POLICY_FILES}


def shipped_weights() -> bytes:
    """Return the weights of the second opinion."""
    return resources.files("lexicons").joinpath("second-opinion.weights").read_bytes()


def shipped_lexicon() -> dict[str, str]:
    """Return name → text of the files of the categories."""
    return {
        entry.name: entry.read_text("utf-8")
        for entry in sorted(resources.files("lexicons").iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml") and entry.name not in POLICY_FILES
    }


def shipped_bounds() -> str:
    """Return the bounds within which a new version of a sanctions list may take the place of the old one."""
    return resources.files("lexicons").joinpath("watchlists").joinpath("bounds.toml").read_text("utf-8")
