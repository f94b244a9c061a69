"""Parameters: what a cell declares, and values for it, from text and from Python."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from timeline_nb.errors import NotebookError
from timeline_nb.runs.notebook_file import read_notebook
from timeline_nb.runs.parameters import declared, injected_source, values_of

CELL = """\
%matplotlib inline
label = "car"  # what is looked for
score: float = 0.4
every = 5
tiles = (2, 1)
draw = True
clip: str | None = None
anything = None
place = Path("films")
a, b = 1, 2
"""


def names(source: str = CELL) -> list[tuple[str, str, str, bool, str]]:
    found = declared(source, "cut.ipynb, cell 2")
    return [(p.name, p.default, p.kind, p.is_optional, p.about) for p in found]


def given(*, texts: bool = False, **values: Any) -> dict[str, Any]:
    known = declared(CELL, "cut.ipynb, cell 2")
    return values_of(values, known, notebook="cut.ipynb", texts=texts)


def test_a_cell_declares_names_defaults_types_and_comments() -> None:
    assert names() == [
        ("label", '"car"', "str", False, "what is looked for"),
        ("score", "0.4", "float", False, ""),
        ("every", "5", "int", False, ""),
        ("tiles", "(2, 1)", "list", False, ""),
        ("draw", "True", "bool", False, ""),
        ("clip", "None", "str", True, ""),
        ("anything", "None", "", True, ""),
        ("place", 'Path("films")', "", True, ""),
    ]


def test_what_is_typed_has_the_type_of_the_default() -> None:
    assert given(
        texts=True,
        label="42",
        score="1",
        every="7",
        tiles="[3, 2]",
        draw="no",
        clip="None",
        anything="2.5",
        place="films/new",
    ) == {
        "label": "42",
        "score": 1.0,
        "every": 7,
        "tiles": [3, 2],
        "draw": False,
        "clip": None,
        "anything": 2.5,
        "place": "films/new",
    }


def test_values_of_numpy_and_fractions_are_plain() -> None:
    values = given(every=np.int64(3), score=np.float32(0.5), tiles=np.array([1, 2]))
    assert values == {"every": 3, "score": 0.5, "tiles": [1, 2]}
    assert type(values["every"]) is int
    assert given(score=Fraction(1, 4)) == {"score": 0.25}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"scor": 1}, r"no parameter 'scor'; did you mean 'score'\? There are label"),
        ({"score": "high"}, "'score' cannot be 'high': give a number, as its default"),
        ({"every": True}, "'every' cannot be True: give a whole number"),
        ({"every": 1.5}, "'every' cannot be 1.5: give a whole number"),
        ({"label": 5}, "'label' cannot be .*: give a text"),
        ({"label": None}, "'label' cannot be None: give a text"),
        ({"score": float("nan")}, "it is not finite"),
        ({"anything": object()}, "of the type object; give what JSON can hold"),
        ({"anything": 10**50}, "more than 40 digits"),
        ({"anything": {1: 2}}, "a key in it is no text"),
        ({"label": "\ud800"}, "half a letter"),
    ],
)
def test_what_does_not_fit_is_told_with_what_would(
    values: dict[str, Any], words: str
) -> None:
    with pytest.raises(NotebookError, match=words):
        given(**values)


def test_what_nests_too_deeply_is_refused() -> None:
    with pytest.raises(NotebookError):
        given(anything=json.loads("[" * 900 + "]" * 900))
    with pytest.raises(NotebookError):
        given(texts=True, tiles="[" * 100_000)


def test_the_injected_cell_gives_the_values_back() -> None:
    values = {"label": 'a"\n\\b', "score": 0.1, "tiles": [1, {"a": None}], "d": True}
    found: dict[str, Any] = {}
    exec(injected_source(values), found)  # noqa: S102 - the source is ours
    assert {name: found[name] for name in values} == values


def test_a_cell_that_is_not_python_is_named_with_its_line() -> None:
    with pytest.raises(NotebookError, match=r"cut.ipynb, cell 2, line 2"):
        names("a = 1\nb = = 2\n")
    with pytest.raises(NotebookError, match="is not Python"):
        names("a = " + "(" * 10_000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is no JSON"),
        ("{}", "it is no JSON|not as in notebooks"),
        ("[" * 100_000, "nests too deeply|no JSON"),
        ('{"nbformat": 3, "cells": []}', "version 3, not 4"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}', "cells"),
        ('{"nbformat": 4, "cells": [{"cell_type": "film"}]}', "cell_type"),
        ('{"nbformat": ' + "9" * 400 + ', "cells": []}', "not as in notebooks|JSON"),
        ("\x00\xff", "no notebook"),
    ],
)
def test_files_that_are_no_notebooks_are_refused_by_name(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "strange.ipynb"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(NotebookError, match=f"strange.ipynb.*({words})"):
        read_notebook(path)


def test_the_digest_is_of_code_and_not_of_outputs_or_values(tmp_path: Path) -> None:
    def digest(*cells: dict[str, Any]) -> str:
        path = tmp_path / "cut.ipynb"
        path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
        return read_notebook(path).sha256

    code = {"cell_type": "code", "source": "a = 1"}
    split = {"cell_type": "code", "source": ["a =", " 1"], "outputs": [1]}
    note = {"cell_type": "markdown", "source": "words"}
    tags = {"tags": ["injected-parameters"]}
    value = {"cell_type": "code", "source": "b = 3", "metadata": tags}
    same = digest(code)
    assert digest(split) == digest(note, code) == digest(code, value) == same
    assert digest({"cell_type": "code", "source": "a = 2"}) != same
