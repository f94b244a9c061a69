import io
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from timelines import clip, row, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.picture import draw_svg
from timeline_nb.timeline.queries import clip_of, clips, range_of
from timeline_nb.timeline.tables import COLUMNS, from_dataframe


@pytest.fixture
def cut() -> Timeline:
    cut = edits.transition(
        three_clips(has_audio=True), after="c1", duration=Fraction(1)
    )
    return edits.lift(cut, "c5")


def test_one_row_an_item_with_times_to_read_and_exact(cut: Timeline) -> None:
    table = cut.to_dataframe()
    assert tuple(table.columns) == COLUMNS
    video = table[table["track"] == "V1"]
    assert video["type"].tolist() == ["clip", "transition", "clip"]
    assert video["start_s"].tolist() == [0.0, 3.5, 4.0]
    assert video["start"].tolist() == ["0", "7/2", "4"]


def test_a_table_survives_parquet_whole(cut: Timeline, tmp_path: Path) -> None:
    cut.to_dataframe().to_parquet(tmp_path / "cut.parquet")
    assert from_dataframe(pd.read_parquet(tmp_path / "cut.parquet")) == cut


def test_a_table_survives_csv_given_the_timeline(cut: Timeline) -> None:
    text = cut.to_dataframe().to_csv(index=False)
    table = pd.read_csv(io.StringIO(text))
    assert from_dataframe(table, timeline=cut) == cut
    with pytest.raises(TimelineError, match="CSV forgets it"):
        from_dataframe(table)


def test_a_row_dropped_is_a_clip_gone(cut: Timeline) -> None:
    table = cut.to_dataframe().query("id != 'c1' and type != 'transition'")
    first = from_dataframe(table).tracks[0].items
    assert [getattr(item, "id", "") for item in first] == ["c3"]


def test_a_duration_changed_is_a_clip_trimmed(cut: Timeline) -> None:
    table = cut.to_dataframe()
    table.loc[table["id"] == "c1", "duration"] = "3"
    assert clip_of(from_dataframe(table), "c1").duration == 3


def test_a_row_added_takes_an_id_of_its_own(cut: Timeline) -> None:
    table = cut.to_dataframe()
    added = table[table["id"] == "c1"].assign(id="c40")
    grown = pd.concat([added, table])
    grown.attrs = table.attrs
    more = edits.append(Timeline.from_dataframe(grown), [clip(1, 1)])
    assert {"c1", "c40", "c41"} <= {c.id for c in clips(more)}


def test_a_row_that_cannot_be_read_is_named(cut: Timeline) -> None:
    table = cut.to_dataframe()
    table.loc[2, "duration"] = "soon"
    with pytest.raises(TimelineError, match="row 2 of the table: 'soon'"):
        from_dataframe(table)
    with pytest.raises(TimelineError, match="no column 'rest'"):
        from_dataframe(table.drop(columns="rest"))


def test_the_drawing_holds_names_as_text() -> None:
    cut = edits.append(
        three_clips(), [clip(0, 40, name="<img src=x onerror=alert(1)>")]
    )
    drawing = draw_svg(cut)
    assert "<img" not in drawing
    assert "&lt;img src=x" in drawing
    assert cut._repr_html_() == drawing
    assert repr(cut) == "<Timeline 'walk' 1280x720 25 fps, 4 items on 1 track>"


def _with(table: pd.DataFrame, item: str, **cells: float | str) -> pd.DataFrame:
    changed = table.copy()
    for name, value in cells.items():
        changed.loc[changed["id"] == item, name] = value
    return changed


def test_a_start_changed_is_an_item_moved() -> None:
    table = three_clips().to_dataframe()
    moved = from_dataframe(_with(table, "c3", start_s=10.04))
    assert row(moved) == ["c1@0+4", "c2@4+3", "gap@7+3.04", "c3@10.04+2"]
    # Before the others as well: rows need not be in order.
    later = _with(_with(table, "c1", start_s=9.0), "c2", start="13")
    assert row(from_dataframe(later)) == ["gap@0+7", "c3@7+2", "c1@9+4", "c2@13+3"]


def test_a_float_is_the_frame_next_to_it() -> None:
    table = edits.resize(three_clips(), rate=Fraction(30000, 1001)).to_dataframe()
    moved = from_dataframe(_with(table, "c3", start_s=300 * 1001 / 30000 + 1e-9))
    place = range_of(moved.tracks[0], len(moved.tracks[0].items) - 1)
    assert place.start == Fraction(300 * 1001, 30000)


def test_a_duration_or_an_end_as_a_float_trims() -> None:
    table = three_clips().to_dataframe()
    for cells in (
        {"duration_s": 1.5},
        {"end_s": 5.5},
        {"end_s": 5.5, "duration": "1.5"},
    ):
        assert row(from_dataframe(_with(table, "c2", **cells))) == [
            "c1@0+4",
            "c2@4+1.5",
            "c3@5.5+2",
        ]
    both = from_dataframe(_with(table, "c3", start_s=8.0, end_s=9.5))
    assert row(both)[-2:] == ["gap@7+1", "c3@8+1.5"]
    whole = from_dataframe(_with(table, "c3", duration_s=1.0, end_s=12.0))
    assert row(whole)[-1] == "c3@11+1"


def test_times_that_disagree_are_refused_by_row() -> None:
    table = three_clips().to_dataframe()
    with pytest.raises(TimelineError, match="row 1 of the table: duration is 2 and"):
        from_dataframe(_with(table, "c2", duration="2", duration_s=1.0))
    with pytest.raises(
        TimelineError, match=r"row 1 of the table: .* do not end at 9 s"
    ):
        from_dataframe(_with(table, "c2", start_s=5.0, duration_s=1.0, end_s=9.0))
    message = (
        r"row 2 of the table \(c3\) begins at 6 s, before row 1 \(c2\) ends at 7 s"
    )
    with pytest.raises(TimelineError, match=message):
        from_dataframe(_with(table, "c3", start_s=6.0))


def test_subtitles_and_transitions_change_by_the_table(cut: Timeline) -> None:
    line = edits.add_subtitle(cut, "hi", at=TimeRange(Fraction(1), Fraction(1)))
    table = line.to_dataframe()
    table.loc[table["type"] == "transition", "duration_s"] = 0.48
    item = table.loc[table["type"] == "subtitle", "id"].item()
    changed = from_dataframe(_with(table, item, start_s=2.0, end_s=2.5))
    assert row(changed, "S1") == ["gap@0+2", f"{item}@2+0.5"]
    assert row(changed)[1] == "transition@3.76+0.48"


def test_times_take_effect_through_csv(cut: Timeline) -> None:
    text = cut.to_dataframe().to_csv(index=False)
    table = pd.read_csv(io.StringIO(text))
    table.loc[table["id"] == "c3", "duration_s"] = 2.0
    assert clip_of(from_dataframe(table, timeline=cut), "c3").duration == 2
