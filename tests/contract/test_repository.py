"""What the repository holds, and where."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A picture that a trial left behind was committed once.
TOP = {
    ".ci",
    ".github",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "models",
    "notebooks",
    "pyproject.toml",
    "tests",
    "timeline_nb",
    "widgets-js",
}


@pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None,
    reason="needs a clone and git",
)
def test_nothing_lies_at_the_top_that_does_not_belong_there() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert {name.split("/")[0] for name in listed.stdout.split("\0") if name} == TOP
