"""Files that go, come back or change while an editor is open."""

import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from media_factory import Clips, Recipe, make
from states import until
from widgets.wire import Wire, in_words

import timeline_nb as tl
from timeline_nb.widgets import file_watch


@pytest.fixture
def film(clips: Clips, tmp_path: Path) -> Path:
    path = tmp_path / "footage" / "street.mp4"
    path.parent.mkdir()
    path.write_bytes(clips["cfr"].read_bytes())
    return path


@pytest.fixture
def editor(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tl.Editor]:
    monkeypatch.setattr(file_watch, "_REST_S", 0.05)
    monkeypatch.setattr(file_watch, "_SHARE", 1)
    settings = tl.Settings(cache_dir=tmp_path / "cache", roots=[film.parent])
    with tl.open_studio(settings) as studio:
        cut = tl.Edit("walk", rate=25, size=(320, 180), studio=studio)
        cut.append(tl.open(film, studio=studio).clip())
        editor = tl.Editor(cut)
        yield editor
        editor.close()


@pytest.fixture
def wire(editor: tl.Editor, monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire(editor, monkeypatch)
    wire.hello()
    until(lambda: editor._watch._seen and all(_probed(editor)))
    return wire


def _probed(editor: tl.Editor) -> list[bool]:
    return [seen.is_probed for seen in editor._watch._seen.values()]


def is_online(wire: Wire) -> bool:
    # Media that was relinked stays in the list under its old number.
    online: bool = wire.last("timeline")[0]["media"][-1]["isOnline"]
    return online


def offline(wire: Wire) -> dict[str, str]:
    files = wire.last("offline")[0]["files"]
    return {one["name"]: in_words(one["reason"]) for one in files}


def replaced(wire: Wire) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = wire.last("offline")[0]["replaced"]
    return found


def told_of(wire: Wire) -> list[str]:
    return [in_words(one["text"]) for one in replaced(wire)]


def shows_slate(editor: tl.Editor) -> bool:
    source = editor._player._player_source
    assert source is not None
    [item] = source.timeline.tracks[0].items  # type: ignore[attr-defined]
    return not item.media.is_file


def test_a_file_that_goes_is_offline_and_comes_back_by_itself(
    editor: tl.Editor, wire: Wire, film: Path
) -> None:
    assert (is_online(wire), shows_slate(editor)) == (True, False)
    version = wire.last("timeline")[0]["media"][0]["version"]
    for away in ("renamed.mp4", "renamed again.mp4"):
        film.rename(film.with_name(away))
        until(lambda: not is_online(wire) and shows_slate(editor))
        until(lambda: "relink it" in offline(wire).get("street.mp4", ""))
        film.with_name(away).rename(film)
        until(lambda: is_online(wire) and not shows_slate(editor))
        until(lambda: not offline(wire))
    # The page draws its pictures anew.
    assert wire.last("timeline")[0]["media"][0]["version"] > version


def test_a_file_that_is_no_media_any_more_is_offline(
    editor: tl.Editor, wire: Wire, film: Path
) -> None:
    kept = film.read_bytes()
    film.write_text("not a film")
    until(lambda: not is_online(wire) and shows_slate(editor))
    assert "street.mp4" in until(lambda: offline(wire))["street.mp4"]
    # What the edit was made with is found elsewhere, by its contents.
    (film.parent / "moved.mp4").write_bytes(kept)
    assert wire.ask("relink", folder=str(film.parent), paths=[])["kind"] == "done"
    until(lambda: is_online(wire) and not shows_slate(editor))
    until(lambda: not offline(wire))


def test_a_file_with_other_content_is_shown_and_named(
    editor: tl.Editor, wire: Wire, film: Path, clips: Clips
) -> None:
    before = wire.last("playerSource")[0]["version"]
    other = film.with_name("other.mp4")
    other.write_bytes(clips["ntsc"].read_bytes())
    other.replace(film)
    (told,) = until(lambda: replaced(wire))
    assert told["path"] == str(film)
    assert not told["isLacking"]
    # 30000/1001 in place of 25, of the same size.
    assert in_words(told["text"]) == (
        "street.mp4 has other pictures now: 192×112, 29.97 fps instead of "  # noqa: RUF001
        "192×112, 25 fps; they are shown"  # noqa: RUF001
    )
    assert (is_online(wire), shows_slate(editor), offline(wire)) == (True, False, {})
    assert wire.last("playerSource")[0]["version"] > before


def test_a_file_that_got_shorter_is_named_once_and_shown_as_far_as_it_goes(
    editor: tl.Editor, wire: Wire, film: Path
) -> None:
    kept = film.read_bytes()
    # Of 2.4 seconds, with clicks, one is left.
    short = make(film.parent, Recipe("short.mp4", frames=25, clicks=True))
    short.replace(film)
    (told,) = until(lambda: replaced(wire))
    assert in_words(told["text"]) == (
        "street.mp4 is shorter now: 1 s instead of 2.4 s. Where it has nothing, these "
        "show a slate or are silent: street (V1), street (A1)"
    )
    assert told["isLacking"]
    until(lambda: wire.last("timeline")[0]["media"][0]["pictureEndS"] == 1)
    media = wire.last("timeline")[0]["media"][0]
    assert (media["soundEndS"], media["isOnline"]) == (1, True)
    until(lambda: len(source_items(editor)) == 2)
    shown, lost = source_items(editor)
    source = editor._player._player_source
    assert source is not None
    assert (shown.source_range.end, shown.media.is_file) == (1, True)
    assert (lost.source_range.duration, lost.media.is_file) == (Fraction(7, 5), False)
    # Each frame of it is shown, and no view is told of a fault.
    frames = {number: source.exact_jpeg(number, (64, 36)) for number in (0, 24, 25, 59)}
    assert all(frames.values())
    # The export says where it ends, and the panel brings it back.
    wire.ask("estimateRender", path=str(film.with_name("film.mp4")), number=1)
    estimate = until(
        lambda: [m for m, _ in wire.told if m["kind"] == "exportEstimate"]
    )[-1]
    (named,) = estimate["hindrances"]
    assert (named["isFile"], named["track"], named["at"]) == (True, "V1", "00:00:01:00")
    assert in_words(named["lack"]) == "street.mp4 is shorter now: 1 s instead of 2.4 s"
    assert list(offline(wire)) == ["street.mp4"]
    (film.parent / "moved.mp4").write_bytes(kept)
    assert wire.ask("relink", folder=str(film.parent), paths=[])["kind"] == "done"
    until(lambda: not replaced(wire) and not offline(wire))
    until(lambda: len(source_items(editor)) == 1)


def source_items(editor: tl.Editor) -> tuple[Any, ...]:
    source = editor._player._player_source
    assert source is not None
    items: tuple[Any, ...] = source.timeline.tracks[0].items  # type: ignore[attr-defined]
    return items


def test_a_file_that_lost_its_sound_or_is_no_media_is_told_in_words(
    wire: Wire, film: Path
) -> None:
    silent = make(film.parent, Recipe("silent.mp4", frames=60))
    silent.replace(film)
    (told,) = until(lambda: replaced(wire))
    assert in_words(told["text"]) == (
        "street.mp4 has no sound any more. Where it has nothing, these show a slate or "
        "are silent: street (A1)"
    )
    until(lambda: wire.last("timeline")[0]["media"][0]["soundEndS"] == 0)
    film.write_text("not a film")
    until(lambda: told_of(wire) == ["street.mp4 cannot be read as media"])


def test_nothing_is_watched_without_a_view(
    editor: tl.Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def watchers() -> list[threading.Thread]:
        found = threading.enumerate()
        return [thread for thread in found if thread.name == "timeline_nb files"]

    before = len(watchers())
    wire = Wire(editor, monkeypatch)
    assert len(watchers()) == before
    wire.hello()
    wire.hello("w")
    assert len(watchers()) == before + 1
    wire.ask("bye")
    wire.ask("bye", view="w")
    until(lambda: len(watchers()) == before)


def rows(wire: Wire) -> dict[str, bool]:
    """The rows of the bin, and whether each is marked as offline."""
    items = wire.last("bin")[0]["items"]
    return {one["name"]: one["isOffline"] for one in items}


def test_rows_of_the_bin_are_marked_and_dead_ones_go(wire: Wire, film: Path) -> None:
    until(lambda: rows(wire) == {"street.mp4": False})
    moved = film.with_name("moved.mp4")
    film.rename(moved)
    until(lambda: rows(wire) == {"street.mp4": True})
    wire.ask("relink", folder=str(film.parent), paths=[])
    until(lambda: rows(wire) == {"moved.mp4": False})
    # The step back needs the lost file again, and the step forth does not.
    wire.ask("undo")
    until(lambda: rows(wire) == {"street.mp4": True, "moved.mp4": False})
    lost = next(i for i in wire.last("bin")[0]["items"] if i["name"] == "street.mp4")
    assert (lost["durationS"], lost["rate"], lost["kind"]) == (2.4, "25", "video")
    wire.ask("redo")
    until(lambda: rows(wire) == {"moved.mp4": False})


def test_a_file_of_the_bin_that_no_clip_uses_is_marked_while_it_is_away(
    wire: Wire, film: Path
) -> None:
    spare = make(film.parent, Recipe("spare.mp4", frames=10))
    wire.ask("openMedia", path=str(spare))
    until(lambda: rows(wire) == {"street.mp4": False, "spare.mp4": False})
    away = spare.rename(spare.with_name("away.mp4"))
    until(lambda: rows(wire) == {"street.mp4": False, "spare.mp4": True})
    away.rename(spare)
    until(lambda: rows(wire) == {"street.mp4": False, "spare.mp4": False})


def test_a_file_that_is_being_written_does_not_keep_the_watch_busy(
    editor: tl.Editor, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, looks = editor._watch, list[int]()
    watch._look(probes=False)
    assert not watch.has_changed()
    with film.open("ab") as file:
        file.write(bytes(8))
        file.flush()
        # Why it cannot be read is said by the next look; from then on it is known.
        assert watch.has_changed()
        watch._look(probes=True)
        file.write(bytes(8))
        file.flush()
        assert not watch.has_changed()
    watch._look(probes=True)
    watch._look(probes=True)
    film.write_bytes(b"other")
    assert watch.has_changed()
    # Whoever wakes it, it rests a while.
    monkeypatch.setattr(file_watch, "_REST_S", 0.8)
    monkeypatch.setattr(watch, "_look", lambda **_: looks.append(1))
    watch.start()
    ends = time.monotonic() + 0.5
    while time.monotonic() < ends or not looks:
        watch._wakes.set()
        time.sleep(0.005)
    watch.stop()
    assert 1 <= len(looks) <= 4


def test_each_clip_keeps_what_it_was_made_with(editor: tl.Editor, film: Path) -> None:
    watch, session = editor._watch, editor._session
    watch._look(probes=False)
    watch._look(probes=True)
    make(film.parent, Recipe("short.mp4", frames=25, clicks=True)).replace(film)
    assert watch._look(probes=True) == {str(film)}
    assert list(watch.lacking) == [str(film)]
    cut = tl.Edit(timeline=session.timeline, studio=editor._studio)
    older = cut.clips[0]
    cut.delete(older)
    cut.append(tl.open(film, studio=editor._studio).clip())
    new = cut.timeline
    # The edit takes the file as it is; undo brings the clips that lack something.
    session.apply("take", lambda _: new)
    watch._look(probes=True)
    assert not watch.lacking
    session.undo()
    assert watch._look(probes=True) == {str(film)}
    assert list(watch.lacking) == [str(film)]
    session.redo()
    watch._look(probes=True)
    # The new one comes first, and the older one lacks something all the same.
    cut.append(older)
    session.apply("both", lambda _: cut.timeline)
    watch._look(probes=True)
    assert list(watch.lacking) == [str(film)]


def test_a_clip_that_comes_in_with_a_replaced_file_is_announced(
    editor: tl.Editor, film: Path
) -> None:
    watch, session = editor._watch, editor._session
    empty = tl.Edit("walk", rate=25, size=(320, 180)).timeline
    session.apply("none", lambda _: empty)
    watch._look(probes=False)
    watch._look(probes=True)
    make(film.parent, Recipe("short.mp4", frames=25, clicks=True)).replace(film)
    session.undo()
    assert watch._look(probes=True) == {str(film)}
    assert list(watch.lacking) == [str(film)]
