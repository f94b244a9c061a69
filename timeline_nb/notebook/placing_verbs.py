"""Methods of an edit that place clips on its tracks."""

from collections.abc import Iterable
from typing import Any

from timeline_nb.commands import placing, titles
from timeline_nb.commands.command import Command
from timeline_nb.commands.session import EditSession
from timeline_nb.core.near_names import kind_of
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
        """Apply a command of `timeline_nb.commands` as one step.

        Example:
            >>> from timeline_nb.commands.arranging import Split
            >>> cut.perform(Split(at=1))
            >>> len(cut.clips)
            3
        """
        if not isinstance(command, Command):
            raise TimelineError(
                f"{command!r} is {kind_of(command)}, not a command: give one "
                "of timeline_nb.commands, or call the method, such as cut.split('1s')"
            )
        self.session.perform(command)

    def append(
        self, clips: Placeable | Iterable[Placeable], *, track: str | None = None
    ) -> None:
        """Append clips, or whole media, to a track, with their sound.

        Example:
            >>> cut.append(src.clip("8s", "9s"))
            >>> cut.append([src, src.clip(0, "2s")])  # whole media, and another clip
            >>> cut.duration
            Fraction(17, 1)
        """
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

        Example:
            >>> cut.insert(src.clip("8s", "9s"), at="2s")
            >>> cut.duration
            Fraction(5, 1)
            >>> [clip.source_range.start for clip in cut.clips]
            [Fraction(1, 1), Fraction(8, 1), Fraction(5, 1)]
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

        Example:
            >>> cut.overwrite(src.clip("8s", "9s"), at="1s")
            >>> cut.duration
            Fraction(4, 1)
            >>> [float(clip.duration) for clip in cut.clips]
            [1.0, 1.0, 2.0]
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

        Example:
            >>> cut.replace("c1", src.clip("8s"))
            >>> cut.clips[0].source_range
            TimeRange(start=Fraction(8, 1), duration=Fraction(2, 1))
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
        """Overwrite a range with a clip, played at the speed that fills it.

        Example:
            >>> cut.fit_to_fill(src.clip(0, "4s"), start="0s", end="2s")
            >>> cut.effects.of(0)[0].parameters["rate"]  # four seconds of media in two
            2.0
        """
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

        Example:
            >>> first = cut.clips[0]
            >>> cut.paste([("V1", 0, first), ("V1", "2s", first)], at=cut.duration)
            >>> cut.duration
            Fraction(8, 1)
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
        """Place another edit, as it is now, over the picture as one clip.

        Example:
            >>> intro = tl.Edit("intro", rate=25, size=(320, 180))
            >>> intro.append(src.clip("7s", "8s"))
            >>> cut.nest(intro, at="1s")
            >>> cut.timeline.tracks[-1].items[-1].media.label
            'intro'
        """
        if not isinstance(other, (PlacingVerbs, Timeline)):
            raise TimelineError(
                f"other={other!r} is {kind_of(other)}: give an edit or a "
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
