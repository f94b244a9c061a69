"""The objects that a cell holds."""

import asyncio
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from media_factory import Clips, read_number
from PIL import Image

import timeline_nb as tl
from timeline_nb.errors import MediaError, ProjectError, TimeError, TimelineError
from timeline_nb.notebook.drawing import contact_sheet, html_rows
from timeline_nb.settings import Settings


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(Settings(cache_dir=tmp_path / "cache")) as studio:
        yield studio


@pytest.fixture
def cut(clips: Clips, studio: tl.Studio) -> tl.Edit:
    source = tl.open(clips["cfr"], studio=studio)
    cut = tl.Edit("walk", rate=25, size=(192, 112), studio=studio)
    cut.append([source.clip("10f", "30f"), source.clip("20f", "45f")])
    return cut


def test_media_tell_what_they_are(clips: Clips, studio: tl.Studio) -> None:
    source = tl.open(clips["ntsc"], studio=studio)
    assert source.rate == Fraction(30000, 1001)
    assert source.size == (192, 112)
    assert source.duration == 90 * Fraction(1001, 30000)
    assert repr(source) == (
        "<Media 'ntsc.mp4' video, 192x112, h264, 29.97 fps, 90 frames, 00:00:03:00, "
        "aac 48000 Hz stereo>"
    )
    assert read_number(source.frame("12f")) == 12
    assert "<img" in source._repr_html_()


def test_media_give_thumbnails_and_peaks(clips: Clips, studio: tl.Studio) -> None:
    source = tl.open(clips["cfr"], studio=studio)
    # The middles of four parts of 60 frames.
    pictures = source.thumbnails(4, height_px=56)
    assert [read_number(picture) for picture in pictures] == [7, 22, 37, 52]
    assert source.waveform(24).high.shape == (2, 24)
    with pytest.raises(MediaError, match="has no sound"):
        tl.open(clips["phone"], studio=studio).waveform()


def test_times_of_clips_are_exact_and_checked(clips: Clips, studio: tl.Studio) -> None:
    source = tl.open(clips["cfr"], studio=studio)
    clip = source.clip("0.4s", "00:00:01:05")
    assert (clip.source_range.start, clip.source_range.end) == (
        Fraction(2, 5),
        Fraction(6, 5),
    )
    assert source.clip().source_range.duration == Fraction(60, 25)
    with pytest.raises(TimeError, match=r"cfr\.mp4: a clip from '2s' to '1s' is empty"):
        source.clip("2s", "1s")
    with pytest.raises(TimeError, match="reaches outside the file"):
        source.clip("2s", "3s")


def test_rows_travel_with_their_clips(clips: Clips, studio: tl.Studio) -> None:
    source = tl.open(clips["cfr"], studio=studio)
    rows = pd.DataFrame(
        {
            "start": [Fraction(0), Fraction(1)],
            "end": [Fraction(1, 2), Fraction(2)],
            "labels": ["car", "dog"],
            "mean_score": np.array([0.5, np.nan], np.float32),
        }
    )
    first, second = source.clips(rows)
    assert first.metadata == {"labels": "car", "mean_score": 0.5}
    assert second.metadata == {"labels": "dog", "mean_score": None}
    (pair,) = source.clips([("1f", "2f")])
    assert pair.source_range.duration == Fraction(1, 25)


def test_stills_need_a_length(tmp_path: Path, studio: tl.Studio) -> None:
    path = tmp_path / "card.png"
    Image.new("RGB", (64, 32), "red").save(path)
    card = tl.open(path, studio=studio)
    with pytest.raises(TimeError, match="say how long"):
        card.clip()
    assert card.clip(0, "5s").media.available_range is None
    with pytest.raises(MediaError, match="it has no rate"):
        _ = card.rate


def test_each_call_is_one_step_of_the_history(cut: tl.Edit) -> None:
    before = cut.timeline
    cut.split("5f")
    cut.delete(0)
    assert [clip.id for clip in cut.clips] == ["c5", "c3"]
    assert cut.session.undo_label == "ripple delete"
    cut.undo()
    cut.undo()
    assert cut.timeline is before
    with cut.group("both"):
        cut.split("5f")
        cut.markers.add("1s", name="here")
    assert cut.session.undo_label == "both"


def test_a_whole_file_can_be_appended(clips: Clips, studio: tl.Studio) -> None:
    source = tl.open(clips["cfr"], studio=studio)
    cut = tl.Edit("walk", rate=25, size=(192, 112), studio=studio)
    cut.append(source)
    assert repr(cut).endswith("1 clip on 2 tracks, 00:00:02:10>")
    cut.insert([source, source.clip(0, "1s")], at="1s")
    assert len(cut.clips) == 4


