"""The lock of the tests' environment allows what `pyproject.toml` asks for."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / ".ci" / "requirements.txt").read_text()
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINS = re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.MULTILINE)
PROJECT = PYPROJECT["project"]
GROUPS = PYPROJECT["dependency-groups"]
# The group of tests includes that of the documentation by its name.
ASKED = [
    line
    for line in (*PROJECT["dependencies"], *GROUPS["test"], *GROUPS["docs"])
    if isinstance(line, str)
]
ASKED += chain.from_iterable(PROJECT["optional-dependencies"].values())


@pytest.mark.parametrize("line", ASKED)
def test_what_is_asked_for_is_locked_at_a_release_that_will_do(line: str) -> None:
    asked = Requirement(line)
    name = canonicalize_name(asked.name)
    locked = [version for pin, version in PINS if canonicalize_name(pin) == name]
    assert locked, f"{name} is not locked: run `make lock`"
    assert all(version in asked.specifier for version in locked)


def test_every_release_has_its_hashes() -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(PINS)
    assert all("--hash=sha256:" in block for block in blocks)
