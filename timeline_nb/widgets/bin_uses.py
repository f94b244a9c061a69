"""Which clips use a media file, and which frame of which file a timeline shows."""

from collections import Counter
from fractions import Fraction

from timeline_nb.commands.nested_session import NestedSession
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.timeline.kept_by_items import KeptByItems
from timeline_nb.timeline.model import Clip, Item, MediaReference, Timeline
from timeline_nb.timeline.queries import media, range_of
from timeline_nb.timeline.speed import speed_of
from timeline_nb.widgets.bin_requests import UseView

__all__ = ["matched_frame", "media_of_edit", "use_counts", "users_of"]


def use_counts(timeline: Timeline) -> dict[str, int]:
    """Return how many clips use each file, by its path.

    A clip of a nested timeline uses each of the files in it.
    """
    counts: Counter[str] = Counter()
    for track in timeline.tracks:
        counts.update(_counts.of(track.items))
    return dict(counts)


def _counts_of(items: tuple[Item, ...]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for clip in items:
        if not isinstance(clip, Clip):
            continue
        if clip.media.timeline is not None:
            counts.update(list(media(clip.media.timeline)))
        elif clip.media.is_file:
            counts[clip.media.path] += 1
    return counts


_counts = KeptByItems("the uses of files", _counts_of)


def media_of_edit(session: EditSession) -> dict[str, MediaReference]:
    """Return the media of a whole edit, whichever timeline of it is open."""
    whole = session.whole if isinstance(session, NestedSession) else session
    return media(whole.timeline)


def users_of(timeline: Timeline, path: str) -> list[UseView]:
    """Return the clips that use a file, in the order of their times."""
    found = []
    for track in timeline.tracks:
        for number, item in enumerate(track.items):
            if isinstance(item, Clip) and _uses_file(item, path):
                start = float(range_of(track, number).start)
                found.append(UseView(item.id, item.label, track.name, start))
    return sorted(found, key=lambda one: one.start_s)


def _uses_file(clip: Clip, path: str) -> bool:
    if clip.media.timeline is not None:
        return path in media(clip.media.timeline)
    return clip.media.is_file and clip.media.path == path


def matched_frame(
    timeline: Timeline, at: Fraction, item: str | None
) -> tuple[str, Fraction]:
    """Return the file and the media time of the frame that a timeline shows.

    Args:
        timeline: The timeline.
        at: A time of it.
        item: The clip that counts; the topmost one with a picture if None, else one
            with sound alone.

    Raises:
        MediaError: No clip of a file is there.
    """
    tracks = [track for track in timeline.tracks if track.enabled]
    # The last video track is on top.
    videos = [track for track in reversed(tracks) if track.kind == "video"]
    others = [track for track in tracks if track.kind != "video"]
    for track in (*videos, *others):
        for number, clip in enumerate(track.items):
            if not isinstance(clip, Clip) or not clip.media.is_file:
                continue
            span = range_of(track, number)
            if span.contains(at) and item in {None, clip.id}:
                own = clip.source_range.start + at - span.start
                speed = speed_of(clip)
                shown = own if speed is None else speed.frame_time(own)
                return clip.media.path, shown
    raise MediaError(Message("no clip of a file is under the playhead: move it to one"))
