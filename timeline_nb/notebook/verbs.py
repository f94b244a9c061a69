"""Core methods of an edit: place, move, split, trim and remove clips."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from timeline_nb.commands import arranging, effects
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.changing_verbs import ChangingVerbs
from timeline_nb.notebook.placing_verbs import PlacingVerbs
from timeline_nb.notebook.resolve import ClipLike
from timeline_nb.notebook.track_verbs import TrackVerbs
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline.model import Clip, Subtitle
from timeline_nb.timeline.queries import duration

if TYPE_CHECKING:
    from timeline_nb.effects.kinds import CrossfadeKind, TransitionKind

__all__ = ["Verbs"]


class Verbs(ChangingVerbs, PlacingVerbs, TrackVerbs):
    """The core methods of an edit; each is one step that `undo` takes back.

    Times are timeline times: numbers are seconds, and text such as `"12f"`, `"0.5s"`,
    `"00:00:04:12"` or `"00:00:04.5"` is read at the edit's rate. A clip is given by
    its id (`"c3"`), by the clip itself, or by its number on the first video track,
    from 0.

    Args:
        session: Holds the timeline and its history.
    """

    # Move clips

    def move(
        self,
        clip: ClipLike,
        *,
        to: TimeLike,
        track: str | None = None,
        alone: bool = False,
    ) -> None:
        """Move a clip to another time or track, over whatever lies there.

        It overwrites what lies there, and leaves a gap at its former place; `reorder`
        changes the order of clips without overwriting any. What is linked to it goes
        along, unless it is moved `alone`.

        Example:
            >>> cut.move("c2", to="6s")
            >>> cut.duration
            Fraction(8, 1)
        """
        item, time = self._resolve.item(clip), self._resolve.time(to)
        self.perform(arranging.Move(clip=item, to=time, track=track, alone=alone))

    def reorder(
        self,
        clip: ClipLike,
        *,
        before: ClipLike | None = None,
        after: ClipLike | None = None,
    ) -> None:
        """Move a clip before or after another; the others close up and make room.

        Example:
            >>> cut.reorder("c2", before="c1")
            >>> [clip.id for clip in cut.clips]
            ['c2', 'c1']
        """
        own = self._resolve.item(clip)
        if (before is None) == (after is None):
            raise TimelineError("reorder: give either before= or after=, with a clip")
        first = None if before is None else self._resolve.item(before)
        last = None if after is None else self._resolve.item(after)
        self.perform(arranging.Reorder(clip=own, before=first, after=last))

    def shift(
        self,
        clips: Iterable[ClipLike],
        *,
        by: TimeLike,
        up: int = 0,
        alone: bool = False,
    ) -> None:
        """Move clips by the same time, and `up` tracks of their kind higher.

        What is linked to them goes along in time, unless they are moved `alone`.

        Example:
            >>> cut.shift(["c1", "c2"], by="1s")
            >>> cut.duration
            Fraction(5, 1)
        """
        several = [clips] if isinstance(clips, (str, int, Clip, Subtitle)) else clips
        items = tuple(self._resolve.item(clip) for clip in several)
        time = self._resolve.time(by)
        self.perform(arranging.Shift(clips=items, by=time, up=up, alone=alone))

    # Split and remove clips

    def split(
        self, at: TimeLike, *, clip: ClipLike | None = None, alone: bool = False
    ) -> None:
        """Split all unlocked tracks at a time, or one clip and those linked to it.

        With `alone`, what is linked to the clip stays whole.

        Raises:
            TimelineError: Nothing lies across that time: it is a cut, in a gap, or past
                the end.

        Example:
            >>> cut.split("1s")
            >>> [float(clip.duration) for clip in cut.clips]
            [1.0, 1.0, 2.0]
            >>> cut.split("9s")
            Traceback (most recent call last):
                ...
            timeline_nb.TimelineError: at='9s': nothing on an unlocked track lies ...
        """
        item = None if clip is None else self._resolve.item(clip)
        time = self._resolve.time(at)
        before = self.session.timeline
        after = self.session.perform(arranging.Split(at=time, clip=item, alone=alone))
        if after is before:
            raise TimelineError(
                f"at={at!r}: nothing on an unlocked track lies across "
                f"{float(time):g} s, and {before.name!r} lasts "
                f"{float(duration(before)):g} s: give a time within a clip"
            )

    def join(self, clip: ClipLike, *, alone: bool = False) -> None:
        """Join a clip and the next one that was split from it.

        What is linked to it is joined alike, unless it is joined `alone`.

        Example:
            >>> cut.split("1s", clip="c1")
            >>> len(cut.clips)
            3
            >>> cut.join("c1")
            >>> len(cut.clips)
            2
        """
        self.perform(arranging.Join(clip=self._resolve.item(clip), alone=alone))

    def delete(self, clip: ClipLike, *, alone: bool = False) -> None:
        """Remove a clip; what follows closes the gap. `lift` leaves the gap.

        The editor and the history call it "Ripple delete".

        What is linked to it is removed as well, unless it is removed `alone`: then each
        track closes up as far as it has room, whatever its clips are linked to.

        Example:
            >>> cut.delete("c1")
            >>> cut.duration
            Fraction(2, 1)
        """
        self.perform(arranging.Delete(clip=self._resolve.item(clip), alone=alone))

    def lift(self, clip: ClipLike, *, alone: bool = False) -> None:
        """Remove a clip and leave a gap. `delete` closes the gap.

        The editor and the history call it "Delete".

        What is linked to it is removed as well, unless it is removed `alone`.

        Example:
            >>> cut.lift("c1")
            >>> cut.duration  # a gap stays
            Fraction(4, 1)
        """
        self.perform(arranging.Lift(clip=self._resolve.item(clip), alone=alone))

    # Trim clips

    def trim(
        self,
        clip: ClipLike,
        *,
        head: TimeLike = 0,
        tail: TimeLike = 0,
        alone: bool = False,
    ) -> None:
        """Move a clip's head and tail later, within the gaps around it.

        What is linked to it is trimmed alike, unless it is trimmed `alone`.

        Example:
            >>> cut.trim("c2", tail="-1s")
            >>> cut.duration
            Fraction(3, 1)
        """
        item = self._resolve.item(clip)
        first, last = self._resolve.time(head), self._resolve.time(tail)
        step = arranging.Trim(clip=item, head=first, tail=last, alone=alone)
        self.perform(step)

    def ripple(
        self,
        clip: ClipLike,
        *,
        head: TimeLike = 0,
        tail: TimeLike = 0,
        alone: bool = False,
    ) -> None:
        """Move a clip's head and tail later; what follows on all tracks moves too.

        What is linked to it is trimmed alike, unless it is trimmed `alone`: then each
        track moves as far as it has room, whatever its clips are linked to.

        Example:
            >>> cut.ripple("c1", head="1s")  # begins a second later in its media
            >>> cut.duration
            Fraction(3, 1)
        """
        item = self._resolve.item(clip)
        first, last = self._resolve.time(head), self._resolve.time(tail)
        step = arranging.Ripple(clip=item, head=first, tail=last, alone=alone)
        self.perform(step)

    def roll(self, clip: ClipLike, *, by: TimeLike, alone: bool = False) -> None:
        """Move the cut between a clip and the next one later.

        The cuts of what is linked to it move alike, unless it is rolled `alone`: that
        makes a J-cut or an L-cut.

        Example:
            >>> cut.roll("c1", by="0.5s")
            >>> [float(clip.duration) for clip in cut.clips]
            [2.5, 1.5]
        """
        item, time = self._resolve.item(clip), self._resolve.time(by)
        self.perform(arranging.Roll(clip=item, by=time, alone=alone))

    def slip(self, clip: ClipLike, *, by: TimeLike, alone: bool = False) -> None:
        """Show a later part of a clip's media, in the same place.

        What is linked to it slips alike, unless it slips `alone`.

        Example:
            >>> cut.slip("c1", by="0.5s")
            >>> cut.clips[0].source_range.start
            Fraction(3, 2)
        """
        item, time = self._resolve.item(clip), self._resolve.time(by)
        self.perform(arranging.Slip(clip=item, by=time, alone=alone))

    def slide(self, clip: ClipLike, *, by: TimeLike, alone: bool = False) -> None:
        """Move a clip later between its neighbors, which are trimmed to make room.

        What is linked to it slides alike, unless it slides `alone`.

        Example:
            >>> cut.append(src.clip("8s", "9s"))
            >>> cut.slide("c2", by="0.5s")
            >>> [float(clip.duration) for clip in cut.clips]
            [2.5, 2.0, 0.5]
        """
        item, time = self._resolve.item(clip), self._resolve.time(by)
        self.perform(arranging.Slide(clip=item, by=time, alone=alone))

    # Transitions and links

    def dissolve(self, *, after: ClipLike, duration: TimeLike = "1s") -> None:
        """Dissolve a clip into the next one, half of it on either side of the cut.

        Example:
            >>> cut.dissolve(after="c1", duration="12f")
            >>> dissolve = cut.timeline.tracks[0].items[1]
            >>> dissolve.in_offset, dissolve.out_offset
            (Fraction(6, 25), Fraction(6, 25))
        """
        self.add_transition("dissolve", after=after, duration=duration)

    def add_transition(
        self,
        kind: "TransitionKind | CrossfadeKind | str" = "dissolve",
        *,
        after: ClipLike,
        duration: TimeLike = "1s",
        sound: "CrossfadeKind | str" = "dissolve",
        in_offset: TimeLike | None = None,
        **parameters: Any,
    ) -> None:
        """Add a transition from a clip to the next one, and a crossfade of their sound.

        Args:
            kind: As `tl.catalog("transition")` lists them; for a clip on an audio
                track, as `tl.catalog("crossfade")` does.
            after: The clip before the cut.
            duration: The whole length.
            sound: The crossfade of linked sound.
            in_offset: How much of it lies before the cut; half of it if None.
            parameters: Parameters of the kind; all kinds have `easing`.

        Raises:
            CompositionError: The kind or a parameter is unknown, or a value is not
                allowed.
            TimelineError: No clip touches the clip's end, or the media have too few
                frames around the cut.

        Example:
            >>> cut.add_transition("wipe", after="c1", duration="1s", easing="linear")
            >>> cut.duration  # as before: its frames are of the media around the cut
            Fraction(4, 1)
            >>> [type(item).__name__ for item in cut.timeline.tracks[0].items]
            ['Clip', 'Transition', 'Clip']
        """
        self.perform(
            effects.AddTransition(
                after=self._resolve.item(after),
                duration=self._resolve.duration(duration),
                kind=kind,
                sound=sound,
                in_offset=None
                if in_offset is None
                else self._resolve.duration(in_offset),
                parameters=parameters,
            )
        )

    def remove_transition(self, *, after: ClipLike) -> None:
        """Remove the transition after a clip, and the crossfade of its sound.

        Example:
            >>> cut.dissolve(after="c1")
            >>> cut.remove_transition(after="c1")
            >>> len(cut.timeline.tracks[0].items)
            2
        """
        self.perform(effects.RemoveTransition(after=self._resolve.item(after)))

    def link(self, *clips: ClipLike) -> None:
        """Link clips: they are moved and trimmed together.

        Example:
            >>> cut.link("c1", "c3")
            >>> cut.move("c3", to="6s")  # the picture moves with its title
            >>> cut.duration
            Fraction(8, 1)
        """
        items = tuple(self._resolve.item(clip) for clip in clips)
        self.perform(arranging.Link(clips=items))

    def unlink(self, clip: ClipLike) -> None:
        """Unlink a clip and those linked to it: each is moved and trimmed alone.

        Example:
            >>> cut.link("c1", "c3")
            >>> cut.unlink("c3")
            >>> cut.move("c3", to="2s")  # the title alone
            >>> [clip.id for clip in cut.clips]
            ['c1', 'c2']
        """
        self.perform(arranging.Unlink(clip=self._resolve.item(clip)))
