import io
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from timelines import clip, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.picture import draw_svg
from timeline_nb.timeline.queries import clip_of, clips
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
    assert repr(cut) == "<Timeline 'walk' 1280x720 25 fps, 4 items on 1 tracks>"
