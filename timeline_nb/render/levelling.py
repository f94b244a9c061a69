"""Bring the sound of a timeline to the loudness of a profile."""

from msgspec.structs import replace

from timeline_nb.compose.loudness import LoudnessGoal, normalized
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.structs import from_builtins, to_builtins
from timeline_nb.core.telemetry.spans import spanned
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.film_range import is_whole
from timeline_nb.render.sound import mixed_as, sound_key
from timeline_nb.render.target import Target
from timeline_nb.segments.descriptor import digest
from timeline_nb.segments.file import writing
from timeline_nb.segments.inputs import Inputs
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Effect, Timeline

__all__ = ["left_as_it_is", "levelled"]


@spanned("render.loudness")
def levelled(
    timeline: Timeline,
    target: Target,
    library: MediaLibrary,
    store: SegmentStore,
    reporter: Reporter,
) -> Timeline:
    """Return the timeline at the loudness of the profile; its measure is cached.

    Args:
        timeline: What is heard, at the film's rate.
        target: What is made, with sound.
        library: Opens media files.
        store: Keeps the measure.
        reporter: Reports the measuring.

    Raises:
        CompositionError: It is silent, or too short to be measured.
        MediaError: A file changed meanwhile.
    """
    assert target.sound is not None  # noqa: S101 - asked before
    inputs = Inputs.of(timeline, effects=False)
    wanted, peak_db = target.profile.loudness_lufs or 0.0, target.profile.peak_db
    heard = sound_key(timeline, target.span, target.sound, library)
    key = digest([heard, wanted, peak_db])
    known = store.open(key)
    if known is not None:
        store.use([key])
        effects = from_builtins(known.facts["effects"], tuple[Effect, ...])
        return replace(timeline, effects=effects)
    layout, span = mixed_as(target.sound), target.span
    measured = None
    if not is_whole(span, timeline):
        first, last = span.start / timeline.rate, span.stop / timeline.rate
        measured = TimeRange.between(first, last)
    goal = LoudnessGoal(wanted, peak_db, layout, measured)
    _, effects = normalized(timeline, library, reporter, goal)
    inputs.check_files()
    with writing(store.path(key)) as writer:
        writer.facts["effects"] = to_builtins(effects)
    return replace(timeline, effects=effects)


def left_as_it_is(error: CompositionError) -> Message:
    """Return the warning of a film whose loudness cannot be brought anywhere."""
    return Message("its loudness is left as it is: {why}", why=error)
