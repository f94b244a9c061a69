"""Mistakes in a cell: each is refused at the call, and the timeline stays as it was."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from media_factory import Clips

import timeline_nb as tl
from timeline_nb.errors import TimelineError, TimelineNbError
from timeline_nb.studio import Settings


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(Settings(cache_dir=tmp_path / "cache")) as studio:
        yield studio


@pytest.fixture
def source(clips: Clips, studio: tl.Studio) -> tl.Media:
    return tl.open(clips["cfr"], studio=studio)


@pytest.fixture
def cut(source: tl.Media, studio: tl.Studio) -> tl.Edit:
    cut = tl.Edit("walk", rate=25, size=(192, 112), studio=studio)
    cut.append([source.clip("10f", "30f"), source.clip("20f", "45f")])
    return cut


Mistake = Callable[[Any, Any], Any]

# What is called, and words of the message: the argument, and what to do.
MISTAKES: list[tuple[Mistake, str]] = [
    (lambda cut, _: cut.resize(fit="cover"), r"fit='cover': did you mean 'fill'"),
    (lambda cut, _: cut.resize(rate=25, fps=30), "either rate= or fps="),
]


@pytest.mark.parametrize(("mistake", "words"), MISTAKES)
def test_a_mistake_is_refused_at_the_call(
    cut: tl.Edit, source: tl.Media, mistake: Mistake, words: str
) -> None:
    before, steps = cut.timeline, cut.history.steps
    with pytest.raises(TimelineNbError, match=words):
        mistake(cut, source)
    assert cut.timeline is before
    assert cut.history.steps == steps


def test_fps_is_the_rate(cut: tl.Edit) -> None:
    cut.resize(fps=30)
    assert cut.rate == Fraction(30)


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_undo_within_a_group_is_refused_and_loses_no_step(
    cut: tl.Edit, name: str
) -> None:
    cut.split("5f")
    split = cut.timeline

    def within_a_group() -> None:
        with cut.group("both"):
            cut.delete(0)
            getattr(cut, name)()

    with pytest.raises(TimelineError, match=f"{name} is not possible within a group"):
        within_a_group()
    assert cut.timeline is split
    cut.undo()
    cut.redo()
    assert cut.timeline is split