def test_clips_are_named_by_id_number_or_themselves(cut: tl.Edit) -> None:
    for clip in ("c1", 0, cut.clips[0]):
        cut.set(clip, gain_db=-3.0, fade_in="2f")
        assert cut.clips[0].fade_in == Fraction(2, 25)
        cut.undo()
    with pytest.raises(
        TimelineError, match="has 2 clips on its first video track: there is no clip 7"
    ):
        cut.lift(7)
    with pytest.raises(TimelineError, match="no item with the id 'c99'"):
        cut.lift("c99")


def test_the_other_verbs_reach_the_timeline(cut: tl.Edit) -> None:
    cut.dissolve(after=0, duration="4f")
    cut.slip(0, by="2f")
    cut.roll(0, by="1f")
    cut.ripple(1, tail="-3f")
    cut.slide(0, by="0f")
    cut.move(1, to="2s")
    cut.insert(cut.clips[0], at="3s")
    cut.overwrite(cut.clips[0], at="0s")
    cut.subtitles.add("hello", start="0s", end="1s")
    cut.unlink(0)
    cut.link(0, 1)
    cut.lift(0)
    cut.split("3.2s", clip=0)
    cut.join(0)
    labels = []
    while cut.session.undo_label:
        labels.append(cut.session.undo_label)
        cut.undo()
    assert len(labels) == 14
    assert labels[-1] == "append"


def test_a_changed_table_is_an_edit(cut: tl.Edit) -> None:
    table = cut.timeline.to_dataframe()
    before = cut.timeline
    cut.update(table[table["id"] != "c1"])
    assert [clip.id for clip in cut.clips] == ["c3"]
    cut.undo()
    assert cut.timeline is before


def test_a_frame_of_the_edit_is_what_a_render_shows(cut: tl.Edit) -> None:
    assert read_number(cut.frame("3f")) == 13
    assert read_number(cut.frame("20f", size=(96, 56))) == 20


def test_a_render_is_awaited_and_leaves_the_kernel_free(
    cut: tl.Edit, tmp_path: Path, studio: tl.Studio
) -> None:
    async def run() -> tuple[object, int]:
        job = cut.render(tmp_path / "walk.mp4")
        turns = 0
        while not job.done:
            turns += 1
            await asyncio.sleep(0.005)
        return await job, turns

    result, turns = asyncio.run(run())
    assert turns > 1
    assert "45 frames" in repr(result)
    shown = tl.open(tmp_path / "walk.mp4", studio=studio)
    assert read_number(shown.frame("3f")) == 13


def test_save_and_load(cut: tl.Edit, tmp_path: Path, studio: tl.Studio) -> None:
    with pytest.raises(ProjectError, match="never saved"):
        cut.save()
    path = cut.save(tmp_path / "walk.tlp")
    other = tl.load(path, studio=studio)
    assert other.timeline == cut.timeline
    other.lift(0)
    other.save()
    with pytest.raises(ProjectError, match="changed by another program"):
        cut.save()
    cut.save(overwrite=True)
    assert tl.load(path, studio=studio).timeline == cut.timeline


def test_pictures_live_without_a_kernel(cut: tl.Edit) -> None:
    cut.dissolve(after=0, duration="4f")
    data, facts = cut._repr_mimebundle_()
    picture = Image.open(io.BytesIO(data["image/png"]))
    assert picture.size[0] == 2 * facts["image/png"]["width"]
    assert data["text/plain"] == (
        "<Edit 'walk' 192x112 25 fps, 2 clips on 2 tracks, 00:00:01:20>"
    )
    # Frames, sound and the transition are all on it.
    colors = {color for _, color in picture.getcolors(1 << 20) or []}
    assert (127, 224, 195) in colors
    assert len(colors) > 50


