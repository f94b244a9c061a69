"""Methods of an edit that place clips on its tracks."""

from collections.abc import Iterable
from typing import Any

from timeline_nb.commands import placing, titles
from timeline_nb.commands.command import Command
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.resolve import ClipLike, Placeable, Resolver
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline.edits.place import Part
from timeline_nb.timeline.model import Clip, Subtitle, Timeline

__all__ = ["PlacingVerbs"]


class PlacingVerbs:
    """The methods that place clips; each is one step that `undo` takes back.

    Args:
        session: Holds the timeline and its history.
    """

    def __init__(self, session: EditSession) -> None:
        self.session = session
        self._resolve = Resolver(session)

    def perform(self, command: Command) -> None:
        """Apply a command of `timeline_nb.commands` as one step."""
        if not isinstance(command, Command):
            raise TimelineError(
                f"{command!r} is a {type(command).__name__}, not a command: give one "
                "of timeline_nb.commands, or call the method, such as cut.split('1s')"
            )
        self.session.perform(command)

    def append(
        self, clips: Placeable | Iterable[Placeable], *, track: str | None = None
    ) -> None:
        """Append clips, or whole media, to a track, with their sound."""
        self.perform(placing.Append(clips=self._resolve.clips(clips), track=track))

    def insert(
        self,
        clips: Placeable | Iterable[Placeable],
        *,
        at: TimeLike,
        track: str | None = None,
        sound: str | None = None,
        only: Part | None = None,
    ) -> None:
        """Insert clips at a time; what follows on all unlocked tracks moves later.

        Args:
            clips: Clips, or whole media.
            at: The time.
            track: The track of the picture, or of a clip of sound alone.
            sound: The audio track of the sound; that of a clip over the picture goes
                to a free one if none is named.
            only: `"picture"` or `"sound"`, to leave the other out.
        """
        placed, time = self._resolve.clips(clips), self._resolve.time(at)
        self.perform(
            placing.Insert(clips=placed, at=time, track=track, sound=sound, only=only)
        )

    def overwrite(
        self,
        clips: Placeable | Iterable[Placeable],
        *,
        at: TimeLike,
        track: str | None = None,
        sound: str | None = None,
        only: Part | None = None,
    ) -> None:
        """Place clips at a time, over whatever lies there; nothing else moves.

        Args:
            clips: Clips, or whole media.
            at: The time.
            track: The track of the picture, or of a clip of sound alone.
            sound: The audio track of the sound; that of a clip over the picture goes
                to a free one if none is named.
            only: `"picture"` or `"sound"`, to leave the other out.
        """
        placed, time = self._resolve.clips(clips), self._resolve.time(at)
        self.perform(
            placing.Overwrite(
                clips=placed, at=time, track=track, sound=sound, only=only
            )
        )

    def replace(self, clip: ClipLike, by: Placeable) -> None:
        """Show other media in place of a clip's, from the start of `by` on.

        The clip keeps its place, its duration, its effects and keyframes, but not its
        speed. Linked sound is replaced too.
        """
        item, (other,) = self._resolve.item(clip), self._resolve.clips(by)
        self.perform(placing.Replace(clip=item, by=other))

    def fit_to_fill(  # noqa: PLR0913 - what is placed, when, and where
        self,
        clip: Placeable,
        *,
        start: TimeLike,
        end: TimeLike,
        track: str | None = None,
        sound: str | None = None,
        only: Part | None = None,
    ) -> None:
        """Overwrite a range with a clip, played at the speed that fills it."""
        (placed,) = self._resolve.clips(clip)
        self.perform(
            placing.FitToFill(
                clip=placed,
                start=self._resolve.time(start),
                end=self._resolve.time(end),
                track=track,
                sound=sound,
                only=only,
            )
        )

    def paste(
        self,
        items: Iterable[placing.PastedItem | tuple[str, TimeLike, Clip | Subtitle]],
        *,
        at: TimeLike,
        overwrite: bool = False,
    ) -> None:
        """Insert copies of items; what follows on all unlocked tracks moves later.

        Args:
            items: For each, a track's name, the seconds after `at`, and the item.
            at: The time from which offsets count.
            overwrite: Whether they go over whatever lies there, and nothing moves.
        """
        given: Any = items
        if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
            raise _not_pasted(items)
        copied = tuple(self._pasted(item) for item in given)
        time = self._resolve.time(at)
        self.perform(placing.Paste(items=copied, at=time, overwrite=overwrite))

    def _pasted(self, item: Any) -> placing.PastedItem:
        if isinstance(item, placing.PastedItem):
            return item
        match item:
            case (str() as track, offset, Clip() | Subtitle() as placed):
                time = self._resolve.time(offset)
                return placing.PastedItem(track=track, offset=time, item=placed)
        raise _not_pasted(item)

    def nest(
        self,
        other: "PlacingVerbs | Timeline",
        *,
        at: TimeLike,
        track: str | None = None,
    ) -> None:
        """Place another edit, as it is now, over the picture as one clip."""
        if not isinstance(other, (PlacingVerbs, Timeline)):
            raise TimelineError(
                f"other={other!r} is a {type(other).__name__}: give an edit or a "
                "timeline; media are placed with cut.overwrite(media, at=...)"
            )
        timeline = other if isinstance(other, Timeline) else other.session.timeline
        time = self._resolve.time(at)
        self.perform(titles.Nest(timeline=timeline, at=time, track=track))


def _not_pasted(value: Any) -> TimelineError:
    return TimelineError(
        f"items: {value!r} is no item to paste: give a track's name, the seconds after "
        "at=, and the clip, as [('V1', 0, clip)]"
    )
