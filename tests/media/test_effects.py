"""Covers and windows on real and numbered frames, through cuts, turns and renders."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pandas as pd
import pytest
from media_factory import Clips, read_number
from numpy.typing import NDArray

import timeline_nb as tl
from timeline_nb.effects.frames import views_of
from timeline_nb.effects.sourced.geometry import coded_areas
from timeline_nb.effects.sourced.redaction import HOW, Redaction
from timeline_nb.effects.sourced.reframe import Reframe
from timeline_nb.errors import CompositionError, RecognitionError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.orientation import Orientation
from timeline_nb.recognition.detections import Detections


def table_for(media: tl.Media, box: tuple[float, ...]) -> pd.DataFrame:
    """One box in every frame of a film."""
    count = len(media.index)
    return Detections(
        source=media.source,
        names=("thing",),
        examined_frame=np.arange(count),
        examined_pts=np.asarray(media.index.pts),
        frame=np.arange(count),
        pts=np.asarray(media.index.pts),
        xyxy=np.tile(np.array(box, np.float32), (count, 1)),
        score=np.full(count, 0.9, np.float32),
        class_id=np.zeros(count, np.int64),
        track_id=np.ones(count, np.int64),
    ).to_dataframe()


def opened(path: Path, tmp_path: Path) -> tl.Media:
    return tl.open(path, studio=tl.open_studio(tl.Settings(cache_dir=tmp_path)))


def edit_of(media: tl.Media, *ranges: tuple[str, str]) -> tl.Edit:
    edit = tl.Edit("cut", rate=media.rate, size=(640, 272), studio=media.studio)
    edit.append([media.clip(*pair) for pair in ranges])
    return edit


@pytest.mark.parametrize("how", HOW)
def test_a_render_hides_each_box_and_nothing_else(
    how: str, bikes: Path, tmp_path: Path
) -> None:
    media = opened(bikes, tmp_path / "cache")
    table = table_for(media, (200, 60, 330, 210))
    edit = edit_of(media, ("4s", "4.6s"), ("7.2s", "8s"))
    edit.redact(table, how=how, grow=0)
    edit.split("0.4s")
    film = tmp_path / "film.mp4"
    edit.render(film).wait()
    told = edit.audit(table, film)
    assert len(told) == 35
    assert told["covered"].all()
    assert told["hidden"].all()
    plain = tl.Edit(timeline=edit.timeline, studio=media.studio)
    for clip in plain.clips:
        plain.set(clip, effects=())
    bare = tmp_path / "bare.mp4"
    plain.render(bare).wait()
    told = plain.audit(table, bare)
    assert not told["covered"].any()
    assert not told["hidden"].any()
    assert (told["likeness"] > 0.9).all()
    off = np.abs(edit.frame("0.2s").astype(int) - plain.frame("0.2s"))
    outside = np.ones(off.shape[:2], bool)
    outside[56:214, 196:334] = False
    assert off[outside].max() <= 2


def test_a_cover_does_not_change_the_frame_it_is_given(
    bikes: Path, library: MediaLibrary
) -> None:
    info = library.probe(bikes)
    cover = Redaction(
        {
            "how": "fill",
            "fingerprint": info.fingerprint,
            "size": [640, 272],
            "boxes": [[0, 10**9, 100, 50, 200, 150]],
        }
    )
    with library.video(bikes) as decoder:
        frame = decoder.frame(120)
        before = frame.to_rgb()
        covered = cover.apply(frame)
        assert np.array_equal(frame.to_rgb(), before)
        outside = zip(
            views_of(covered.picture),
            views_of(frame.picture),
            (48, 24, 24),
            strict=True,
        )
        assert all(np.array_equal(new[:end], old[:end]) for new, old, end in outside)
    assert covered.to_rgb()[52:148, 102:198].max() <= 2
    other = Redaction(
        {"how": "fill", "fingerprint": "f", "size": [640, 272], "boxes": []}
    )
    with pytest.raises(CompositionError, match="has changed since"):
        other.apply(frame)


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv422p10le", "rgb24", "rgba"])
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_boxes_are_those_of_the_upright_picture(
    degrees: int, *, flip: bool, pix_fmt: str, bikes: Path, library: MediaLibrary
) -> None:
    from dataclasses import replace

    with library.video(bikes) as decoder:
        frame = decoder.frame(120)
    picture = frame.picture.reformat(format=pix_fmt)
    reveal = replace(frame, picture=picture, orientation=Orientation(degrees, flip))
    size = reveal.size
    box = (0.1 * size[0], 0.25 * size[1], 0.3 * size[0], 0.75 * size[1])
    cover = Redaction(
        {
            "how": "fill",
            "fingerprint": frame.id.fingerprint,
            "size": list(size),
            "boxes": [[0, 10**9, *map(round, box)]],
        }
    )
    shown = cover.apply(reveal).to_rgb()
    x1, y1, x2, y2 = map(round, box)
    dark = shown.max(axis=2) <= 16
    assert dark[y1 + 1 : y2 - 1, x1 + 1 : x2 - 1].all()
    outside = np.ones(dark.shape, bool)
    outside[max(0, y1 - 3) : y2 + 3, max(0, x1 - 3) : x2 + 3] = False
    assert dark[outside].mean() < 0.5


def test_areas_never_shrink(bikes: Path, library: MediaLibrary) -> None:
    with library.video(bikes) as decoder:
        frame = decoder.frame(0)
    rng = np.random.default_rng(2)
    near = rng.uniform(0, [600, 250], (200, 2))
    boxes = np.concatenate([near, near + rng.uniform(0.5, 40, (200, 2))], axis=1)
    areas = coded_areas(boxes, (640, 272), frame)
    inside = np.minimum(boxes, [640, 272, 640, 272])
    assert (areas[:, :2] <= inside[:, :2]).all()
    assert (areas[:, 2:] >= inside[:, 2:]).all()
    assert (areas % 2 == 0).all()


def test_a_window_shows_its_part_of_the_very_frame(
    clips: Clips, library: MediaLibrary
) -> None:
    path = clips["cfr"]
    info = library.probe(path)
    width, height = info.video[0].display_size
    window = Reframe(
        {
            "fingerprint": info.fingerprint,
            "size": [width, height],
            "window": [width // 4 * 2, height],
            "path": [[0, width / 4, height / 2], [10**9, width / 4, height / 2]],
        }
    )
    with library.video(path) as decoder:
        frame = decoder.frame(7)
        shown = window.apply(frame)
    assert read_number(frame.to_rgb()) == 7
    assert shown.size == (width // 4 * 2, height)
    off = np.abs(shown.to_rgb().astype(int) - frame.to_rgb()[:, : shown.size[0]])
    assert np.median(off) <= 1


def test_a_followed_film_fills_an_upright_edit(bikes: Path, tmp_path: Path) -> None:
    media = opened(bikes, tmp_path / "cache")
    table = table_for(media, (480, 60, 560, 210))
    edit = tl.Edit("tall", rate=media.rate, size=(152, 272), studio=media.studio)
    edit.append(media.clip("4s", "5s"))
    edit.follow(table)
    shown = edit.frame("0.4s")
    # The window's middle is the box's, and fills the canvas from edge to edge.
    (expected,) = _frames(media, 110, 1)
    off = np.abs(shown.astype(int) - expected[:, 444:596]).mean()
    assert off < 3
    # Covers are told in the whole picture, whatever came first.
    edit.redact(table, how="fill")
    assert [effect.kind for effect in edit.clips[0].effects] == ["redaction", "reframe"]
    assert edit.frame("0.4s")[100:180, 60:92].max() < 24
    assert edit.audit(table)["covered"].all()


def _redacted(edit: tl.Edit, media: tl.Media) -> None:
    edit.redact(table_for(media, (200, 60, 330, 210)))


def _followed(edit: tl.Edit, media: tl.Media) -> None:
    edit.follow(table_for(media, (480, 60, 560, 210)), height=0.5)


def _stabilized(edit: tl.Edit, _: tl.Media) -> None:
    edit.effects.stabilize(0)


@pytest.mark.parametrize("changed", [_redacted, _followed, _stabilized])
def test_any_order_gives_the_very_frames_of_forward_order(
    changed: Callable[[tl.Edit, tl.Media], None], bikes: Path, tmp_path: Path
) -> None:
    media = opened(bikes, tmp_path / "cache")
    edit = edit_of(media, ("4s", "7s"))
    changed(edit, media)
    forward = [frame.copy() for frame in edit.frames()]
    other = opened(bikes, tmp_path / "other").studio
    again = tl.Edit(timeline=edit.timeline, studio=other)
    # Far apart, each is decoded alone; near one another, they come from those kept.
    for number in (3, 71, 37, 74, 7, 6, 7, 40, 39, 38, 39):
        assert np.array_equal(again.frame(number=number), forward[number]), number
    back = tl.Edit(timeline=edit.timeline, studio=other)
    back.speed(0, -1)
    reversed_frames = list(back.frames())
    assert len(reversed_frames) == len(forward) == 75
    pairs = zip(reversed_frames, reversed(forward), strict=True)
    assert all(np.array_equal(one, two) for one, two in pairs)


def _frames(media: tl.Media, first: int, count: int) -> list[NDArray[np.uint8]]:
    with media.studio.library.video(media.path) as decoder:
        return [decoder.frame(first + n).to_rgb() for n in range(count)]


def test_previews_show_what_the_render_shows(bikes: Path, tmp_path: Path) -> None:
    from timeline_nb.preview.timeline_source import TimelinePlayerSource

    media = opened(bikes, tmp_path / "cache")
    studio = media.studio
    table = table_for(media, (200, 60, 330, 210))
    edit = edit_of(media, ("4s", "5s"))
    edit.redact(table, how="fill", grow=0)
    film = TimelinePlayerSource(edit.timeline, studio.library, studio.proxies)
    film.request_proxies(0)
    for number in (0, 12):
        jpeg = film.draft_jpeg(number)
        with av.open(_named(tmp_path, jpeg)) as container:
            (picture,) = container.decode(video=0)
        shown = picture.to_ndarray(format="rgb24")
        final = edit.frame(Fraction(number, 25))
        small = np.asarray(shown, int)
        high, wide = small.shape[:2]
        y, x = (
            slice(int(high * 0.35), int(high * 0.7)),
            slice(int(wide * 0.36), int(wide * 0.48)),
        )
        assert small[y, x].max() < 30
        assert final[100:180, 220:310].max() < 20


def _named(folder: Path, data: bytes) -> str:
    path = folder / "draft.jpg"
    path.write_bytes(data)
    return str(path)


def test_an_edit_without_the_film_and_a_film_of_another_edit_are_refused(
    bikes: Path, bunny: Path, tmp_path: Path
) -> None:
    media = opened(bikes, tmp_path / "cache")
    table = table_for(media, (200, 60, 330, 210))
    other = tl.open(bunny, studio=media.studio)
    edit = tl.Edit("x", rate=25, size=(640, 360), studio=media.studio)
    edit.append(other.clip("0s", "1s"))
    with pytest.raises(RecognitionError, match=r"no clip of bikes\.mp4"):
        edit.redact(table)
    mine = edit_of(media, ("4s", "5s"))
    mine.redact(table)
    with pytest.raises(RecognitionError, match="frames, and 'cut' 25"):
        mine.audit(table, bikes)
    steps: list[Any] = [mine.timeline]
    mine.undo()
    assert mine.timeline != steps[0]
    assert not mine.audit(table)["covered"].any()
