"""Tables of every origin as clips of a media file."""

import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from media_factory import Recipe, make

import timeline_nb as tl
from timeline_nb.errors import RecognitionError, TimeError

HALF, ONE = Fraction(1, 2), Fraction(1)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> tl.Media:
    folder = tmp_path_factory.mktemp("tables")
    studio = tl.open_studio(tl.Settings(cache_dir=folder / "cache"))
    return tl.open(make(folder, Recipe("film.mp4")), studio=studio)


@pytest.fixture
def table(media: tl.Media) -> pd.DataFrame:
    """Each fifth frame examined; a car in frames 5 to 20, a dog in 40."""
    examined = np.arange(0, 60, 5)
    frames = np.array([5, 10, 15, 40])
    pts = np.asarray(media.index.pts)
    return tl.Detections(
        source=media.source,
        names=("car", "dog"),
        examined_frame=examined,
        examined_pts=pts[examined],
        frame=frames,
        pts=pts[frames],
        xyxy=np.tile(np.array([1, 2, 30, 40], np.float32), (4, 1)),
        score=np.array([0.5, 0.6, 0.7, 0.8], np.float32),
        class_id=np.array([0, 0, 0, 1]),
        track_id=np.full(4, -1),
    ).to_dataframe()


def spans(clips: list[tl.Clip]) -> list[tuple[float, float]]:
    ranges = [clip.source_range for clip in clips]
    return [(float(span.start), float(span.end)) for span in ranges]


# A row covers its frame up to the next examined one.
COVERED = [(0.2, 0.8), (1.6, 1.8)]


@pytest.mark.parametrize(
    "cells",
    [
        {"start": [0.5], "end": [1]},
        {"start_s": [0.5], "end_s": [1.0]},
        {"start": ["0.5s"], "end": ["00:00:01:00"]},
        {"start": [Fraction(1, 2)], "end": [Fraction(1)]},
        {"start": pd.to_timedelta(["500ms"]), "end": pd.to_timedelta(["1s"])},
        {"start": np.array([0.5], np.float32), "end": np.array([1], np.int16)},
        {"end_s": [1.0], "start": [0.5]},
    ],
)
def test_a_table_of_ones_own_makes_clips(
    media: tl.Media, cells: dict[str, object]
) -> None:
    table = pd.DataFrame({"who": ["Ada"], **cells, "score": [np.float32(0.5)]})
    for clips in (media.clips(table), table.tl.clips(media)):
        assert spans(clips) == [(0.5, 1.0)]
        assert clips[0].metadata["who"] == "Ada"
        assert clips[0].metadata["score"] == 0.5


def test_computed_times_are_the_frames_they_stand_for(media: tl.Media) -> None:
    table = pd.DataFrame({"start": [0.1 * 3 - 0.02], "end": [0.04 * 3 * 7]})
    (clip,) = media.clips(table)
    assert clip.source_range == tl.TimeRange(Fraction(7, 25), Fraction(14, 25))


def test_a_detection_table_makes_clips_of_what_its_rows_cover(
    media: tl.Media, table: pd.DataFrame
) -> None:
    assert spans(media.clips(table)) == COVERED
    assert spans(table.tl.clips(media)) == COVERED
    assert spans(table.query("label == 'dog'").tl.clips(media)) == COVERED[1:]


def test_tables_that_lost_their_media_still_make_clips_of_it(
    media: tl.Media, table: pd.DataFrame, tmp_path: Path
) -> None:
    owners = pd.DataFrame({"label": ["car", "dog"], "owner": ["Ada", "Bob"]})
    merged = owners.merge(table, on="label")
    assert spans(media.clips(merged)) == COVERED
    joined = pd.concat([table.iloc[:2], table.iloc[2:]])
    assert spans(joined.tl.clips(media)) == COVERED
    again = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own
    assert again.tl.ranges()["start_s"].tolist() == [0.2, 1.6]
    table.to_csv(tmp_path / "found.csv", index=False)
    assert spans(media.clips(pd.read_csv(tmp_path / "found.csv"))) == COVERED

    shows = table.tl.appearances().merge(owners, on="label")
    assert [clip.metadata["owner"] for clip in shows.tl.clips(media)] == ["Ada", "Bob"]
    shows.to_csv(tmp_path / "shows.csv", index=False)
    assert spans(media.clips(pd.read_csv(tmp_path / "shows.csv"))) == COVERED


