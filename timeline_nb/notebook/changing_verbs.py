"""Methods of an edit that change clips, tracks and the canvas."""

from collections.abc import Iterable
from typing import Any

from timeline_nb.commands import changing
from timeline_nb.commands.command import Command
from timeline_nb.commands.session import EditSession
from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.notebook.arguments import effects_given
from timeline_nb.notebook.resolve import ClipLike, Resolver
from timeline_nb.timebase import TimeLike, parse_rate, to_fraction
from timeline_nb.timeline.canvas import SizeLike, parse_size
from timeline_nb.timeline.model import Clip, Fit, Timeline
from timeline_nb.timeline.queries import linked

__all__ = ["ChangingVerbs"]


class ChangingVerbs:
    """The methods of an edit that change what is there; each is one step."""

    session: EditSession
    _resolve: Resolver

    def set(self, clip: ClipLike, **fields: Any) -> None:
        """Change a clip's fields: `gain_db`, `transform`, `fade_in`, `name` ...

        Fades are lengths of time in any form: `0.5`, `"12f"`.

        Example:
            >>> cut.set("c1", name="crossing", gain_db=-6, fade_in="12f")
            >>> cut.clips[0].name, cut.clips[0].fade_in
            ('crossing', Fraction(12, 25))
        """
        item = self._resolve.item(clip)
        for name in ("fade_in", "fade_out"):
            if name in fields:
                fields[name] = self._resolve.duration(fields[name])
        _check_fields(changing.SetClip, fields, "clip")
        if "effects" in fields:
            fields["effects"] = effects_given("effects", fields["effects"])
        self.session.perform(changing.SetClip(clip=item, **fields))

    def speed(
        self,
        clip: ClipLike,
        factor: TimeLike,
        *,
        keep_pitch: bool = True,
        blend: bool = False,
        alone: bool = False,
    ) -> None:
        """Play a clip at double (`2`) or half (`0.5`) speed, or backwards (`-1`).

        The clip shows the same media in another length of time; what follows closes up
        or makes room. Keyframes of `speed.rate` make a ramp.

        Args:
            clip: The clip.
            factor: Media seconds per timeline second.
            keep_pitch: Whether the sound keeps its pitch.
            blend: Whether a frame between two frames of the media is mixed from both.
            alone: Leave the speed of what is linked to the clip as it is.

        Example:
            >>> cut.speed("c1", 2)
            >>> cut.clips[0].duration
            Fraction(1, 1)
        """
        exact = to_fraction(factor).limit_denominator(1_000_000)
        self.session.perform(
            changing.SetSpeed(
                clip=self._resolve.item(clip),
                factor=exact,
                keep_pitch=keep_pitch,
                blend=blend,
                alone=alone,
            )
        )

    def freeze(
        self, clip: ClipLike, *, at: TimeLike, duration: TimeLike = "2s"
    ) -> None:
        """Hold the frame that a clip shows at a time; what follows makes room.

        Example:
            >>> cut.freeze("c1", at="1s", duration="2s")
            >>> cut.duration
            Fraction(6, 1)
        """
        item, time = self._resolve.item(clip), self._resolve.time(at)
        length = self._resolve.duration(duration)
        self.session.perform(changing.Freeze(clip=item, at=time, duration=length))

    def set_track(self, track: str, **fields: Any) -> None:
        """Change a track's `name`, `enabled`, `locked`, `gain_db`, `pan`, `style` ...

        Its `sync_lock` says what it does in an insert or a ripple on another track:
        `"auto"` moves what begins later and leaves what only spans the cut, a music
        bed, as it is; `"on"` cuts that too; `"off"` moves nothing.

        Example:
            >>> cut.set_track("V2", name="titles", locked=True)
            >>> cut.timeline.tracks[-1].name
            'titles'
        """
        _check_fields(changing.SetTrack, fields, "track")
        if "effects" in fields:
            fields["effects"] = effects_given("effects", fields["effects"])
        self.session.perform(changing.SetTrack(track=track, **fields))

    def volume(self, owner: ClipLike, gain_db: float) -> None:
        """Set the gain of a track or a clip.

        Args:
            owner: A track's name, or a clip; of a picture, its linked sound is set.
            gain_db: 0 is the original level, -6 half of its amplitude.

        Example:
            >>> cut.volume("c1", -6)
            >>> cut.clips[0].gain_db
            -6
        """
        timeline = self.session.timeline
        if isinstance(owner, str) and owner in {own.name for own in timeline.tracks}:
            self.set_track(owner, gain_db=gain_db)
            return
        item = self._resolve.item(owner)
        with self.session.group(Message("volume")):
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

        Example:
            >>> cut.resize(size=(360, 640), fit="fill")
            >>> cut.size
            (360, 640)
        """
        if rate is not None and fps is not None:
            raise TimelineError("give either rate= or fps=, they mean the same")
        given = fps if rate is None else rate
        self.session.perform(
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
