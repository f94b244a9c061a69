"""Batches: one film a row, some at once, made again only where something changed."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from runners import film_notebook, notebook, sha256

import timeline_nb as tl

# Cheap: what it calls a film is a text.
WRITES = """\
from pathlib import Path
log = open("log.txt", "a")
print(name, flush=True, file=log)
assert name != "bad", "this one cannot be made"
Path(film).write_text(name + greeting)"""
DECLARED = 'name = "nobody"\ngreeting = "!"\nfilm = "film.mp4"'


@pytest.fixture
def writer(tmp_path: Path) -> Path:
    return notebook(tmp_path, WRITES, parameters=DECLARED)


def ran(folder: Path) -> list[str]:
    """The names for which the notebook ran, since this was asked last."""
    log = folder / "log.txt"
    names = sorted(log.read_text().split()) if log.exists() else []
    log.unlink(missing_ok=True)
    return names


def statuses(result: tl.BatchResult) -> list[str]:
    return [row.status for row in result.rows]


def test_a_row_that_fails_ends_no_other_and_a_second_run_makes_the_rest(
    tmp_path: Path, writer: Path
) -> None:
    rows = [{"name": name} for name in ("ada", "bad", "cid")]
    films = tmp_path / "films"
    first = tl.run_batch(writer, rows, to=films, jobs=3)
    assert statuses(first) == ["made", "failed", "made"]
    assert ran(tmp_path) == ["ada", "bad", "cid"]
    table = first.to_dataframe()
    assert list(table) == ["row", "film", "status", "seconds", "error", "sha256"]
    assert "cell 3, line 4" in table["error"][1]
    assert "this one cannot be made" in table["error"][1]
    assert table["sha256"][0] == sha256(films / "ada.mp4")
    assert (films / "bad.mp4.ipynb").exists()
    assert "2 made, 1 failed" in repr(first)

    # Only what failed runs again; then what changed, and what is gone.
    assert statuses(tl.run_batch(writer, rows, to=films)) == ["kept", "failed", "kept"]
    assert ran(tmp_path) == ["bad"]
    rows[1] = {"name": "bob"}
    rows[2] = {"name": "cid", "greeting": "?"}
    assert statuses(tl.run_batch(writer, rows, to=films)) == ["kept", "made", "made"]
    assert ran(tmp_path) == ["bob", "cid"]
    assert (films / "cid.mp4").read_text() == "cid?"
    (films / "ada.mp4").unlink()
    assert statuses(tl.run_batch(writer, rows, to=films)) == ["made", "kept", "kept"]
    (films / "ada.mp4").write_text("oda!")
    with pytest.raises(tl.NotebookError, match=r"ada\.mp4 is there already"):
        tl.run_batch(writer, rows, to=films)
    made = tl.run_batch(writer, rows, to=films, overwrite=True)
    assert statuses(made) == ["made", "kept", "kept"]
    ran(tmp_path)
    # Another notebook makes all of them anew, and so does who asks for it.
    notebook(tmp_path, f"{WRITES}\nx = 1", parameters=DECLARED)
    assert statuses(tl.run_batch(writer, rows, to=films)) == ["made"] * 3
    assert statuses(tl.run_batch(writer, rows, to=films, again=True)) == ["made"] * 3
    assert len(ran(tmp_path)) == 6


def test_a_notebook_that_writes_no_film_is_told(tmp_path: Path) -> None:
    path = notebook(tmp_path, "pass", parameters=DECLARED)
    result = tl.run_batch(path, [{"name": "ada"}], to=tmp_path)
    assert "wrote no ada.mp4" in result.rows[0].error


def test_what_cannot_run_is_refused_before_anything_runs(
    tmp_path: Path, writer: Path
) -> None:
    good = {"name": "ada"}
    refused: list[tuple[Any, dict[str, Any], str]] = [
        ([good, {"name": "ada"}], {}, "rows 1 and 2 would both"),
        ([{**good, "greting": "?"}], {}, "'greting' is no parameter.*mean 'greeting'"),
        ([good, {"name": 3}], {}, "row 2.*'name' cannot be"),
        ([good], {"jobs": 0}, "jobs=0"),
        ([good], {"film_parameter": "output"}, "no parameter 'output'"),
        ([good], {"parameters": {"greeting": 3}}, "'greeting' cannot be"),
        ([], {}, "no rows"),
        ([{"name": "../etc"}], {}, "separator"),
    ]
    for rows, words, message in refused:
        with pytest.raises(tl.NotebookError, match=message):
            tl.start_run_batch(writer, rows, to=tmp_path / "films", **words)
    assert ran(tmp_path) == []
    assert not (tmp_path / "films").exists()


def test_a_cancelled_batch_keeps_what_is_finished(tmp_path: Path) -> None:
    source = "import time\nif name != 'ada': time.sleep(900)"
    path = notebook(tmp_path, WRITES, source, parameters=DECLARED)
    rows = [{"name": name} for name in ("ada", "bob", "cid")]
    job = tl.start_run_batch(path, rows, to=tmp_path / "films", jobs=1)
    while not (tmp_path / "films" / "bob.mp4").exists():
        time.sleep(0.05)
    job.cancel()
    with pytest.raises(tl.JobCancelledError):
        job.wait(200)
    assert not (tmp_path / "films" / "cid.mp4").exists()
    ran(tmp_path)
    quick = tl.run_batch(path, rows[:1], to=tmp_path / "films")
    assert statuses(quick) == ["kept"]
    assert ran(tmp_path) == []


def test_the_terminal_makes_films_and_tells_of_failures_by_its_code(
    tmp_path: Path, writer: Path
) -> None:
    (tmp_path / "rows.csv").write_text("who,name\nA,ada\nB,bad\n")
    command = [sys.executable, "-m", "timeline_nb.cli", "run", str(writer)]
    words = ["--batch", "rows.csv", "--film", "{who}.mp4", "-o", "films", "--json"]
    words += ["--jobs", "2", "-p", "greeting=."]
    done = subprocess.run(
        [*command, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    rows = json.loads(done.stdout)
    assert [row["status"] for row in rows] == ["made", "failed"]
    assert (tmp_path / "films" / "A.mp4").read_text() == "ada."
    # No bars without a terminal.
    assert not done.stderr


def test_films_of_a_batch_are_those_of_single_runs(tmp_path: Path, bikes: Path) -> None:
    path = film_notebook(tmp_path, bikes)
    rows = [{"name": "one", "words": "Ada"}, {"name": "two", "words": "Bob"}]
    made = tl.run_batch(path, rows, to=tmp_path / "films")
    assert statuses(made) == ["made", "made"], made.failed
    alone = tmp_path / "alone.mp4"
    tl.run_notebook(path, {"words": "Bob", "film": str(alone)})
    assert made.rows[1].sha256 == sha256(alone)
    assert made.rows[0].sha256 != made.rows[1].sha256
