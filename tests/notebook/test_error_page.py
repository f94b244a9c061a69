"""The page about errors has the words that errors have, so that a search finds them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from media_factory import Recipe, make

import timeline_nb as tl

PAGE = Path(__file__).parents[2] / "notebooks" / "docs" / "errors.md"
TITLES = re.findall(r'^"(.+)"\n: ', PAGE.read_text("utf-8"), re.MULTILINE)


def offline(cut: tl.Edit, folder: Path) -> None:
    (folder / "bikes.mp4").rename(folder / "moved.mp4")
    cut.render("film.mp4").wait()


def not_ours(cut: tl.Edit, folder: Path) -> None:
    (folder / "theirs.mp4").write_text("of others")
    cut.render("theirs.mp4").wait()


def changed(cut: tl.Edit, folder: Path) -> None:
    path = cut.save("cut.tlp")
    tl.Edit("other", rate=25, size=(64, 48)).save("other.tlp")
    path.write_bytes((folder / "other.tlp").read_bytes())
    cut.save()


def locked(cut: tl.Edit, _: Path) -> None:
    cut.set_track("V1", locked=True)
    cut.delete(0)


MISTAKES: list[Callable[[tl.Edit, Path], object]] = [
    offline,
    not_ours,
    changed,
    locked,
    lambda cut, _: cut.dissolve(after=0, duration="4f"),
    lambda cut, _: cut.effects.add(0, "sepiaa"),
]


@pytest.mark.parametrize(
    ("title", "mistake"), [*zip(TITLES, MISTAKES, strict=True)], ids=TITLES
)
def test_its_titles_are_what_errors_say(
    title: str,
    mistake: Callable[[tl.Edit, Path], object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    src = tl.open(make(tmp_path, Recipe("bikes.mp4", frames=25)))
    cut = tl.Edit("street", rate=25, size=(64, 48))
    cut.append([src.clip("0s", "1s"), src.clip("0s", "1s")])
    with pytest.raises(tl.TimelineNbError) as caught:
        mistake(cut, tmp_path)
    parts = [re.escape(part) for part in title.split("…")]
    assert re.search(".+".join(parts), str(caught.value))
