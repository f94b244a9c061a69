"""Each answer of the documentation's questions runs as it stands there."""

import ast
import asyncio
import re
import shutil
from inspect import CO_COROUTINE
from pathlib import Path
from types import FunctionType
from typing import Any

import pandas as pd
import pytest
from media_factory import Recipe, make

import timeline_nb as tl
from timeline_nb.recognition.models.manifest import read_embedded

PAGE = Path(__file__).parents[2] / "notebooks" / "docs" / "questions.md"
_ANSWER = re.compile(
    r"^## ([^\n]+)\n(?:(?!^## ).)*?```python\n(.*?)```", re.MULTILINE | re.DOTALL
)
ANSWERS = _ANSWER.findall(PAGE.read_text("utf-8"))
# These need people, or cameras that hear one scene; tests of the commands have them.
SPEAKS_OF_MORE = {
    "How do I resize an edit, or make it upright?",
    "How do I switch live between cameras?",
    "How do I blur faces or people?",
}


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the page says of `src` and `cut`, and the files that its answers name."""
    monkeypatch.chdir(tmp_path)
    film = make(tmp_path, Recipe("bikes.mp4", frames=125, clicks=True))
    for name in ("a.mp4", "b.mp4"):
        shutil.copy(film, name)
    Path("fonts").mkdir()
    faces = Path(tl.__file__).parent / "effects" / "titles" / "faces"
    shutil.copy(faces / "DejaVuSans.ttf", "fonts/Inter.ttf")
    Path("talk.srt").write_text("1\n00:00:00,200 --> 00:00:01,800\nGood morning!\n")
    shutil.copy("talk.srt", "talk.de.srt")
    Path("rows.csv").write_text("name,text\nann,Hello Ann\nbob,Hello Bob\n")
    Path("best.onnx").write_bytes(read_embedded()[1])
    # Models and cameras belong to the studio of the process.
    tl.allow(tmp_path)
    src = tl.open(film)
    cut = tl.Edit("street", rate=25, size="360p")
    cut.append(src.clip("0s", "4s"))
    table = pd.DataFrame({"time_s": [0.0, 1.0], "camera": ["wide", "left"]})
    return {"tl": tl, "src": src, "cut": cut, "table": table}


@pytest.mark.parametrize(("question", "answer"), ANSWERS, ids=[q for q, _ in ANSWERS])
def test_it_runs(question: str, answer: str, names: dict[str, Any]) -> None:
    if question in SPEAKS_OF_MORE:
        pytest.skip("needs people or cameras")
    code = compile(answer, question, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    done = FunctionType(code, names)()
    if code.co_flags & CO_COROUTINE:
        asyncio.run(done)


def test_all_questions_are_read() -> None:
    assert len(ANSWERS) >= 15
