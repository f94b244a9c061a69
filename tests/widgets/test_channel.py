"""A widget's channel: views come and go, and bad messages do no harm."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from media_factory import Clips
from timelines import three_clips
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb import i18n
from timeline_nb.commands.session import EditSession
from timeline_nb.timeline import edits
from timeline_nb.widgets import channel


@pytest.fixture
def session() -> EditSession:
    return EditSession(three_clips())


@pytest.fixture
def widget(session: EditSession) -> Iterator[tl.TimelineWidget]:
    widget = tl.TimelineWidget(session)
    yield widget
    widget.close()


def test_parts_follow_only_while_there_is_a_view(
    session: EditSession, widget: tl.TimelineWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(widget, monkeypatch)
    assert len(session.changed) == 0
    assert wire.hello()["kind"] == "welcome"
    wire.hello("w")
    assert widget.view_count == 2
    assert len(session.changed) == 1
    wire.ask("bye")
    assert len(session.changed) == 1
    timer = widget._timer
    assert timer is not None
    wire.ask("bye", view="w")
    assert (widget.view_count, len(session.changed)) == (0, 0)
    timer.join(5)
    assert not timer.is_alive()
    count = len(wire.told)
    session.apply("lift", lambda t: edits.lift(t, "c3"))
    assert len(wire.told) == count


def test_threads_get_their_turn_sooner_while_anyone_looks(
    session: EditSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sys.getswitchinterval()
    one = Wire(tl.TimelineWidget(session), monkeypatch)
    other = Wire(tl.TimelineWidget(session), monkeypatch)
    one.hello()
    other.hello()
    one.hello("w")
    assert sys.getswitchinterval() == pytest.approx(0.001)
    one.widget.close()
    assert sys.getswitchinterval() == pytest.approx(0.001)
    other.ask("bye")
    assert sys.getswitchinterval() == pytest.approx(before)


def test_a_view_that_went_without_a_word_is_missed(
    session: EditSession, widget: tl.TimelineWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(widget, monkeypatch)
    wire.hello()
    widget._remove_silent_views()
    assert widget.view_count == 1
    monkeypatch.setattr(channel, "VIEW_TIMEOUT_S", 0.0)
    widget._remove_silent_views()
    assert (widget.view_count, len(session.changed)) == (0, 0)
    # It was only slow: its next word makes it known again.
    monkeypatch.undo()
    again = Wire(widget, monkeypatch)
    again.ask("ping")
    assert widget.view_count == 1
    widget.close()
    assert widget.view_count == 0


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"kind": "nonsense", "id": 1, "view": "v"},
        {"kind": "split", "id": 1, "view": "v"},
        {"kind": "split", "id": 1, "view": "v", "items": [3], "atS": 1.0},
        {"kind": "undo", "id": 1, "view": "v", "extra": 1},
        "split",
        None,
    ],
)
def test_a_message_that_is_none_does_no_harm(
    message: object,
    session: EditSession,
    widget: tl.TimelineWidget,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wire = Wire(widget, monkeypatch)
    before = session.timeline
    widget._receive(widget, message, [])
    assert "not understood" in caplog.text
    assert wire.told == []
    assert session.timeline is before


def test_a_request_for_another_widget_fails_in_words(
    widget: tl.TimelineWidget,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wire = Wire(widget, monkeypatch)
    wire.hello()
    answer = wire.ask("stop")
    assert answer["kind"] == "refused"
    assert "log" in answer["message"]
    assert "failed" in caplog.text


def test_the_reader_s_words_come_with_the_welcome(
    widget: tl.TimelineWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "de.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Play"\nmsgstr "Abspielen"\n\n'
        '#, fuzzy\nmsgid "Pause"\nmsgstr "Halt?"\n\nmsgid "Undo"\nmsgstr ""\n',
        "utf-8",
    )
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    wire = Wire(widget, monkeypatch)
    for language, words in (
        ("de-AT", {"Play": "Abspielen"}),
        ("en", {}),
        ("../de", {}),
        ("", {}),
    ):
        assert wire.ask("hello", language=language)["words"] == words


def test_reprs_have_no_address_and_pictures_stay_small(
    widget: tl.TimelineWidget, clips: Clips
) -> None:
    assert repr(widget) == "<TimelineWidget of 'walk'>"
    assert widget.still.startswith("data:image/svg+xml,")
    made = widget._repr_mimebundle_()
    data = made[0] if isinstance(made, tuple) else made
    assert data["text/plain"] == repr(widget)
    assert "<svg" in data["text/html"]
    many = three_clips()
    for n in range(400):
        many = edits.split(many, at=(n + 1) / many.rate / 2 * 1)
    assert len(tl.TimelineWidget(EditSession(many)).still) < 60_000
    assert repr(tl.Player(clips["cfr"])) == "<Player of 'cfr.mp4'>"


def test_the_playhead_stays_on_the_timeline(widget: tl.TimelineWidget) -> None:
    widget.playhead = 4.2
    assert widget.playhead == 4.2
    widget.playhead = 99.0
    assert widget.playhead == 9.0
    widget.playhead = -1.0
    assert widget.playhead == 0.0
