"""Names that no file can have are refused at the call, by the argument's name."""

import os
from pathlib import Path
from typing import Any

import pytest
from timelines import three_clips

import timeline_nb as tl
from timeline_nb.core.output_names import name_fault, output_path
from timeline_nb.errors import (
    MediaError,
    ProjectError,
    RenderError,
    TimelineError,
    TimelineNbError,
)
from timeline_nb.recognition.exchange.files import table_path
from timeline_nb.render.containers import container_of

LONG = "é" * 126 + ".mp4"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("a\0.mp4", "NUL"),
        ("\ud800.mp4", "half a letter"),
        ("film.mp4/", "names a folder"),
        ("..", "names a folder"),
        (".", "names a folder"),
        ("/", "names a folder"),
        (LONG, "a name of 256 bytes"),
        ("a/" * 2100 + "b.mp4", "has 4,205 bytes, more than 4,095"),
        (b"film.mp4", "is a bytes"),
        (3, "path=3 is an int"),
        (None, "path=None is a NoneType"),
    ],
)
def test_no_file_can_have_it(path: Any, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        output_path(path, RenderError, what="the film")


@pytest.mark.parametrize(
    "path", ["film.mp4", "é" * 125 + "a.mp4", "a b.mp4", "nul.mp4", "\udce9.mp4"]
)
def test_a_file_can_have_it(path: str) -> None:
    assert name_fault(path, windows=False) == ""


@pytest.mark.parametrize("path", ["nul.mp4", "COM1", "a/aux.b.mp4", "a?.mp4", "a ./b"])
def test_names_that_windows_keeps_for_itself(path: str) -> None:
    assert name_fault(path, windows=True)


@pytest.mark.parametrize(
    "name",
    [
        "%d%d.png",
        "%0300d.png",
        "%099999999d.png",
        "%5000d.png",
        "%s.png",
        "%%.png",
        "%d%%.png",
        "%d%s.png",
        "100%.png",
        "%-5d.png",
        "frame.png",
    ],
)
def test_a_sequence_has_one_place_for_its_number(name: str) -> None:
    with pytest.raises(RenderError, match="one place of its number"):
        container_of(Path("frames") / name)


def test_the_names_of_pictures_are_counted_in_bytes() -> None:
    container_of(Path("é" * 70 + "%099d.png"))
    with pytest.raises(RenderError, match="names of 263 bytes"):
        container_of(Path("é" * 80 + "%099d.png"))


def test_every_call_that_writes_checks_its_name(tmp_path: Path) -> None:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        cut = tl.Edit(timeline=three_clips(), studio=studio)
        for bad in (LONG, "a\0b", "", f"{tmp_path}/x.mp4/", 3):
            anything: Any = bad
            calls: list[tuple[Any, type[TimelineNbError]]] = [
                (lambda: cut.render(anything), RenderError),  # noqa: B023
                (lambda: cut.plan(anything), RenderError),  # noqa: B023
                (lambda: studio.render(cut.timeline, anything), RenderError),  # noqa: B023
                (lambda: cut.subtitles.write(anything), TimelineError),  # noqa: B023
                (lambda: table_path(anything), TimelineNbError),  # noqa: B023
            ]
            if bad:
                calls.append((lambda: cut.save(anything), ProjectError))  # noqa: B023
            for call, kind in calls:
                with pytest.raises(kind, match="path="):
                    call()


def test_a_pipe_is_not_written_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "film.mp4")
    with pytest.raises(MediaError, match="is a pipe, not a file"):
        output_path(tmp_path / "film.mp4", MediaError, what="the film")


def test_a_film_of_a_century_is_refused_at_once(tmp_path: Path) -> None:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        cut = tl.Edit("walk", rate=25, size=(320, 240), studio=studio)
        cut.titles.add("The end", start=0, end=3_000_000_000)
        film = tmp_path / "film.mp4"
        for call in (lambda: cut.render(film), lambda: cut.plan(film)):
            with pytest.raises(RenderError, match=r"3,000,000,000 s.* \(100 hours\)"):
                call()
