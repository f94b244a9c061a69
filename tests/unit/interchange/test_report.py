"""A report: counts, the table, the cell, and refusing losses."""

from fractions import Fraction
from pathlib import Path

import pytest

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.report import Report


def report_of_three() -> Report:
    report = Report(Path("films/street.edl"), "edl", "export")
    place = clip_place("V1", "bikes", Fraction(112, 25), Fraction(25))
    report.add(place, "the effect 'sepia'", "lost")
    report.add(place, "times", "approximated", Fraction(1, 3), "rounded")
    report.add("V1", "the <name>", "kept")
    return report


def test_a_place_is_said_as_people_say_it() -> None:
    # 112 frames are 4 s and 12 frames at 25 frames a second.
    assert (
        clip_place("V1", "bikes", Fraction(112, 25), Fraction(25))
        == 'V1, clip "bikes" at 00:00:04:12'
    )


def test_what_was_lost_is_counted_and_listed() -> None:
    report = report_of_three()
    assert report.summary == "1 lost, 1 approximated, 1 kept"
    assert [one.what for one in report.lost] == ["the effect 'sepia'"]
    assert [one.by_how_much for one in report.approximated] == [Fraction(1, 3)]
    assert not report.is_exact
    assert str(report.approximated[0]) == (
        'V1, clip "bikes" at 00:00:04:12: times approximated by 0.333 frames: rounded'
    )
    assert repr(report) == (
        "<Report of the export to street.edl (edl): 1 lost, 1 approximated, 1 kept>"
    )


def test_the_table_has_a_row_a_finding() -> None:
    table = report_of_three().to_dataframe()
    assert list(table) == ["where", "what", "outcome", "by_how_much", "detail"]
    assert table["by_how_much"].tolist()[1] == pytest.approx(1 / 3)
    assert table["by_how_much"].isna().tolist() == [True, False, True]
    empty = Report(Path("a.otio"), "otio", "import")
    assert len(empty.to_dataframe()) == 0
    assert empty.is_exact
    assert empty.summary == "everything was carried over"


def test_the_cell_shows_text_as_text() -> None:
    html = report_of_three()._repr_html_()
    assert "the &lt;name&gt;" in html
    assert "✕ lost" in html
    assert "Export to street.edl (edl): 1 lost, 1 approximated, 1 kept" in html


def test_columns_that_say_nothing_leave_their_room_to_the_texts() -> None:
    html = report_of_three()._repr_html_()
    assert '<th scope="col">frames</th>' in html
    assert '<td class="frames">0.333</td>' in html
    report = Report(Path("street.edl"), "edl", "export")
    report.add("V1", "the title", "lost", None, "a long text " * 20)
    html = report._repr_html_()
    assert "frames</th>" not in html
    assert f'<td class="detail">{"a long text " * 20}</td>' in html
    assert html.count("<td") == 4


def test_losses_are_refused_by_name() -> None:
    report = Report(Path("a.edl"), "edl", "export")
    report.add("V1", "times", "approximated")
    report.refuse_losses()
    for number in range(5):
        report.add(f"V{number}", "the title", "lost")
    with pytest.raises(ProjectError, match=r"V0: the title lost; .*and 2 more"):
        report.refuse_losses()


def test_a_million_findings_are_counted() -> None:
    report = Report(Path("a.edl"), "edl", "import")
    for number in range(10_005):
        report.add(f"clip {number}", "an effect", "lost")
    assert (len(report), report.more) == (10_000, 5)
    assert "5 more" in report.summary
