"""Contracts of the whole package: imports, public names, lengths, protocol."""

import ast
import inspect
import pickle
import pydoc
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context
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


def test_dir_and_all_agree_and_show_nothing_else() -> None:
    shown = [name for name in dir(timeline_nb) if not name.startswith("_")]
    assert shown == sorted(timeline_nb.__all__)
    star: dict[str, object] = {}
    exec("from timeline_nb import *", star)  # noqa: S102 - what a star gives
    assert set(star) - {"__builtins__"} == set(timeline_nb.__all__)


def test_type_checkers_are_given_the_names_and_homes_of_the_running_program() -> None:
    tree = ast.parse((ROOT / "timeline_nb" / "__init__.py").read_text())
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    given = {
        alias.asname: (node.module or "").removeprefix("timeline_nb.")
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if not (alias.asname or "").startswith("_")
    }
    assert given == timeline_nb._HOMES


def test_every_error_is_public() -> None:
    assert set(timeline_nb.errors.__all__) <= set(timeline_nb.__all__)


def test_public_names_say_that_they_are_of_the_package() -> None:
    values = [getattr(timeline_nb, name) for name in timeline_nb.__all__]
    named = [v for v in values if inspect.isclass(v) or inspect.isfunction(v)]
    assert len(named) > 50
    assert {value.__module__ for value in named} == {"timeline_nb"}


def test_classes_that_methods_load_say_so_too() -> None:
    home = "from timeline_nb.notebook.detection_result import DetectionResult as it"
    _loaded(f"{home}; assert it.__module__ == 'timeline_nb', it.__module__")


def test_public_classes_and_values_travel_between_processes() -> None:
    values = [getattr(timeline_nb, name) for name in timeline_nb.__all__]
    things: list[object] = [value for value in values if inspect.isclass(value)]
    things += [
        timeline_nb.TimeRange(Fraction(0), Fraction(1)),
        timeline_nb.Profile(),
        timeline_nb.JobStatus.FAILED,
        timeline_nb.open,
    ]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(_same, pickle.dumps(things)).result() == things


def _same(pickled: bytes) -> object:
    return pickle.loads(pickled)  # noqa: S301 - our own


def test_help_of_the_package_is_a_page_with_every_name() -> None:
    page = pydoc.render_doc(timeline_nb, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    assert len(page.splitlines()) < 150
    told = re.findall(r"\w+", page[: page.index("PACKAGE CONTENTS")])
    assert set(timeline_nb.__all__) <= set(told)


@pytest.mark.parametrize(
    "order",
    [
        "import timeline_nb; import pandas",
        "import pandas; import timeline_nb",
        "import timeline_nb; import pandas.core.frame; import pandas",
    ],
)
def test_every_table_has_the_accessor_in_whatever_order_packages_come(
    order: str,
) -> None:
    loaded = _loaded(
        f"{order}; df = pandas.DataFrame({{'a': [1]}});"
        "assert 'tl' in dir(df) and hasattr(df, 'tl');"
        "assert 'timeline_nb' not in type(pandas.__spec__.loader).__module__"
    )
    assert "av" not in loaded


def test_a_name_that_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sparkle'"):
        _ = timeline_nb.sparkle


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_modules_and_functions_stay_short(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            doc = ast.get_docstring(node, clean=False) or ""
            lines = (node.end_lineno or 0) - node.lineno + 1 - len(doc.splitlines())
            assert lines <= 50, f"{node.name} has {lines} lines"


def test_the_protocol_of_the_front_end_is_current() -> None:
    assert TYPESCRIPT_PATH.read_text() == typescript()
