"""What code counts under a word is a word that may leave."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import timeline_nb
from timeline_nb.core.telemetry.words import SPAN_NAMES, WORDS, job_kind

PACKAGE = Path(timeline_nb.__file__).parent


def called(*names: str) -> Iterator[str]:
    """Yield the first argument of calls of functions, where it is written out."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function, first = node.func, node.args[0]
            name = getattr(function, "id", getattr(function, "attr", ""))
            if name in names and isinstance(first, ast.Constant):
                yield str(first.value)


def test_all_that_is_timed_and_counted_has_a_word() -> None:
    spans = set(called("span", "spanned", "beside", "root_span", "timed"))
    assert "media.open" in spans
    assert {one for one in spans if "." in one} <= SPAN_NAMES
    stages = set(called("stage", "staged"))
    assert "decode" in stages
    assert stages <= set(WORDS["stage"][1])


def test_each_cache_that_has_a_word_is_counted() -> None:
    assert set(called("count_look")) == set(WORDS["cache"][1])


JOB = re.compile(r"""(?:\bstart|\bJob(?:\[\w+\])?)\(\s*f?"([a-z]+) """)


def kinds() -> list[str]:
    """Return the first words of the names of all jobs that are written in code."""
    texts = (path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    return sorted({word for text in texts for word in JOB.findall(text)})


@pytest.mark.parametrize("kind", kinds())
def test_jobs_have_a_kind(kind: str) -> None:
    assert job_kind(f"{kind} film.mp4") == kind


def test_the_kinds_of_jobs_were_found() -> None:
    assert {"render", "publish", "pack", "verify"} <= set(kinds())
