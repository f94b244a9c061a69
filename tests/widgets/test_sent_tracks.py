"""What views are told of tracks makes in each page what the kernel has."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from timelines import drawn_edit, drawn_timelines, three_clips
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.commands.arranging import Shift
from timeline_nb.commands.changing import SetClip
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineNbError
from timeline_nb.widgets.timeline_part import TimelinePart

ROW_BYTES = 14 * 8


class Page:
    """A view's tracks, put together from messages as the page does it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tracks: dict[str, list[tuple[bytes, str, str]]] = {}

    def take(self, told: dict[str, Any], buffers: list[bytes]) -> None:
        if told["kind"] != "timeline" or told["view"] not in {"", self.name}:
            return
        now = {}
        for track in told["tracks"]:
            before = self.tracks.get(track["name"], [])
            items = before
            if track["buffer"] >= 0:
                data = buffers[track["buffer"]]
                rows = [
                    data[at : at + ROW_BYTES] for at in range(0, len(data), ROW_BYTES)
                ]
                new = list(zip(rows, track["ids"], track["names"], strict=True))
                head, tail = track["head"], track["tail"]
                kept = before[max(head, len(before) - tail) :]
                items = [*before[:head], *new, *kept]
            now[track["name"]] = items
        self.tracks = now


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_edits_make_in_each_page_what_the_kernel_has(data: st.DataObject) -> None:
    session = EditSession(data.draw(drawn_timelines(most_edits=6)))
    with pytest.MonkeyPatch.context() as patch:
        wire = Wire(tl.TimelineWidget(session), patch)
        pages = [Page("v")]
        wire.hello("v")
        for number in range(data.draw(st.integers(1, 8))):
            step = data.draw(st.sampled_from(("edit", "edit", "edit", "undo", "open")))
            try:
                if step == "edit":
                    session.apply("edit", data.draw(drawn_edit(session.timeline)))
                elif step == "undo":
                    session.undo()
                else:
                    pages.append(Page(f"v{number}"))
                    wire.hello(f"v{number}")
            except TimelineNbError:
                continue
        # One that comes last is told all.
        pages.append(Page("last"))
        wire.hello("last")
        for told, buffers in wire.told:
            for page in pages:
                page.take(told, buffers)
        wire.widget.close()
    assert all(page.tracks == pages[-1].tracks for page in pages)


def test_a_moved_clip_is_all_that_is_sent_of_its_track(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = EditSession(three_clips())
    wire = Wire(tl.TimelineWidget(session), monkeypatch)
    wire.hello()
    session.perform(Shift(clips=("c3",), by=Fraction(1)))
    told, buffers = wire.last("timeline")
    (track,) = told["tracks"]
    assert (track["head"], track["ids"], track["tail"]) == (2, ["c3"], 0)
    assert len(buffers[0]) == ROW_BYTES
    wire.widget.close()


def test_a_view_that_came_between_two_steps_is_told_what_it_has_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = EditSession(three_clips())
    widget = tl.TimelineWidget(session)
    wire = Wire(widget, monkeypatch)
    wire.hello("v")
    first = session.timeline
    # The other views have not heard of this step yet when one more opens.
    (part,) = (own for own in widget._parts if isinstance(own, TimelinePart))
    part._session.changed.disconnect(part._follow)
    session.perform(SetClip(clip="c1", name="road"))
    wire.hello("w")
    session.undo()
    part._session.changed.connect(part._follow)
    part._follow(first, session.timeline)
    pages = [Page("v"), Page("w")]
    for told, buffers in wire.told:
        for page in pages:
            page.take(told, buffers)
    names = [[name for _, _, name in page.tracks["V1"]] for page in pages]
    assert names[0] == names[1]
    assert "road" not in names[1]
    widget.close()


def test_a_step_whose_news_was_interrupted_reaches_the_views_with_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = EditSession(three_clips())
    widget = tl.TimelineWidget(session)
    wire = Wire(widget, monkeypatch)
    wire.hello("v")
    (part,) = (own for own in widget._parts if isinstance(own, TimelinePart))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    part._session.changed.disconnect(part._follow)
    session.perform(SetClip(clip="c1", name="road"))
    part._session.changed.connect(part._follow)
    with monkeypatch.context() as patch:
        patch.setattr(part, "_post", interrupt)
        with pytest.raises(KeyboardInterrupt):
            part._send_timeline("")
    session.perform(SetClip(clip="c3", name="river"))
    wire.hello("w")
    pages = [Page("v"), Page("w")]
    for told, buffers in wire.told:
        for page in pages:
            page.take(told, buffers)
    assert pages[0].tracks == pages[1].tracks
    assert [name for _, _, name in pages[0].tracks["V1"]][::2] == ["road", "river"]
    widget.close()
