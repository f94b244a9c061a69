"""Which tracks the channels of an EDL are."""

from collections.abc import Iterable

from timeline_nb.interchange.edl.channels import Channels

__all__ = ["TrackKey", "track_keys"]

# `("V", 1)`, or `("A", 3)` of the channels from the third on.
TrackKey = tuple[str, int]


def track_keys(events: Iterable[Channels]) -> dict[Channels, list[TrackKey]]:
    """Return on which tracks events of each channels lie.

    Channels 1 and 2, 3 and 4 and so on are one track in stereo where no event has one
    of them alone, since then they are the two sides of one sound.
    """
    known = set(events)
    alone = {_pair(n) for own in known for n in own.audio if _other(n) not in own.audio}
    return {own: _keys(own, alone) for own in known}


def _keys(own: Channels, alone: set[int]) -> list[TrackKey]:
    keys: list[TrackKey] = [("V", own.video)] if own.video else []
    for number in own.audio:
        first = number if _pair(number) in alone else 2 * _pair(number) + 1
        if ("A", first) not in keys:
            keys.append(("A", first))
    return keys


def _pair(channel: int) -> int:
    return (channel - 1) // 2


def _other(channel: int) -> int:
    return channel + 1 if channel % 2 else channel - 1
