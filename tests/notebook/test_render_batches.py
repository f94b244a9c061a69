"""Films of a template: texts, clips and subtitles are of a table's rows."""

import shutil
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media_factory import Clips, read_number
from runners import sha256

import timeline_nb as tl


def greeting(words: str = "Hello {name}") -> tl.Edit:
    cut = tl.Edit("greeting", rate=25, size=(128, 72))
    cut.titles.add(words, start=0, end="0.4s", size=0.3)
    return cut


def statuses(result: tl.BatchResult) -> list[str]:
    return [row.status for row in result.rows]


def test_texts_are_of_the_row_and_the_films_those_of_edits_by_hand(
    tmp_path: Path,
) -> None:
    cut = greeting("{{{name}}}")
    cut.subtitles.add("{line}", start=0, end="0.2s")
    before = cut.timeline
    rows = [{"name": "Ada", "line": "one"}, {"name": "Bob"}]
    made = tl.render_batch(cut, rows, to=tmp_path, jobs=2)
    assert statuses(made) == ["made", "made"], made.failed
    assert cut.timeline == before
    by_hand = greeting("{Ada}")
    by_hand.subtitles.add("one", start=0, end="0.2s")
    by_hand.render(tmp_path / "hand.mp4").wait()
    assert made.rows[0].sha256 == sha256(tmp_path / "hand.mp4")
    again = tl.render_batch(cut, rows, to=tmp_path)
    assert statuses(again) == ["kept", "kept"]
    rows[1]["name"] = "bob"
    cut.titles.set("c1", text="Bye {name}")
    other = tl.render_batch(cut, rows[:1], to=tmp_path)
    assert statuses(other) == ["made"]


def test_clips_show_the_media_of_the_row_and_other_media_are_a_change(
    tmp_path: Path, clips: Clips
) -> None:
    cut = tl.Edit("show", rate=25, size=(160, 90))
    cut.append(tl.open(clips["cfr"]).clip("0s", "0.4s", name="portrait"))
    photo = tmp_path / "photo.mp4"
    shutil.copy(clips["cfr"], photo)
    rows = [
        {"name": "a", "photo": str(photo)},
        {"name": "b"},
        {"name": "c", "photo": "gone.mp4"},
    ]
    how: dict[str, Any] = {"clips": {"portrait": "photo"}, "to": tmp_path / "films"}
    made = tl.render_batch(cut, rows, **how)
    assert statuses(made) == ["made", "made", "failed"]
    assert "gone.mp4" in made.rows[2].error
    assert read_number(tl.open(made.rows[0].film).frame(number=5)) == 5
    assert statuses(tl.render_batch(cut, rows[:1], **how)) == ["kept"]
    shutil.copy(clips["bframes"], photo)
    assert statuses(tl.render_batch(cut, rows[:1], **how)) == ["made"]


def test_subtitles_are_a_file_of_the_row(tmp_path: Path) -> None:
    for word in ("de", "en"):
        cue = f"1\n00:00:00,000 --> 00:00:00,300\n{word * 3}\n"
        (tmp_path / f"talk.{word}.srt").write_text(cue)
    cut = greeting("plain")
    cut.subtitles.add("old", start=0, end="0.3s")
    rows = [{"lang": "de"}, {"lang": "en"}, {"lang": "fr"}]
    made = tl.render_batch(
        cut,
        rows,
        film="{lang}/talk.mp4",
        to=tmp_path,
        subtitles=str(tmp_path / "talk.{lang}.srt"),
    )
    assert statuses(made) == ["made", "made", "failed"]
    german, english = (tl.open(row.film).frame("0.1s") for row in made.rows[:2])
    assert np.abs(german.astype(int) - english).max() > 50


