"""Resolve the times, clips, owners and effects that cells name."""

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from typing import Any, TypeAlias

from msgspec.structs import replace

from timeline_nb.commands.session import EditSession
from timeline_nb.core.near_names import kind_of, suggestion
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.media import Media
from timeline_nb.timebase import TimeLike, parse_duration, parse_time
from timeline_nb.timeline.model import Clip, Subtitle
from timeline_nb.timeline.queries import (
    clip_of,
    clips_of_track,
    effects_of,
    find,
    same_item,
)

__all__ = ["ClipLike", "LineLike", "OwnerLike", "Placeable", "Resolver"]

ClipLike: TypeAlias = str | int | Clip | Subtitle
LineLike: TypeAlias = str | Subtitle
OwnerLike: TypeAlias = str | int | Clip | None
Placeable: TypeAlias = Clip | Media


class Resolver:
    """Resolves arguments of an edit's methods into exact times and ids.

    Args:
        session: The edit's session.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session

    @property
    def rate(self) -> Fraction:
        """The edit's frames per second."""
        return self._session.timeline.rate

    def time(self, value: TimeLike) -> Fraction:
        """Return a time in seconds.

        Raises:
            TimeError: It cannot be read.
        """
        return parse_time(value, self.rate)

    def duration(self, value: TimeLike) -> Fraction:
        """Return a length of time in seconds, 0 or more.

        Raises:
            TimeError: It cannot be read, or is negative.
        """
        return parse_duration(value, self.rate)

    def item(self, clip: ClipLike) -> str:
        """Return the id of a clip or subtitle.

        Args:
            clip: The clip itself, its id, or its number on the first video track,
                from 0; -1 is the last.

        Raises:
            TimelineError: There is no such clip in this edit.
        """
        timeline = self._session.timeline
        if isinstance(clip, (Clip, Subtitle)):
            return self._id_of(clip)
        if isinstance(clip, str):
            return self._id_named(clip)
        own = clips_of_track(timeline)
        number = _as_number(clip)
        if number is None:
            raise TimelineError(
                f"{clip!r} is no clip: give a clip, its id, or its number"
            )
        try:
            return own[number].id
        except IndexError as error:
            count = f"{len(own)} clip{'s' * (len(own) != 1)}"
            raise TimelineError(
                f"{timeline.name!r} has {count} on its first video track: there is no "
                f"clip {number} (the first is 0)"
            ) from error

    def _id_named(self, name: str) -> str:
        timeline, now = self._session.timeline, self._session.id_now(name)
        try:
            find(timeline, name)
        except TimelineError:
            with suppress(TimelineError):
                find(timeline, now)
                return now
            raise
        return name

    def _id_of(self, item: Clip | Subtitle) -> str:
        """Return the id of an item, which has another one if it is older than that."""
        timeline, earlier = self._session.timeline, self._session.earlier
        now = replace(item, id=self._session.id_now(item.id))
        with suppress(TimelineError):
            same_item(timeline, now, earlier=earlier)
            return now.id
        same_item(timeline, item, earlier=earlier)
        return item.id

    def line(self, line: LineLike) -> str:
        """Return the id of a subtitle, given the subtitle or its id.

        Raises:
            TimelineError: There is no such subtitle in this edit.
        """
        if isinstance(line, (str, Clip, Subtitle)):
            return self.item(line)
        raise TimelineError(
            f"{line!r} is no subtitle: give its id, as subtitles.to_dataframe() lists "
            "it, or the subtitle"
        )

    def owner(self, owner: OwnerLike) -> str:
        """Return an owner of effects: a clip's id, a track's name, or "" for all.

        Raises:
            TimelineError: There is no such clip or track.
        """
        if owner is None:
            return ""
        if isinstance(owner, str):
            effects_of(self._session.timeline, owner)
            return owner
        return self.item(owner)

    def effect(self, owner: str, effect: int | str) -> int:
        """Return the number of an owner's effect, given its number or its kind.

        Raises:
            TimelineError: The owner has no such effect, or several of the kind.
        """
        effects = effects_of(self._session.timeline, owner)
        number = _as_number(effect)
        if number is None and isinstance(effect, str):
            with suppress(ValueError):
                number = int(effect)
        if number is not None:
            return number
        kinds = [own.kind for own in effects]
        if effect not in kinds:
            raise TimelineError(
                f"{owner or 'the timeline'} has no effect {effect!r}"
                f"{suggestion(effect, kinds)}"
            )
        if kinds.count(str(effect)) > 1:
            places = [n for n, kind in enumerate(kinds) if kind == effect]
            raise TimelineError(
                f"{owner or 'the timeline'} has {effect!r} {len(places)} times: give "
                f"the number of one: {' or '.join(map(str, places))}"
            )
        return kinds.index(str(effect))

    def clips(self, clips: Any) -> tuple[Clip, ...]:
        """Return clips to place; media become clips of their whole length.

        Raises:
            TimelineError: One of them is neither a clip nor media.
        """
        several = [clips] if isinstance(clips, (Clip, Media)) else clips
        is_table = hasattr(several, "to_dict") and hasattr(several, "columns")
        if (
            is_table
            or isinstance(several, (str, bytes))
            or not isinstance(several, Iterable)
        ):
            raise _not_a_clip(clips)
        placed = []
        for item in several:
            if isinstance(item, Media):
                placed.append(item.clip())
            elif isinstance(item, Clip):
                placed.append(item)
            else:
                raise _not_a_clip(item)
        return tuple(placed)

    def clip(self, clip: ClipLike) -> Clip:
        """Return the current value of a clip.

        Raises:
            TimelineError: There is no such clip.
        """
        return clip_of(self._session.timeline, self.item(clip))


def _as_number(value: Any) -> int | None:
    """Return an integer, NumPy's included, as an int; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        return int(value.__index__())
    except (AttributeError, TypeError):
        return None


def _not_a_clip(value: Any) -> TimelineError:
    if isinstance(value, (str, bytes)) or hasattr(value, "__fspath__"):
        return TimelineError(
            f"{str(value)!r} is a path: open it first, as tl.open({str(value)!r})"
        )
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return TimelineError(
            "a table cannot be placed: give its clips, as df.tl.clips(tl.open(...))"
        )
    return TimelineError(
        f"{kind_of(value)} cannot be placed: give clips, as src.clip('1s', "
        "'4s'), or media, as tl.open(...)"
    )
