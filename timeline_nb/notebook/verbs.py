"""The verbs of an edit: put clips in, move, cut, trim, change and take them out."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from timeline_nb.commands import arranging, changing, effects, placing, titles
from timeline_nb.commands.command import Command
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.resolve import ClipLike, Placeable, Resolver
from timeline_nb.timebase import TimeLike, parse_rate, to_fraction
from timeline_nb.timeline.canvas import SizeLike, parse_size
from timeline_nb.timeline.model import Clip, Fit, Subtitle, Timeline, TrackKind

if TYPE_CHECKING:
    from timeline_nb.effects.kinds import CrossfadeKind, TransitionKind

__all__ = ["Verbs"]


class Verbs:
    """The verbs that an edit has itself; each is one step that `undo` takes back.

    Times are timeline times: numbers are seconds, and text such as `"12f"`, `"0.5s"`,
    `"00:00:04:12"` or `"00:00:04.5"` is read at the edit's rate. A clip is named by
    its id (`"c3"`), by the clip itself, or by its number on the first video track,
    from 0.

    Args:
        session: Holds the timeline and its history.
    """

    def __init__(self, session: EditSession) -> None:
        self.session = session
        self._resolve = Resolver(session)

    def perform(self, command: Command) -> None:
        """Make one step by a command of `timeline_nb.commands`."""
        self.session.perform(command)

    # Put clips in

    def append(
        self, clips: Placeable | Iterable[Placeable], *, track: str | None = None
    ) -> None:
        """Put clips, or whole media files, at the end of a track with their sound."""
        self.perform(placing.Append(clips=self._resolve.clips(clips), track=track))

    def insert(
        self,
        clips: Placeable | Iterable[Placeable],
        *,
        at: TimeLike,
        track: str | None = None,
    ) -> None:
        """Put clips in at a time; what follows on all unlocked tracks moves later."""
        placed, time = self._resolve.clips(clips), self._resolve.time(at)
        self.perform(placing.Insert(clips=placed, at=time, track=track))

    def overwrite(
        self,
        clips: Placeable | Iterable[Placeable],
        *,
        at: TimeLike,
        track: str | None = None,
    ) -> None:
        """Put clips over whatever lies at a time; nothing else moves."""
        placed, time = self._resolve.clips(clips), self._resolve.time(at)
        self.perform(placing.Overwrite(clips=placed, at=time, track=track))

    def paste(
        self,
        items: Iterable[placing.PastedItem | tuple[str, TimeLike, Clip | Subtitle]],
        *,
        at: TimeLike,
    ) -> None:
        """Put copies of items over what lies at a time.

        Args:
            items: Each a track's name, seconds after `at`, and the item.
            at: The time of the first.
        """
        copied = tuple(
            item
            if isinstance(item, placing.PastedItem)
            else placing.PastedItem(
                track=item[0], offset=self._resolve.time(item[1]), item=item[2]
            )
            for item in items
        )
        self.perform(placing.Paste(items=copied, at=self._resolve.time(at)))

    def nest(
        self, other: "Verbs | Timeline", *, at: TimeLike, track: str | None = None
    ) -> None:
        """Put another edit over the picture as one clip, as it is now."""
        timeline = other if isinstance(other, Timeline) else other.session.timeline
        time = self._resolve.time(at)
        self.perform(titles.Nest(timeline=timeline, at=time, track=track))

    # Move them

    def move(self, clip: ClipLike, *, to: TimeLike, track: str | None = None) -> None:
        """Move a clip to another time or track, over whatever lies there.

        What it comes upon is overwritten, and a gap stays where it was; `reorder`
        changes the order of clips and loses nothing.
        """
        item, time = self._resolve.item(clip), self._resolve.time(to)
        self.perform(arranging.Move(clip=item, to=time, track=track))

    def reorder(
        self,
        clip: ClipLike,
        *,
        before: ClipLike | None = None,
        after: ClipLike | None = None,
    ) -> None:
        """Put a clip before or after another; the others close up and make room."""
        own = self._resolve.item(clip)
        if (before is None) == (after is None):
            raise TimelineError("reorder: give either before= or after=, a clip")
        first = None if before is None else self._resolve.item(before)
        last = None if after is None else self._resolve.item(after)
        self.perform(arranging.Reorder(clip=own, before=first, after=last))

    def shift(self, clips: Iterable[ClipLike], *, by: TimeLike, up: int = 0) -> None:
        """Move clips by the same time, and so many tracks of their kind up."""
        several = [clips] if isinstance(clips, (str, int, Clip, Subtitle)) else clips
        items = tuple(self._resolve.item(clip) for clip in several)
        self.perform(arranging.Shift(clips=items, by=self._resolve.time(by), up=up))

    # Cut them, and take them out

    def split(self, at: TimeLike, *, clip: ClipLike | None = None) -> None:
        """Cut all unlocked tracks at a time, or one clip and what is linked to it."""
        item = None if clip is None else self._resolve.item(clip)
        self.perform(arranging.Split(at=self._resolve.time(at), clip=item))

    def join(self, clip: ClipLike) -> None:
        """Make a clip and the next one whole again, where they were one."""
        self.perform(arranging.Join(clip=self._resolve.item(clip)))

    def delete(self, clip: ClipLike) -> None:
        """Take a clip out; what follows closes up. `lift` leaves a gap."""
        self.perform(arranging.Delete(clip=self._resolve.item(clip)))

    def lift(self, clip: ClipLike) -> None:
        """Take a clip out, and leave a gap. `delete` closes it."""
        self.perform(arranging.Lift(clip=self._resolve.item(clip)))

    # Trim them

    def trim(self, clip: ClipLike, *, head: TimeLike = 0, tail: TimeLike = 0) -> None:
        """Move a clip's edges later by so much, within the gaps around it."""
        item = self._resolve.item(clip)
        first, last = self._resolve.time(head), self._resolve.time(tail)
        self.perform(arranging.Trim(clip=item, head=first, tail=last))

    def ripple(self, clip: ClipLike, *, head: TimeLike = 0, tail: TimeLike = 0) -> None:
        """Move a clip's edges later by so much; what follows keeps touching it."""
        item = self._resolve.item(clip)
        first, last = self._resolve.time(head), self._resolve.time(tail)
        self.perform(arranging.Ripple(clip=item, head=first, tail=last))

    def roll(self, clip: ClipLike, *, by: TimeLike) -> None:
        """Move the cut between a clip and the next."""
        item, time = self._resolve.item(clip), self._resolve.time(by)
        self.perform(arranging.Roll(clip=item, by=time))

    def slip(self, clip: ClipLike, *, by: TimeLike) -> None:
        """Show another part of the clip's media, in the same place."""
        item, time = self._resolve.item(clip), self._resolve.time(by)
        self.perform(arranging.Slip(clip=item, by=time))

    def slide(self, clip: ClipLike, *, by: TimeLike) -> None:
        """Move a clip between its neighbors, which are trimmed to make room."""
        item, time = self._resolve.item(clip), self._resolve.time(by)
        self.perform(arranging.Slide(clip=item, by=time))

    # Join them

    def dissolve(self, *, after: ClipLike, duration: TimeLike = "1s") -> None:
        """Dissolve a clip into the next, half of the time on either side of the cut."""
        self.add_transition("dissolve", after=after, duration=duration)

    def add_transition(
        self,
        kind: "TransitionKind | CrossfadeKind | str" = "dissolve",
        *,
        after: ClipLike,
        duration: TimeLike = "1s",
        sound: "CrossfadeKind | str" = "dissolve",
        **parameters: Any,
    ) -> None:
        """Let a clip become the next one, its sound with it.

        Args:
            kind: As `tl.catalog("transition")` lists them; of a clip on an audio track,
                as `tl.catalog("crossfade")` does.
            after: The clip before the cut.
            duration: How long, half of it on either side of the cut.
            sound: The crossfade of linked sound.
            parameters: Of the kind; all kinds have `easing`.

        Raises:
            CompositionError: There is no such kind, or a parameter makes no sense.
            TimelineError: No clip touches its end, or too little media lies around the
                cut: both clips are named, and the frames that are missing.
        """
        self.perform(
            effects.AddTransition(
                after=self._resolve.item(after),
                duration=self._resolve.duration(duration),
                kind=kind,
                sound=sound,
                parameters=parameters,
            )
        )

    def remove_transition(self, *, after: ClipLike) -> None:
        """Remove the transition after a clip, that of its sound included."""
        self.perform(effects.RemoveTransition(after=self._resolve.item(after)))

    def link(self, *clips: ClipLike) -> None:
        """Let clips be moved and trimmed together."""
        items = tuple(self._resolve.item(clip) for clip in clips)
        self.perform(arranging.Link(clips=items))

    def unlink(self, clip: ClipLike) -> None:
        """Let a clip and those linked to it be moved one by one."""
        self.perform(arranging.Unlink(clip=self._resolve.item(clip)))

    # Change them

    def set(self, clip: ClipLike, **fields: Any) -> None:
        """Change a clip's fields: `gain_db`, `transform`, `fade_in`, `name` ...

        Fades are times in any form that a time has.
        """
        item = self._resolve.item(clip)
        for name in ("fade_in", "fade_out"):
            if name in fields:
                fields[name] = self._resolve.duration(fields[name])
        _check_fields(changing.SetClip, fields, "clip")
        self.perform(changing.SetClip(clip=item, **fields))

    def speed(
        self,
        clip: ClipLike,
        factor: TimeLike,
        *,
        keep_pitch: bool = True,
        blend: bool = False,
    ) -> None:
        """Play a clip at 2 times, half (`0.5`) or backwards (`-1`) its speed.

        What it shows stays; it takes another time, and what follows closes up or makes
        room. Keyframes of `speed.rate` make a ramp.

        Args:
            clip: Which one.
            factor: Media seconds per second.
            keep_pitch: Whether its sound keeps its pitch.
            blend: Whether frames between those of the media are mixed of both.
        """
        exact = to_fraction(factor).limit_denominator(1_000_000)
        self.perform(
            changing.SetSpeed(
                clip=self._resolve.item(clip),
                factor=exact,
                keep_pitch=keep_pitch,
                blend=blend,
            )
        )

    def freeze(
        self, clip: ClipLike, *, at: TimeLike, duration: TimeLike = "2s"
    ) -> None:
        """Hold the frame that a clip shows at a time; what follows makes room."""
        item, time = self._resolve.item(clip), self._resolve.time(at)
        length = self._resolve.duration(duration)
        self.perform(changing.Freeze(clip=item, at=time, duration=length))

    def set_track(self, track: str, **fields: Any) -> None:
        """Change a track's `name`, `enabled`, `locked`, `gain_db`, `pan` or `style`."""
        _check_fields(changing.SetTrack, fields, "track")
        self.perform(changing.SetTrack(track=track, **fields))

    def volume(self, owner: ClipLike, gain_db: float) -> None:
        """Make a track or a clip louder or softer.

        Args:
            owner: A track's name, or a clip.
            gain_db: 0 leaves it as it is, -6 halves the amplitude.
        """
        names = {track.name for track in self.session.timeline.tracks}
        if isinstance(owner, str) and owner in names:
            self.set_track(owner, gain_db=gain_db)
        else:
            self.set(owner, gain_db=gain_db)

    def add_track(self, kind: TrackKind, *, name: str | None = None) -> None:
        """Add an empty track, above those of its kind."""
        self.perform(changing.AddTrack(kind=kind, name=name))

    def remove_track(self, track: str) -> None:
        """Remove a track with all that is on it."""
        self.perform(changing.RemoveTrack(track=track))

    def resize(
        self,
        *,
        size: SizeLike | None = None,
        rate: TimeLike | None = None,
        fit: Fit | None = None,
    ) -> None:
        """Give the edit another picture size or frame rate.

        Args:
            size: Width and height, or a name such as `"1080p"`. Where the aspect
                changes, pictures fill the new one: what is cut off is chosen by
                `follow`, or by each clip's transform.
            rate: Frames per second; cuts go to the nearest frame of it.
            fit: How pictures are brought to the size: `"fill"`, `"fit"` with bars, or
                `"stretch"`.
        """
        self.perform(
            changing.Resize(
                size=None if size is None else parse_size(size),
                rate=None if rate is None else parse_rate(rate),
                fit=fit,
            )
        )


def _check_fields(kind: type[Command], fields: Iterable[str], what: str) -> None:
    known = [name for name in kind.__struct_fields__ if name != what]
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise TimelineError(
            f"a {what} has no setting {unknown[0]!r}; it has {', '.join(known)}"
        )