def test_a_function_makes_the_edit_and_its_errors_are_rows(tmp_path: Path) -> None:
    running: list[int] = []

    def make(row: dict[str, Any]) -> tl.Edit:
        # One row at a time, whatever the jobs.
        running.append(1)
        assert len(running) == 1
        time.sleep(0.02)
        running.pop()
        return greeting(f"{1 / row['n']:.1f}")

    rows = [{"name": f"n{n}", "n": n} for n in (1, 0, 2)]
    made = tl.render_batch(make, rows, to=tmp_path, jobs=3)
    assert statuses(made) == ["made", "failed", "made"]
    assert made.rows[1].error == "ZeroDivisionError: division by zero"
    wrong = tl.render_batch(lambda _: 7, rows[:1], to=tmp_path, again=True)  # type: ignore[arg-type, return-value]
    assert "returned an int, and no edit" in wrong.rows[0].error


def test_a_template_that_exits_ends_its_row_alone(tmp_path: Path) -> None:
    def make(row: dict[str, Any]) -> tl.Edit:
        if row["name"] == "bad":
            sys.exit("no such guest")
        return greeting(row["name"])

    rows = [{"name": name} for name in ("ada", "bad", "cid")]
    made = tl.render_batch(make, rows, to=tmp_path)
    assert statuses(made) == ["made", "failed", "made"]
    assert made.rows[1].error == "SystemExit: no such guest"


def test_films_are_locked_and_signed(tmp_path: Path) -> None:
    who = tl.trial_credentials()
    made = tl.render_batch(greeting(), [{"name": "Ada"}], to=tmp_path, credentials=who)
    assert statuses(made) == ["made"], made.failed
    assert tl.read_credentials(tmp_path / "Ada.mp4").state == "untrusted"
    assert tl.verify(tmp_path / "Ada.mp4.lock").held


def test_what_cannot_be_rendered_is_refused_at_the_call(tmp_path: Path) -> None:
    row = {"name": "Ada"}
    cut = greeting()
    cut.save(tmp_path / "greeting.tlp")
    no_clips: list[Any] = [-1, 0, [], {"c1": 2}, {1: "name"}]
    refused: list[tuple[Any, Any, dict[str, Any], str]] = [
        (greeting("Hi {nam}"), [row], {}, "no such column; did you mean 'name'"),
        (greeting("Hi"), [row], {}, "all films would be the same"),
        (cut, [row], {"clips": {"portrai": "name"}}, "no clip named 'portrai'"),
        (cut, [row], {"clips": {"c1": "photo"}}, "takes values of 'photo'"),
        (cut, [row], {"film": "{name}.xyz"}, "'.xyz' is not known"),
        *(
            (cut, [{"name": v}], {}, "row 1: the column 'name' is empty")
            for v in (None, "", np.nan)
        ),
        *((cut, [row], {"clips": v}, "clips is an? ") for v in no_clips),
        (7, [row], {}, "the template is an int"),
        (greeting, [row], {"subtitles": "a.srt"}, "let the function replace them"),
        (tmp_path / "greeting.tlp", [], {}, "no rows"),
    ]
    for template, rows, words, message in refused:
        with pytest.raises(tl.TimelineNbError, match=message):
            tl.start_render_batch(template, rows, to=tmp_path / "films", **words)
    assert not (tmp_path / "films").exists()
    saved = tl.render_batch(tmp_path / "greeting.tlp", [row], to=tmp_path)
    assert statuses(saved) == ["made"]


def test_an_empty_column_of_the_table_is_no_missing_one(tmp_path: Path) -> None:
    made = tl.render_batch(greeting(), [{"name": None}], film="a.mp4", to=tmp_path)
    assert statuses(made) == ["made"], made.failed


def test_a_cancelled_batch_ends_its_renders(tmp_path: Path) -> None:
    def make(row: dict[str, Any]) -> tl.Edit:
        cut = greeting(row["name"])
        cut.titles.generate("solid", start=0, end="600s")
        return cut

    rows = [{"name": f"n{n}"} for n in range(3)]
    job = tl.start_render_batch(make, rows, to=tmp_path, jobs=2)
    time.sleep(1)
    job.cancel()
    with pytest.raises(tl.JobCancelledError):
        job.wait(200)
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".mp4"]