def test_an_offline_clip_is_drawn_as_such(
    clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    copy = tmp_path / "gone.mp4"
    copy.write_bytes(clips["cfr"].read_bytes())
    cut = tl.Edit("walk", rate=25, size=(192, 112), studio=studio)
    cut.append(tl.open(copy, studio=studio).clip())
    copy.unlink()
    data, _ = cut._repr_mimebundle_()
    picture = Image.open(io.BytesIO(data["image/png"]))
    colors = {color for _, color in picture.getcolors(1 << 20) or []}
    assert (122, 46, 46) in colors


def test_a_gap_of_less_than_a_pixel_is_drawn(cut: tl.Edit) -> None:
    """A frame of an hour takes a hundredth of a pixel."""
    cut.move(1, to="21f")
    cut.titles.add("End", start="3600s", end="3601s")
    data, _ = cut._repr_mimebundle_()
    assert Image.open(io.BytesIO(data["image/png"])).size[0] > 1000


def test_media_that_moved_are_relinked_in_one_step(
    clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    first, moved = tmp_path / "clip.mp4", tmp_path / "shelf" / "other name.mp4"
    first.write_bytes(clips["cfr"].read_bytes())
    cut = tl.Edit("walk", rate=25, size=(192, 112), studio=studio)
    cut.append(tl.open(first, studio=studio).clip())
    moved.parent.mkdir()
    first.rename(moved)
    with pytest.raises(tl.TimelineNbError, match="offline"):
        cut.frame(0)
    assert cut.relink(tmp_path / "shelf").missing == ()
    assert read_number(cut.frame("7f")) == 7
    assert cut.session.undo_label == "relink"


def test_detections_are_found_once_and_then_known(
    bikes: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tl.open(bikes, studio=studio)
    first = source.detect(every=25, start="4s", end="8s")
    assert first.detections.examined_frame.tolist() == [100, 125, 150, 175]

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("what is known was looked for again")

    monkeypatch.setattr("timeline_nb.recognition.inference.session.Network.run", refuse)
    again = source.detect(every=25, start="4s", end="8s")
    assert again.to_dataframe().equals(first.to_dataframe())
    assert repr(again).startswith(f"<DetectionResult {len(first)} detections of ")
    html = again._repr_html_()
    assert "<img" in html
    assert "person" in html
    frame = again.frame(number=125, score=0.4)
    assert frame.shape == (272, 640, 3)
    with pytest.raises(TimeError, match="every=0"):
        source.detect(every=0)
    with pytest.raises(TimeError, match="nothing of it lies from "):
        source.detect(start="20s", end="30s")


def test_a_detection_can_be_cancelled(bikes: Path, tmp_path: Path) -> None:
    with (
        ThreadPoolExecutor(1) as pool,
        tl.open_studio(Settings(cache_dir=tmp_path), executor=pool) as studio,
    ):
        job = tl.open(bikes, studio=studio).start_detection()
        began = threading.Event()
        job.progressed.connect(lambda _: began.set())
        assert began.wait(120)
        job.cancel()
        with pytest.raises(tl.TimelineNbError, match="cancelled"):
            job.wait(120)
    (kept,) = (tmp_path / "detections").rglob("*.npz")
    assert 0 < len(np.load(kept)["examined_pts"]) < 250


def test_a_scan_finds_media(clips: Clips, tmp_path: Path, studio: tl.Studio) -> None:
    (tmp_path / "one.mp4").write_bytes(clips["cfr"].read_bytes())
    assert len(tl.scan(tmp_path, studio=studio).media) == 1


def test_names_in_html_are_text() -> None:
    table = html_rows([("<b>", "<img src=x onerror=alert(1)>")])
    assert "<b>" not in table
    assert "<img" not in table


def test_a_contact_sheet_has_rows() -> None:
    frames = [np.zeros((40, 60, 3), np.uint8)] * 5
    sheet = contact_sheet(frames, ["a", "b", "c", "d", "e"], columns=2)
    assert sheet.size == (2 * 68 + 8, 3 * 70 + 8)


def test_the_volume_of_a_picture_is_that_of_its_sound(
    bunny: Path, studio: tl.Studio
) -> None:
    cut = tl.Edit("loud", rate=25, size=(192, 112), studio=studio)
    cut.append(tl.open(bunny, studio=studio).clip("1s", "2s"))
    steps = len(cut.history.steps)
    before = cut.audio.loudness().integrated_lufs
    cut.volume(0, -12)
    assert len(cut.history.steps) == steps + 1
    assert cut.audio.loudness().integrated_lufs == pytest.approx(before - 12, abs=0.2)
    picture, sound = (track.items[0] for track in cut.timeline.tracks)
    assert isinstance(picture, tl.Clip)
    assert isinstance(sound, tl.Clip)
    assert (picture.gain_db, sound.gain_db) == (0, -12)
    cut.volume(sound, -3)
    assert cut.timeline.tracks[1].items[0].gain_db == -3  # type: ignore[union-attr]
