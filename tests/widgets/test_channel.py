"""A widget's channel: views come and go, and bad messages do no harm."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from media_factory import Clips
from timelines import three_clips
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.commands.session import EditSession
from timeline_nb.timeline import edits
from timeline_nb.widgets import bundles, channel
from timeline_nb.widgets.answers import Done, SoundData
from timeline_nb.widgets.channel import Channel, Handler, Part
from timeline_nb.widgets.language import page_language
from timeline_nb.widgets.requests import Request, UndoRequest


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
    assert len(widget._session.changed) == 0
    assert wire.hello()["kind"] == "welcome"
    wire.hello("w")
    assert widget.view_count == 2
    assert len(widget._session.changed) == 1
    wire.ask("bye")
    assert len(widget._session.changed) == 1
    timer = widget._timer
    assert timer is not None
    wire.ask("bye", view="w")
    assert (widget.view_count, len(widget._session.changed)) == (0, 0)
    timer.join(120)
    assert not timer.is_alive()
    count = len(wire.told)
    session.apply("lift", lambda t: edits.lift(t, "c3"))
    assert len(wire.told) == count


class Probe(Part):
    """Notes what it is called for; `during` runs while it starts."""

    def __init__(self, during: Callable[[], None] = lambda: None) -> None:
        super().__init__(lambda *_: None)
        self.calls: list[str] = []
        self.during = during
        self.answer: Any = None

    def handlers(self) -> dict[type[Request], Handler]:
        return {UndoRequest: lambda _: self.answer}

    def start(self) -> None:
        self.during()
        self.calls.append("start")

    def on_view_opened(self, view: str) -> None:
        self.calls.append(f"open {view}")

    def on_view_closed(self, view: str) -> None:
        self.calls.append(f"close {view}")

    def stop(self) -> None:
        self.calls.append("stop")


class ProbeWidget(Channel):
    """A widget of one part."""

    front_end = "player"

    def __init__(self, part: Part) -> None:
        super().__init__()
        self._assemble(part)


def in_thread(work: Callable[[], object]) -> Thread:
    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_parts_are_started_outside_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Probe()
    wire = Wire(ProbeWidget(part), monkeypatch)
    other: list[bool] = []

    def leave() -> None:
        thread = in_thread(lambda: wire.ask("bye", view="unknown"))
        thread.join(120)
        other.append(not thread.is_alive())

    part.during = leave
    wire.hello()
    assert other == [True]
    wire.widget.close()
    assert part.calls == ["start", "open v", "close v", "stop"]


def test_views_that_open_at_once_find_their_parts_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started, go_on = Event(), Event()

    def during() -> None:
        started.set()
        assert go_on.wait(120)

    part = Probe(during)
    wire = Wire(ProbeWidget(part), monkeypatch)
    one = in_thread(wire.hello)
    assert started.wait(120)
    other = in_thread(lambda: wire.hello("w"))
    # The other is known, but is not shown anything that is not there yet.
    while wire.widget.view_count < 2:
        assert other.is_alive()
    assert part.calls == []
    go_on.set()
    one.join(120)
    other.join(120)
    assert part.calls[0] == "start"
    assert sorted(part.calls[1:]) == ["open v", "open w"]
    wire.widget.close()


def test_an_answer_is_of_the_kind_that_the_browser_expects(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    part = Probe()
    wire = Wire(ProbeWidget(part), monkeypatch)
    wire.hello()
    part.answer = Done(text="yes")
    assert wire.ask("undo")["text"] == "yes"
    part.answer = SoundData()
    assert wire.ask("undo")["kind"] == "refused"
    assert "UndoRequest is answered by Done, not SoundData" in caplog.text
    wire.widget.close()


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
    widget: tl.TimelineWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(widget, monkeypatch)
    wire.hello()
    widget._remove_silent_views()
    assert widget.view_count == 1
    monkeypatch.setattr(channel, "VIEW_TIMEOUT_S", 0.0)
    widget._remove_silent_views()
    assert (widget.view_count, len(widget._session.changed)) == (0, 0)
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
    assert "cannot be read: it was dropped" in caplog.text
    assert wire.told == []
    assert session.timeline is before


def test_a_request_for_another_widget_fails_in_words(
    widget: tl.TimelineWidget,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wire = Wire(widget, monkeypatch)
    wire.hello()
    answer = wire.ask("stop", stream=1)
    assert answer["kind"] == "refused"
    assert answer["message"] == "the timeline widget has nothing to do with 'stop'"
    assert caplog.text == ""


def test_what_an_editor_loads_later_is_its_own_bundle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    editor = tl.Editor(tl.Edit("cut", rate=25, size=(64, 48)))
    wire = Wire(editor, monkeypatch)
    wire.hello()
    assert wire.ask("askLaterCode")["kind"] == "laterCode"
    _, [sent] = wire.last("laterCode")
    editor.close()
    later = (bundles.STATIC / "editorLater.js").read_bytes()
    assert bytes(sent) == later
    # A function of the editor's modules, which are not in it again.
    assert later.startswith(b"export default(require)=>")
    assert b'require("ui/dom")' in later


def test_the_reader_s_texts_are_sent_before_there_is_a_view(
    widget: tl.TimelineWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    header = r'"Content-Type: text/plain; charset=utf-8\n"'
    (tmp_path / "ar.po").write_text(
        f'msgid ""\nmsgstr ""\n{header}\n\nmsgid "Play"\nmsgstr "تشغيل"\n', "utf-8"
    )
    monkeypatch.setattr("timeline_nb.i18n.catalog.CATALOGUES", tmp_path)
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(widget, "send", lambda content, *_: sent.append(content))
    for tag in ("ar-EG", "en", "../ar", ""):
        content = {"kind": "askTranslations", "id": 0, "view": "t", "language": tag}
        widget._receive(widget, content, [])
    assert [one["texts"] for one in sent] == [{"Play": "تشغيل"}, {}, {}, {}]
    assert [one["isRightToLeft"] for one in sent] == [True, False, False, False]
    assert widget.view_count == 0


def test_a_page_that_has_its_texts_names_its_language(
    widget: tl.TimelineWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline_nb.widgets.language._Pages.language", "en")
    wire = Wire(widget, monkeypatch)
    for tag, language in (("ja-JP", "ja"), ("", "ja"), ("de", "de"), ("../ar", "en")):
        wire.ask("hello", language=tag)
        assert page_language() == language


def test_the_language_of_the_settings_wins_over_the_page() -> None:
    with tl.open_studio(tl.Settings(language="ja")) as studio:
        cut = tl.Edit("walk", studio=studio)
        assert tl.TimelineWidget(cut)._language == "ja"
        assert tl.Player(cut)._language == "ja"
        assert tl.Editor(cut)._language == "ja"
    with pytest.raises(tl.TimelineError, match="language='tlh': give one of en, ru"):
        tl.Settings(language="tlh")


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


def test_a_late_playhead_of_a_page_does_not_replace_that_of_a_cell(
    widget: tl.TimelineWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(widget, "_send", lambda msg, **_: sent.append(msg["state"]))
    widget.set_state({"playhead": 1.0, "_page_move": [0, 1]})
    assert widget.playhead == 1.0
    widget.playhead = 5.0
    # One message has both.
    assert {"playhead": 5.0, "_playhead_turn": 1} in sent
    # Sent before the page heard of it, and after.
    widget.set_state({"playhead": 2.0, "_page_move": [0, 2]})
    assert widget.playhead == 5.0
    widget.set_state({"playhead": 3.0, "_page_move": [1, 3]})
    assert widget.playhead == 3.0
    unreadable: list[Any] = [{}, [], ["x"], None, [2**70]]
    for odd in unreadable:
        widget.set_state({"playhead": 3.0, "_page_move": odd})
    assert widget.playhead == 3.0
    widget.set_state({"playhead": 4.0})
    assert widget.playhead == 4.0


def test_the_view_that_was_silent_for_longest_goes_for_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    part = Probe()
    wire = Wire(ProbeWidget(part), monkeypatch)
    for number in range(channel.MOST_VIEWS):
        wire.hello(f"v{number}")
    wire.ask("ping", view="v0")
    wire.hello("new")
    assert wire.widget.view_count == channel.MOST_VIEWS
    assert [call for call in part.calls if "close" in call] == ["close v1"]
    wire.widget.close()


def test_what_is_posted_while_a_view_speaks_reaches_it(
    widget: tl.TimelineWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(widget, monkeypatch)
    wire.hello()

    def now() -> float:
        # Another thread, as a search that ends, at the moment of a view's message.
        search = Thread(target=widget.post, args=(Done(text="found"),))
        search.start()
        search.join()
        return 1.0

    monkeypatch.setattr(channel, "time", SimpleNamespace(monotonic=now))
    wire.ask("ping")
    assert [told["text"] for told, _ in wire.told if told.get("text")] == ["found"]


def test_a_closed_widget_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Probe()
    wire = Wire(ProbeWidget(part), monkeypatch)
    wire.hello()
    wire.widget.close()
    calls = list(part.calls)
    assert wire.hello("late") == {}
    assert (wire.widget.view_count, part.calls) == (0, calls)


def test_what_was_taken_for_a_view_that_left_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    part = Probe()
    wire = Wire(ProbeWidget(part), monkeypatch)
    wire.hello()

    def leave(_: Request) -> None:
        # As if another thread did.
        wire.ask("bye")
        part.calls.append("taken")

    wire.widget._handlers[UndoRequest] = leave
    wire.ask("undo")
    assert part.calls[-2:] == ["taken", "close v"]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "addMarker", "atS": 1.0, "name": "x" * 1001},
        {"kind": "addMarker", "atS": 1e308, "name": "x"},
        {"kind": "addMarker", "atS": float("nan"), "name": "x"},
        {"kind": "addMarker", "atS": -float("inf"), "name": "x"},
        {"kind": "addMarker", "atS": 10**400, "name": "x"},
        {"kind": "addMarker", "atS": 1.0, "name": "\ud800"},
        {"kind": "askWave", "media": -1, "minute": 0},
        {"kind": "askWave", "media": 2**70, "minute": 0},
        {"kind": "askThumbs", "media": 0, "timesS": [0.0] * 1001},
        {"kind": "remove", "items": ["c1"] * 10_001, "ripple": True},
        {"kind": "setTrack", "track": "V1", "gainDb": 1e9},
        {"kind": "askTranslations", "language": "e" * 1001},
    ],
)
def test_a_field_beyond_its_bounds_is_refused(
    fields: dict[str, Any],
    session: EditSession,
    widget: tl.TimelineWidget,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wire = Wire(widget, monkeypatch)
    wire.hello()
    before = session.timeline
    answer = wire.ask(fields.pop("kind"), **fields)
    assert answer["kind"] == "refused"
    assert answer["message"].startswith("the kernel cannot read the request: ")
    assert len(answer["message"]) < 300
    assert session.timeline is before
    assert not any(record.exc_info for record in caplog.records)


def test_a_flood_is_logged_a_few_times(
    widget: tl.TimelineWidget, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(100):
        widget._receive(widget, {"kind": "x" * 100_000}, [])
    assert len(caplog.records) == 10
    assert max(len(record.getMessage()) for record in caplog.records) < 300


@pytest.mark.parametrize(
    "state",
    [
        {"selection": ["c" * 100] * 20_000},
        {"selection": 5},
        {"selection": ["\ud800"]},
        {"playhead": "soon"},
        {"playhead": object()},
    ],
)
def test_a_state_that_cannot_be_is_dropped(
    state: dict[str, Any],
    widget: tl.TimelineWidget,
    caplog: pytest.LogCaptureFixture,
) -> None:
    widget.set_state({"selection": ["c1"], "playhead": 1.5})
    widget.set_state(state)
    assert (widget.selection, widget.playhead) == (["c1"], 1.5)
    assert "cannot be read" in caplog.text


def test_what_must_be_drawn_exists(
    widget: tl.TimelineWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(widget, monkeypatch)
    wire.hello()
    # One media file of a minute.
    for media, minute in ((1, 0), (0, 2)):
        answer = wire.ask("askWave", media=media, minute=minute)
        assert "draw again" in answer["message"]
    assert "draw again" in wire.ask("askThumbs", media=1, timesS=[0.0])["message"]