def test_groups_of_a_table_have_the_accessor(
    media: tl.Media, table: pd.DataFrame
) -> None:
    counts = table.groupby("label").apply(lambda part: len(part.tl.clips(media)))
    assert counts.to_dict() == {"car": 1, "dog": 1}
    firsts = table.groupby("label")[["time_s"]].agg(["min", "max"])
    firsts.columns = ["start", "end_s"]
    assert spans(firsts.query("label == 'car'").tl.clips(media)) == [(0.2, 0.6)]


def test_the_table_of_other_media_is_refused(
    media: tl.Media, table: pd.DataFrame, tmp_path: Path
) -> None:
    recipe = Recipe("other.mp4", frames=50)
    other = tl.open(make(tmp_path, recipe), studio=media.studio)
    for ask in (other.clips, lambda rows: rows.tl.clips(other)):
        with pytest.raises(RecognitionError, match=r"is of film\.mp4, not of other"):
            ask(table)
    with pytest.raises(RecognitionError, match=r"is of film\.mp4"):
        other.clips(table.tl.ranges())


def test_what_is_no_table_of_ranges_is_refused(media: tl.Media) -> None:
    with pytest.raises(RecognitionError, match=r"no columns start and end .* has a, b"):
        media.clips(pd.DataFrame({"a": [1], "b": [2]}))
    holes = pd.DataFrame({"start": [0, np.nan], "end": [1, 2]})
    with pytest.raises(TimeError, match="row 1 of the table has no start"):
        media.clips(holes)
    holes = pd.DataFrame({"start": pd.to_timedelta([None]), "end": [2]})
    with pytest.raises(TimeError, match="row 0 of the table has no start"):
        media.clips(holes)
    with pytest.raises(TimeError, match="reaches outside the file"):
        media.clips(pd.DataFrame({"start": [0], "end": [9]}))


def test_an_empty_table_gives_no_clips_and_no_timeline(
    media: tl.Media, table: pd.DataFrame
) -> None:
    none = table.query("score > 1")
    assert none.tl.clips(media) == media.clips(none) == []
    assert none.tl.markers() == ()
    with pytest.raises(RecognitionError, match="the table has no rows"):
        none.tl.timeline(media)


def test_markers_of_ones_own_table(media: tl.Media) -> None:
    table = pd.DataFrame({"start_s": [0.5], "end_s": [1.0], "label": ["goal"]})
    (marker,) = table.tl.markers()
    assert marker.name == "goal"
    assert marker.marked_range == tl.TimeRange(HALF, HALF)
    whole = table.tl.timeline(media)
    assert whole.tracks[0].items[0].duration == HALF


def test_every_table_has_the_accessor_and_none_raises() -> None:
    for table in (
        pd.DataFrame(),
        pd.DataFrame({"a": [1]}),
        pd.DataFrame({"pts": ["x"]}),
    ):
        assert hasattr(table, "tl")
        assert "tl" in dir(table)
        assert "clips" in repr(table.tl)
        assert dir(table.tl)


def test_what_is_no_edit_is_refused(table: pd.DataFrame) -> None:
    for edit in ("x", None, table, 3):
        with pytest.raises(RecognitionError, match=r"needs an edit, or a timeline"):
            table.tl.on(edit)
    cut = tl.Edit("cut", rate=25, size=(64, 36))
    with pytest.raises(RecognitionError, match="no column 'pts'"):
        pd.DataFrame({"a": [1]}).tl.on(cut)
