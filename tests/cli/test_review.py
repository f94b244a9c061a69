"""Commands of review: what changed between two projects."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

from timelines import three_clips

from timeline_nb.project.document import save
from timeline_nb.timeline import edits


def run(*words: object, code: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run a command, and insist on its exit code."""
    command = [sys.executable, "-m", "timeline_nb.cli", *map(str, words)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done


def test_diff_prints_a_line_a_change_or_json(tmp_path: Path) -> None:
    old = three_clips()
    save(old, tmp_path / "a.tlp")
    save(edits.ripple(old, "c3", tail=Fraction(-12, 25)), tmp_path / "b.tlp")
    text = run("diff", tmp_path / "a.tlp", tmp_path / "b.tlp").stdout
    assert text == 'V1, clip "street" at 00:00:07:00: tail trimmed by 12 frames\n'
    rows = run("diff", tmp_path / "a.tlp", tmp_path / "b.tlp", "--json").stdout
    assert json.loads(rows) == [
        {
            "where": 'V1, clip "street" at 00:00:07:00',
            "what": "tail trimmed",
            "before": "",
            "after": "",
            "frames": 12.0,
        }
    ]
    same = run("diff", tmp_path / "a.tlp", tmp_path / "a.tlp").stdout
    assert same == "no difference\n"
    gone = run("diff", tmp_path / "a.tlp", tmp_path / "gone.tlp", code=1)
    assert "gone.tlp cannot be opened" in gone.stderr
