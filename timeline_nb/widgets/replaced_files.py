"""Say what became of files that got other content: of them, and of the clips."""

from collections.abc import Sequence
from fractions import Fraction

from timeline_nb.compose.lost_parts import LostPart
from timeline_nb.core.and_more import and_more
from timeline_nb.i18n import Message
from timeline_nb.media.sequence import shown_name
from timeline_nb.timeline.model import MediaReference
from timeline_nb.widgets.file_watch import Replaced

__all__ = ["described", "listed", "with_clips"]


def described(one: Replaced) -> Message:
    """Return what became of a file, as a sentence.

    >>> was = MediaReference(path="a.wav", has_audio=True)
    >>> str(described(Replaced(was, MediaReference(path="a.wav"))))
    'a.wav has no sound any more'
    """
    was, now, file = one.was, one.now, shown_name(one.was.path)
    if was.size is not None and now.size is None:
        return Message("{file} has no pictures any more", file=file)
    if was.has_audio and not now.has_audio:
        return Message("{file} has no sound any more", file=file)
    if one.lacks and now.available_range is not None:
        if was.available_range is None:
            length = _seconds(now.available_range.duration)
            return Message(
                "{file} is no still any more: it is {now} long", file=file, now=length
            )
        return Message(
            "{file} is shorter now: {now} instead of {was}",
            file=file,
            now=_seconds(now.available_range.duration),
            was=_seconds(was.available_range.duration),
        )
    if _pictures(was) != _pictures(now):
        return Message(
            "{file} has other pictures now: {now} instead of {was}; they are shown",
            file=file,
            now=_pictures(now),
            was=_pictures(was),
        )
    return Message("{name} has changed on disk: what it holds now is shown", name=file)


def with_clips(sentence: Message, parts: Sequence[LostPart]) -> Message:
    """Return a sentence followed by what the clips show that lack something."""
    if not parts:
        return sentence
    names = list(
        dict.fromkeys(f"{one.clip.name or one.clip.id} ({one.track})" for one in parts)
    )
    return Message(
        "{change}. Where it has nothing, these show a slate or are silent: {clips}",
        change=sentence,
        clips=listed(names),
    )


def listed(names: list[str]) -> str:
    """Return some names as a text: the first ones, and how many more there are."""
    return and_more(", ".join(names[:3]), len(names) - 3)


def _seconds(length: Fraction) -> str:
    return f"{float(length):.2f}".rstrip("0").rstrip(".") + " s"


def _pictures(media: MediaReference) -> str:
    """Return the size and rate of pictures, as people write them."""
    width, height = media.size or (0, 0)
    rate = "" if media.rate is None else f", {float(media.rate):g} fps"
    return f"{width}×{height}{rate}"  # noqa: RUF001 - as people write sizes
