"""Core methods of an edit: place, move, split, trim, change and remove clips."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from timeline_nb.commands import arranging, changing, effects
from timeline_nb.commands.command import Command
from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.arguments import effects_given
from timeline_nb.notebook.placing_verbs import PlacingVerbs
from timeline_nb.notebook.resolve import ClipLike
from timeline_nb.notebook.track_verbs import TrackVerbs
from timeline_nb.timebase import TimeLike, parse_rate, to_fraction
from timeline_nb.timeline.canvas import SizeLike, parse_size
from timeline_nb.timeline.model import Clip, Fit, Subtitle, Timeline
from timeline_nb.timeline.queries import duration, linked

if TYPE_CHECKING:
    from timeline_nb.effects.kinds import CrossfadeKind, TransitionKind

__all__ = ["Verbs"]


class Verbs(PlacingVerbs, TrackVerbs):
    """The core methods of an edit; each is one step that `undo` takes back.

    Times are timeline times: numbers are seconds, and text such as `"12f"`, `"0.5s"`,
    `"00:00:04:12"` or `"00:00:04.5"` is read at the edit's rate. A clip is given by
    its id (`"c3"`), by the clip itself, or by its number on the first video track,
    from 0.

    Args:
        session: Holds the timeline and its history.
    """

    # Move clips

    def move(self, clip: ClipLike, *, to: TimeLike, track: str | None = None) -> None:
        """Move a clip to another time or track, over whatever lies there.

        It overwrites what lies there, and leaves a gap at its former place; `reorder`
        changes the order of clips without overwriting any.
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
        """Move a clip before or after another; the others close up and make room."""
        own = self._resolve.item(clip)
        if (before is None) == (after is None):
            raise TimelineError("reorder: give either before= or after=, with a clip")
        first = None if before is None else self._resolve.item(before)
        last = None if after is None else self._resolve.item(after)
        self.perform(arranging.Reorder(clip=own, before=first, after=last))

    def shift(self, clips: Iterable[ClipLike], *, by: TimeLike, up: int = 0) -> None:
        """Move clips by the same time, and `up` tracks of their kind higher."""
        several = [clips] if isinstance(clips, (str, int, Clip, Subtitle)) else clips
        items = tuple(self._resolve.item(clip) for clip in several)
        self.perform(arranging.Shift(clips=items, by=self._resolve.time(by), up=up))

    # Split and remove clips

    def split(self, at: TimeLike, *, clip: ClipLike | None = None) -> None:
        """Split all unlocked tracks at a time, or one clip and those linked to it.

        Raises:
            TimelineError: Nothing lies across that time: it is a cut, in a gap, or past
                the end.
        """
        item = None if clip is None else self._resolve.item(clip)
        time = self._resolve.time(at)
        before = self.session.timeline
        after = self.session.perform(arranging.Split(at=time, clip=item))
        if after is before:
            raise TimelineError(
                f"at={at!r}: nothing on an unlocked track lies across "
                f"{float(time):g} s, and {before.name!r} lasts "
                f"{float(duration(before)):g} s: give a time within a clip"
            )

    def join(self, clip: ClipLike) -> None:
        """Join a clip and the next one that was split from it."""
        self.perform(arranging.Join(clip=self._resolve.item(clip)))

    def delete(self, clip: ClipLike) -> None:
        """Remove a clip; what follows closes the gap. `lift` leaves the gap."""
        self.perform(arranging.Delete(clip=self._resolve.item(clip)))

    def lift(self, clip: ClipLike) -> None:
        """Remove a clip and leave a gap. `delete` closes the gap."""
        self.perform(arranging.Lift(clip=self._resolve.item(clip)))

    # Trim clips

    def trim(self, clip: ClipLike, *, head: TimeLike = 0, tail: TimeLike = 0) -> None:
        """Move a clip's head and tail later, within the gaps around it."""
        item = self._resolve.item(clip)
        first, last = self._resolve.time(head), self._resolve.time(tail)
        self.perform(arranging.Trim(clip=item, head=first, tail=last))

    def ripple(self, clip: ClipLike, *, head: TimeLike = 0, tail: TimeLike = 0) -> None:
        """Move a clip's head and tail later; what follows on all tracks moves too."""
        item = self._resolve.item(clip)
        first, last = self._resolve.time(head), self._resolve.time(tail)
        self.perform(arranging.Ripple(clip=item, head=first, tail=last))

    def roll(self, clip: ClipLike, *, by: TimeLike) -> None:
        """Move the cut between a clip and the next one later."""
        item, time = self._resolve.item(clip), self._resolve.time(by)
        self.perform(arranging.Roll(clip=item, by=time))

    def slip(self, clip: ClipLike, *, by: TimeLike) -> None:
        """Show a later part of a clip's media, in the same place."""
        item, time = self._resolve.item(clip), self._resolve.time(by)
        self.perform(arranging.Slip(clip=item, by=time))

    def slide(self, clip: ClipLike, *, by: TimeLike) -> None:
        """Move a clip later between its neighbors, which are trimmed to make room."""
        item, time = self._resolve.item(clip), self._resolve.time(by)
        self.perform(arranging.Slide(clip=item, by=time))

    # Transitions and links

    def dissolve(self, *, after: ClipLike, duration: TimeLike = "1s") -> None:
        """Dissolve a clip into the next one, half of it on either side of the cut."""
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
        """Remove the transition after a clip, and the crossfade of its sound."""
        self.perform(effects.RemoveTransition(after=self._resolve.item(after)))

    def link(self, *clips: ClipLike) -> None:
        """Link clips: they are moved and trimmed together."""
        items = tuple(self._resolve.item(clip) for clip in clips)
        self.perform(arranging.Link(clips=items))

    def unlink(self, clip: ClipLike) -> None:
        """Unlink a clip and those linked to it: each is moved and trimmed alone."""
        self.perform(arranging.Unlink(clip=self._resolve.item(clip)))

    # Change clips, tracks and the canvas

    def set(self, clip: ClipLike, **fields: Any) -> None:
        """Change a clip's fields: `gain_db`, `transform`, `fade_in`, `name` ...

        Fades are lengths of time in any form: `0.5`, `"12f"`.
        """
        item = self._resolve.item(clip)
        for name in ("fade_in", "fade_out"):
            if name in fields:
                fields[name] = self._resolve.duration(fields[name])
        _check_fields(changing.SetClip, fields, "clip")
        if "effects" in fields:
            fields["effects"] = effects_given("effects", fields["effects"])
        self.perform(changing.SetClip(clip=item, **fields))

    def speed(
        self,
        clip: ClipLike,
        factor: TimeLike,
        *,
        keep_pitch: bool = True,
        blend: bool = False,
    ) -> None:
        """Play a clip at double (`2`) or half (`0.5`) speed, or backwards (`-1`).

        The clip shows the same media in another length of time; what follows closes up
        or makes room. Keyframes of `speed.rate` make a ramp.

        Args:
            clip: The clip.
            factor: Media seconds per timeline second.
            keep_pitch: Whether the sound keeps its pitch.
            blend: Whether a frame between two frames of the media is mixed from both.
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
        """Change a track's `name`, `enabled`, `locked`, `gain_db`, `pan`, `style` ...

        Its `sync_lock` says what it does in an insert or a ripple on another track:
        `"auto"` moves what begins later and leaves what only spans the cut, a music
        bed, as it is; `"on"` cuts that too; `"off"` moves nothing.
        """
        _check_fields(changing.SetTrack, fields, "track")
        if "effects" in fields:
            fields["effects"] = effects_given("effects", fields["effects"])
        self.perform(changing.SetTrack(track=track, **fields))

    def volume(self, owner: ClipLike, gain_db: float) -> None:
        """Set the gain of a track or a clip.

        Args:
            owner: A track's name, or a clip; of a picture, its linked sound is set.
            gain_db: 0 is the original level, -6 half of its amplitude.
        """
        timeline = self.session.timeline
        if isinstance(owner, str) and owner in {own.name for own in timeline.tracks}:
            self.set_track(owner, gain_db=gain_db)
            return
        item = self._resolve.item(owner)
        with self.session.group("volume"):
            for one in _sounds_of(timeline, item) or [item]:
                self.set(one, gain_db=gain_db)

    def resize(
        self,
        *,
        size: SizeLike | None = None,
        rate: TimeLike | None = None,
        fps: TimeLike | None = None,
        fit: Fit | None = None,
    ) -> None:
        """Change the edit's frame size or frame rate.

        Args:
            size: Width and height, or a name such as `"1080p"`. Where the aspect ratio
                changes, clips fill the new frame; `follow` or a clip's transform
                chooses which part is cropped.
            rate: Frames per second; cuts move to the nearest frame of this rate.
            fps: The same as `rate`; give one of them.
            fit: How clips are scaled to the size: `"fill"`, `"fit"` with bars, or
                `"stretch"`.
        """
        if rate is not None and fps is not None:
            raise TimelineError("give either rate= or fps=, they mean the same")
        given = fps if rate is None else rate
        self.perform(
            changing.Resize(
                size=None if size is None else parse_size(size),
                rate=None if given is None else parse_rate(given),
                fit=fit,
            )
        )


def _sounds_of(timeline: Timeline, item: str) -> list[str]:
    """Return the clips of sound that are linked to a picture; none of a sound."""
    own, *others = linked(timeline, item)
    if timeline.tracks[own.track].kind == "audio":
        return []
    found = [timeline.tracks[one.track].items[one.item] for one in others]
    kinds = [timeline.tracks[one.track].kind for one in others]
    return [
        clip.id
        for clip, kind in zip(found, kinds, strict=True)
        if kind == "audio" and isinstance(clip, Clip)
    ]


def _check_fields(kind: type[Command], fields: Iterable[str], what: str) -> None:
    """Refuse names that are no fields of a command; `what` is its target."""
    known = [name for name in kind.__struct_fields__ if name != what]
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise TimelineError(
            f"a {what} has no setting {unknown[0]!r}{suggestion(unknown[0], known)}"
        )
