"""Warnings of a render that need no file."""

from fractions import Fraction

from timeline_nb.compose.warnings import uncovered_warnings
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Effect, MediaReference, Timeline, Track

SECOND = TimeRange(Fraction(0), Fraction(1))
HIDES = Effect(kind="redaction", parameters={"fingerprint": "abc"})


def _clip(name: str, fingerprint: str, *effects: Effect) -> Clip:
    media = MediaReference(
        path=f"{fingerprint}.mp4", fingerprint=fingerprint, size=(192, 112)
    )
    return Clip(id=name, name=name, media=media, source_range=SECOND, effects=effects)


def _timeline(*clips: Clip) -> Timeline:
    track = Track(kind="video", name="V1", items=clips)
    return Timeline(name="film", rate=Fraction(25), size=(192, 112), tracks=(track,))


def test_a_clip_of_redacted_media_that_is_not_redacted_is_named() -> None:
    timeline = _timeline(
        _clip("hidden", "abc", HIDES), _clip("bare", "abc"), _clip("other", "def")
    )
    (warning,) = uncovered_warnings(timeline)
    assert "'bare'" in warning
    assert "is not redacted" in warning
    assert "abc.mp4" in warning


def test_an_edit_without_redactions_has_no_such_warning() -> None:
    assert uncovered_warnings(_timeline(_clip("bare", "abc"))) == []
