"""Mistakes in a cell: each is refused at the call, and the timeline stays as it was."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from media_factory import Clips

import timeline_nb as tl
from timeline_nb.errors import TimelineError, TimelineNbError
from timeline_nb.multicam.sync import Sync
from timeline_nb.notebook.cameras import Multicam
from timeline_nb.settings import Settings


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

# The package without its types: what follows breaks them.
untyped: Any = tl


def table_with(cut: tl.Edit, column: str, value: Any) -> pd.DataFrame:
    """Return the edit's table with another value in its second row."""
    table = cut.timeline.to_dataframe()
    table[column] = table[column].astype(object)
    table.loc[1, column] = value
    return table


def two_cameras(source: tl.Media) -> Any:
    return Multicam({"A": source, "B": source}, dict.fromkeys("AB", Sync(0, 0, 99)))


RANGES = pd.DataFrame({"start_s": [0.0, 1.0], "end_s": [0.5, 1.5]})

# What is called, and words of the message: the argument, and what to do.
MISTAKES: list[tuple[Mistake, str]] = [
    (lambda cut, _: cut.resize(fit="cover"), r"fit='cover': did you mean 'fill'"),
    (lambda cut, _: cut.resize(rate=25, fps=30), "either rate= or fps="),
    (lambda *_: RANGES.tl.clips("a.mp4"), r"media='a.mp4' .*tl.open\('a.mp4'\)"),
    (lambda *_: RANGES.tl.timeline(5), r"media=5 is an int: give media"),
    (
        lambda _, src: untyped.sync_cameras({"A": src, "B": "x.mp4"}),
        r"cameras: 'x.mp4' is a str: .*tl.open\('x.mp4'\)",
    ),
    (lambda *_: untyped.sync_cameras(5), "cameras=5: give a list of media"),
    (lambda cut, src: two_cameras(src).switch(cut, 5), "cuts=5: give pairs"),
    (lambda cut, src: two_cameras(src).switch(cut, [0.9]), "give pairs"),
    (lambda cut, _: cut.frame(number=3.5), "number=3.5 is a float: give a whole"),
    (lambda cut, _: cut.frame(number="3"), "number='3' is a str: give a whole"),
    (lambda cut, src: cut.nest(src, at=0), "is a Media: give an edit"),
    (lambda cut, _: cut.update("x"), r"table='x' is a str: give .* table"),
    (
        lambda cut, _: cut.update(table_with(cut, "gain_db", "loud")),
        "row 1 of the table: gain_db is 'loud': give a number",
    ),
    (
        lambda cut, _: cut.update(table_with(cut, "duration_s", float("nan"))),
        "row 1 of the table: duration_s is nan: give seconds",
    ),
    (
        lambda cut, _: cut.update(table_with(cut, "track", "Z9")),
        "row 1 of the table: 'walk' has no track 'Z9'.*add_track",
    ),
    (lambda cut, _: cut.perform("split"), r"'split' is a str.*cut.split\('1s'\)"),
    (lambda cut, src: cut.paste([src], at=0), r"items: .*\[\('V1', 0, clip\)\]"),
    (lambda cut, _: cut.paste(5, at=0), r"items: 5 .*\[\('V1', 0, clip\)\]"),
    (lambda cut, _: cut.effects.add(0, ["sepia"]), r"\['sepia'\] is a list.*one kind"),
    (lambda cut, _: cut.effects.replace(0, ["sepia"]), "effects=.*give a list"),
    (lambda cut, _: cut.set(0, effects=["sepia"]), "effects=.*give a list"),
    (lambda cut, _: cut.set_track("V1", effects=["sepia"]), "effects=.*give a list"),
    (lambda *_: untyped.catalog(5), "which=5 is an int: give a medium"),
    (lambda cut, _: cut.render(5), "path=5 is an int: name the file of the film"),
    (lambda cut, _: cut.plan(5), "path=5 is an int: name the file of the film"),
    (lambda cut, _: cut.render("a.mp4", priority="high"), "priority='high': give"),
    (lambda cut, _: cut.render("a.mp4", workers="two"), "workers='two': give"),
    (lambda cut, _: cut.render("a.mp4", workers=0), "workers=0: give"),
    (lambda cut, _: cut.render("a.mp4", executor="dask"), "executor='dask' .*give"),
    (lambda cut, _: cut.audio.levels(0, 1, steps="a"), "steps='a' is a str: give"),
    (lambda cut, _: cut.audio.levels(0, 1, steps=0), "steps=0: give 1 or more"),
    (lambda cut, _: cut.append(RANGES), r"a table cannot be placed: .*df.tl.clips"),
    (lambda cut, _: cut.split(99), "at=99: .*lasts 1.8 s: give a time within a clip"),
    (lambda cut, _: cut.split("20f"), "at='20f': nothing .*give a time within a clip"),
    (lambda cut, _: cut.effects.add("A1", "sepia"), "'A1' is sound, and 'sepia' is"),
    (lambda cut, _: cut.effects.add("V1", "reverb"), "'V1' is pictures, and 'reverb'"),
    (lambda cut, _: cut.effects.add(0, "reverb"), "clip 'c1' is pictures"),
    (lambda cut, _: cut.audio.duck("V1", under="A1"), "'V1' is pictures, and 'duck'"),
    (lambda cut, _: cut.audio.duck("A1", under="A1"), "ducked under itself"),
    (lambda cut, _: cut.titles.add("", start=0, end=1), "text='': give the text"),
    (
        lambda cut, _: cut.titles.add("a", start=0, end=1, size=60),
        "'size' is 60: .* a share of the picture's height, such as 0.1",
    ),
    (lambda cut, _: cut.markers.add(True), "True is not a number: give seconds"),
    (lambda cut, _: cut.history.script(name="a b"), "name='a b' .*such as 'cut'"),
    (lambda cut, _: cut.history.go_to("1"), "number='1' is a str: give a whole number"),
    (lambda cut, _: cut.history.go_to(0.5), "number=0.5 is a float: give a whole"),
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


def test_cameras_are_switched_by_a_dict_too(cut: tl.Edit, source: tl.Media) -> None:
    cut = tl.Edit("switched", rate=25, size=(192, 112), studio=cut.studio)
    two_cameras(source).switch(cut, {0: "A", 0.8: "B"}, end=1.2)
    assert [clip.name for clip in cut.clips] == ["A", "B"]


def test_a_file_of_others_is_not_overwritten_by_subtitles(
    cut: tl.Edit, tmp_path: Path
) -> None:
    path = tmp_path / "notmine.srt"
    path.write_text("notes", encoding="utf-8")
    cut.subtitles.add("Hello", start=0, end="1s")
    with pytest.raises(TimelineError, match=r"notmine.srt is there.*overwrite=True"):
        cut.subtitles.write(path)
    assert path.read_text(encoding="utf-8") == "notes"
    cut.subtitles.write(path, overwrite=True)
    cut.subtitles.add("Again", start="1s", end="2s")
    cut.subtitles.write(path)
    assert "Again" in path.read_text(encoding="utf-8")
