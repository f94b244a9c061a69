"""What the package promises as a whole."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import timeline_nb
from timeline_nb.widgets.protocol import TYPESCRIPT_PATH, typescript

ROOT = Path(__file__).parents[2]
HEAVY = ("av", "cv2", "onnxruntime", "pandas", "anywidget", "ipywidgets", "numpy")
MODULES = sorted((ROOT / "timeline_nb").rglob("*.py"))


def _loaded(code: str) -> set[str]:
    script = f"import sys; {code}; print(' '.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert run.stderr == ""
    return set(run.stdout.split())


def test_the_import_loads_nothing_heavy() -> None:
    assert not _loaded("import timeline_nb") & set(HEAVY)


def test_opening_a_file_loads_no_network_and_no_tables() -> None:
    loaded = _loaded("import timeline_nb; timeline_nb.open")
    assert "av" in loaded
    assert not loaded & {"onnxruntime", "cv2", "pandas", "anywidget"}


def test_rendering_loads_no_tables_and_no_numerics_it_may_not_need() -> None:
    catalog = "list(timeline_nb.effects.catalog.catalog())"
    loaded = _loaded(f"import timeline_nb.render.render; {catalog}")
    assert not loaded & {"pandas", "onnxruntime", "scipy.signal", "scipy.interpolate"}


@pytest.mark.parametrize("name", timeline_nb.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(timeline_nb, name)
    assert inspect.getdoc(value)


def test_a_name_that_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sparkle'"):
        _ = timeline_nb.sparkle


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_modules_and_functions_stay_short(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            told = ast.get_docstring(node, clean=False) or ""
            lines = (node.end_lineno or 0) - node.lineno + 1 - len(told.splitlines())
            assert lines <= 50, f"{node.name} has {lines} lines"


def test_the_browser_is_told_what_python_tells() -> None:
    assert TYPESCRIPT_PATH.read_text() == typescript()
