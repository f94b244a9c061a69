"""Commands of review: what changed between two projects, and both changes at once."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from timelines import three_clips

from timeline_nb.cli.compare import settle_all
from timeline_nb.errors import TimelineError
from timeline_nb.project.document import load, save
from timeline_nb.timeline import edits
from timeline_nb.timeline.merging.merged import MergedTimelines
from timeline_nb.timeline.queries import clip_of


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
    gone = run("diff", tmp_path / "a.tlp", tmp_path / "gone.tlp", code=1)
    assert "gone.tlp cannot be opened" in gone.stderr


def test_diff_draws_both_edits_and_replaces_no_file_of_others(tmp_path: Path) -> None:
    old = three_clips()
    save(old, tmp_path / "a.tlp")
    save(edits.set_clip(old, "c1", name="<b>"), tmp_path / "b.tlp")
    two = tmp_path / "a.tlp", tmp_path / "b.tlp"
    page = tmp_path / "changes.html"
    run("diff", *two, "--picture", page)
    shown = page.read_text("utf-8")
    assert shown.count("<svg") == 2
    assert "~ changed" in shown
    assert "<b>" not in shown
    page.write_text("of others")
    assert "--overwrite" in run("diff", *two, "--picture", page, code=1).stderr
    assert page.read_text() == "of others"
    assert "ends in .html" in run("diff", *two, "--picture", "a.png", code=1).stderr


def test_merge_writes_a_file_and_lists_conflicts(tmp_path: Path) -> None:
    base = three_clips()
    sides = {
        "base": base,
        "ours": edits.set_clip(base, "c1", gain_db=-3.0, name="mine"),
        "theirs": edits.set_clip(base, "c1", gain_db=-6.0, pan=1.0),
    }
    files = [tmp_path / f"{name}.tlp" for name in sides]
    for path, side in zip(files, sides.values(), strict=True):
        save(side, path)
    out = tmp_path / "out.tlp"
    done = run("merge", *files, "-o", out, code=1)
    assert done.stdout == (
        '0. V1, clip "mine" at 00:00:00:00: gain_db: ours -3, theirs -6 (was 0)\n'
    )
    made = clip_of(load(out).timeline, "c1")
    assert (made.gain_db, made.name, made.pan) == (-3.0, "mine", 1.0)
    done = run("merge", *files, "-o", out, "--settle", "0=theirs", "--json")
    assert json.loads(done.stdout)[0]["settled"] == "theirs"
    assert clip_of(load(out).timeline, "c1").gain_db == -6.0
    run("merge", *files, "-o", out, "--prefer", "ours")
    assert clip_of(load(out).timeline, "c1").gain_db == -3.0
    with pytest.raises(TimelineError, match="give a number and a side: 0=theirs"):
        settle_all(MergedTimelines(*sides.values()), ["first"])
