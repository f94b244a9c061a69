"""What formats have no place for is told, whatever it is."""

from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace
from timelines import clip, empty

from timeline_nb.interchange.formats import format_of_name, write
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import WriteRequest
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline


def lost(edit: Timeline, name: str) -> set[tuple[str, str]]:
    own = format_of_name(name, "export")
    path = Path(f"a{own.suffixes[0]}")
    report = Report(path, name, "export")
    write(own, WriteRequest(timeline=edit, path=path, report=report), {})
    return {(one.where, one.what) for one in report.lost}


@pytest.mark.parametrize("name", ["mlt", "fcp7xml", "fcpxml"])
def test_letters_that_xml_cannot_hold_are_told(name: str) -> None:
    plain, odd = clip(1, 2, name="film"), clip(4, 2, name="a\x1db")
    edit = edits.append(empty(), [plain, odd])
    assert any(what == "the letters" for _, what in lost(edit, name))
    assert not any(
        what == "the letters" for _, what in lost(edits.append(empty(), [plain]), name)
    )


def test_a_name_of_two_rows_is_one_row_of_an_edl() -> None:
    edit = edits.append(empty(), [clip(1, 2, name="one\ntwo")])
    assert any(what == "the letters" for _, what in lost(edit, "edl"))


def test_what_many_clips_have_is_one_finding() -> None:
    row = [
        replace(clip(n, 1, name=f"take {n}"), metadata={"label": "dog"})
        for n in range(1, 51)
    ]
    edit = edits.append(empty(Fraction(25)), row)
    assert ('V1, clips "take 1", "take 2", "take 3" and 47 more', "the metadata") in (
        lost(edit, "mlt")
    )
