"""Notebooks run without a browser: values, outputs, errors, cancelling, runners."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from media_factory import Clips
from runners import RUNNERS, film_notebook, notebook, sha256
from states import until

import timeline_nb as tl
from timeline_nb.core.started_by import started_by
from timeline_nb.proof.lock import read_lock
from timeline_nb.runs.notebook_file import read_notebook


def texts(path: Path) -> str:
    cells = json.loads(path.read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return json.dumps(outputs)


def test_values_are_assigned_after_the_defaults_and_kept_in_the_output(
    tmp_path: Path,
) -> None:
    path = notebook(
        tmp_path, "print(label, score)", parameters='label = "car"\nscore = 1'
    )
    run = tl.run_notebook(path, {"score": 3}, output=tmp_path / "out.ipynb")
    assert (run.cells, run.parameters) == (3, {"score": 3})
    assert "car 3" in texts(tmp_path / "out.ipynb")
    made = nbformat.read(tmp_path / "out.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(made)
    assert made.cells[1].source == "# Parameters\nscore = 3"
    # The executed notebook runs again with other values, which replace those.
    again = tmp_path / "again.ipynb"
    tl.run_notebook(tmp_path / "out.ipynb", {"label": "bus"}, output=again)
    assert "bus 1" in texts(again)


def test_a_kernel_knows_what_it_executes(tmp_path: Path) -> None:
    source = (
        "from timeline_nb.core.started_by import started_by\n"
        "known = started_by(); print(known.notebook, known.sha256, known.parameters)"
    )
    path = notebook(tmp_path, source, parameters="score = 1")
    tl.run_notebook(path, {"score": 2}, output=tmp_path / "out.ipynb")
    shown = texts(tmp_path / "out.ipynb")
    assert "cut.ipynb" in shown
    assert "{'score': 2}" in shown
    code = b"".join(
        len(cell).to_bytes(8) + cell for cell in (b"score = 1", source.encode())
    )
    assert hashlib.sha256(code).hexdigest() in shown


def test_a_lock_has_the_notebook_and_its_values(tmp_path: Path, clips: Clips) -> None:
    path = film_notebook(tmp_path, clips["cfr"])
    tl.run_notebook(path, {"words": "Ada"}, lock=True)
    lock, _ = read_lock(tmp_path / "film.mp4.lock")
    assert lock.notebook is not None
    assert lock.notebook.name == "cut.ipynb"
    assert lock.notebook.sha256 == read_notebook(path).sha256
    assert lock.notebook.parameters == {"words": '"Ada"'}
    assert tl.verify(tmp_path / "film.mp4.lock").held


def test_what_others_put_into_the_variable_is_no_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for text in ("", "x", "{}", "[" * 100_000, '{"notebook": 3}'):
        monkeypatch.setenv("TIMELINE_NB_NOTEBOOK", text)
        assert started_by() is None


def test_a_failure_names_cell_and_line_and_keeps_what_ran(tmp_path: Path) -> None:
    path = notebook(
        tmp_path, "print('before')", "def f():\n    return 1 / 0\nf()", "print('after')"
    )
    out = tmp_path / "out.ipynb"
    with pytest.raises(tl.NotebookError) as caught:
        tl.run_notebook(path, output=out)
    told = str(caught.value)
    assert (
        "cut.ipynb failed in cell 2, line 2 'return 1 / 0': ZeroDivisionError" in told
    )
    assert str(out) in told
    assert "before" in texts(out)
    assert "'after'" not in texts(out)
    broken = notebook(tmp_path, "a = 1\nb = = 2")
    with pytest.raises(tl.NotebookError, match="cell 1, line 2 'b = = 2': SyntaxError"):
        tl.run_notebook(broken)


def test_a_kernel_that_dies_is_told(tmp_path: Path) -> None:
    path = notebook(tmp_path, "x = 1", "import os; os._exit(3)")
    with pytest.raises(tl.NotebookError, match=r"cut.ipynb.*kernel ended"):
        tl.run_notebook(path, output=tmp_path / "out.ipynb")
    assert (tmp_path / "out.ipynb").exists()


def test_a_kernel_that_does_not_start_is_told_with_what_it_printed_last(
    tmp_path: Path,
) -> None:
    # As a broken environment prints it, and what Python adds to a crash.
    printed = "x" * 9000 + "\nNo module named ipykernel\nFatal Python error: Aborted"
    program = f"import os; os.write(2, {printed.encode()!r} + b'\\n\\nThread 0x1'); x"
    spec = {"display_name": "broken", "language": "python"}
    folder = tmp_path / "kernels" / "broken"
    folder.mkdir(parents=True)
    argv = [sys.executable, "-c", program]
    (folder / "kernel.json").write_text(json.dumps({**spec, "argv": argv}))
    path = notebook(tmp_path, "x = 1")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "timeline_nb.cli",
            "run",
            str(path),
            "--kernel",
            "broken",
        ],
        env={**os.environ, "JUPYTER_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    last = "printed last: No module named ipykernel; Fatal Python error: Aborted"
    assert (done.returncode, last in " ".join(done.stderr.split())) == (1, True)
    assert "Traceback" not in done.stderr


def test_a_full_folder_of_temporary_files_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("timeline_nb.runs.execute.tempfile.TemporaryFile", full)
    with pytest.raises(tl.NotebookError, match=r"cut.ipynb cannot run.*No space left"):
        tl.run_notebook(notebook(tmp_path, "x = 1"))


def test_what_a_kernel_prints_past_its_cells_does_not_mix_with_ours(
    tmp_path: Path,
) -> None:
    lines = "import os, subprocess; os.write(1, b'raw'); os.write(2, b'raw')"
    path = notebook(tmp_path, f"{lines}; subprocess.run(['echo', 'raw'])")
    command = [sys.executable, "-m", "timeline_nb.cli", "run", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)
    assert (done.stdout.count("raw"), done.stderr.count("raw")) == (0, 0)


def test_a_cell_has_its_time(tmp_path: Path) -> None:
    # Longer than a test may take.
    path = notebook(tmp_path, "import time; time.sleep(900)")
    with pytest.raises(tl.NotebookError, match="took longer than 1 s"):
        tl.run_notebook(path, cell_timeout_s=1)


def test_cancelling_ends_the_kernel_and_keeps_what_ran(tmp_path: Path) -> None:
    source = (
        "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(900)"
    )
    path = notebook(tmp_path, "print('ran')", source)
    job = tl.start_run_notebook(path, output=tmp_path / "out.ipynb")
    written = tmp_path / "pid"
    until(lambda: written.exists() and written.read_text())
    job.cancel()
    with pytest.raises(tl.JobCancelledError):
        job.wait(200)
    process = Path("/proc") / written.read_text()
    until(lambda: not process.exists())
    until((tmp_path / "out.ipynb").exists)
    assert "ran" in texts(tmp_path / "out.ipynb")


def test_what_cannot_run_is_refused_at_the_call(tmp_path: Path) -> None:
    path = notebook(tmp_path, "pass")
    no_paths: list[Any] = [-1, 0, [], b"x"]
    refused: list[tuple[dict[str, Any], str]] = [
        ({"parameters": {"a": 1}}, "takes no parameters: no cell of it has the tag"),
        ({"parameters": [1]}, "parameters are a list"),
        ({"kernel": "julia"}, "kernel 'julia', which is not installed here; there are"),
        ({"folder": tmp_path / "gone"}, "is no folder"),
        *(({"folder": word}, "folder is an? ") for word in no_paths),
        *(({"folder": w}, "is no folder") for w in ("a\0", "\ud800", "x" * 300)),
        ({"cell_timeout_s": 0}, "cell_timeout_s=0"),
        *(
            ({"cell_timeout_s": word}, "cell_timeout_s is a")
            for word in ("5", 10**5000)
        ),
        *(({"kernel": word}, "kernel is an? ") for word in no_paths),
        ({"kernel": ""}, "kernel is empty"),
        *(({"kernel": w}, "not installed") for w in ("a\0", "\ud800", "x" * 300)),
        ({"output": path}, "is there already, and timeline_nb did not write it"),
        ({"output": "out/"}, "names a folder"),
    ]
    for words, told in refused:
        with pytest.raises(tl.NotebookError, match=told):
            tl.start_run_notebook(path, **words)
    with pytest.raises(tl.NotebookError, match=r"a project.*tl.render_batch\("):
        tl.start_run_notebook(tmp_path / "greeting.tlp")
    with pytest.raises(tl.NotebookError, match=r"gone.ipynb"):
        tl.start_run_notebook(tmp_path / "gone.ipynb")
    large = notebook(tmp_path, "pass", parameters="text = ''")
    with pytest.raises(tl.NotebookError, match="65,536 bytes: write them to a file"):
        tl.start_run_notebook(large, {"text": "x" * 70_000})


def test_runners_without_a_browser_give_one_film(tmp_path: Path, clips: Clips) -> None:
    path = film_notebook(tmp_path, clips["cfr"])
    for name, run in RUNNERS.items():
        run(path, f"{name}.mp4", "Grace", tmp_path / name)
    hashes = {name: sha256(tmp_path / f"{name}.mp4") for name in RUNNERS}
    assert len(set(hashes.values())) == 1, hashes
    # Pictures stand for the editor; no state of widgets is kept.
    kept = json.loads((tmp_path / "timeline-nb.mp4.ipynb").read_text())
    assert "widgets" not in kept["metadata"]
    assert "widget-view" not in json.dumps(kept)
    assert "image/" in json.dumps(kept)


def test_the_terminal_lists_parameters_and_reads_them_from_a_file(
    tmp_path: Path,
) -> None:
    path = notebook(
        tmp_path, "print(label * every)", parameters='label = "car"  # what\nevery = 1'
    )
    (tmp_path / "values.json").write_text('{"label": "bus", "every": 2}')
    command = [sys.executable, "-m", "timeline_nb.cli", "run", str(path)]

    def told(*words: str, code: int = 0) -> str:
        done = subprocess.run(
            [*command, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    assert told("--list").splitlines() == ['label  = "car"  what', "every  = 1"]
    shown = json.loads(
        told("-f", "values.json", "-p", "every=3", "-o", "o.ipynb", "--json")
    )
    assert shown["parameters"] == {"label": "bus", "every": 3}
    assert "busbusbus" in texts(tmp_path / "o.ipynb")
    assert "did you mean 'every'" in told("-p", "evry=3", code=1)
    assert "write -p name=value" in told("-p", "every", code=1)
    (tmp_path / "values.json").write_text("[1]")
    assert "no JSON object" in told("-f", "values.json", code=1)
