"""The channels of an event: picture, and sound by number."""

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Channels", "read_channels"]

_TOKEN: Final = re.compile(r"AA|B|V[0-9]{0,2}|A[0-9]{0,2}|NONE|/")
_ALL: Final = re.compile(r"(?:AA|B|V[0-9]{0,2}|A[0-9]{0,2}|NONE|/)+")
# What CMX 3600 has letters for; sound beyond its second channel stands in a row `AUD`.
_WORDS: Final = {
    (): "NONE",
    (1,): "A",
    (2,): "A2",
    (1, 2): "AA",
}


@dataclass(frozen=True)
class Channels:
    """What an event is recorded on.

    Args:
        video: The video track, from 1; 0 of sound alone.
        audio: Channels of sound, from 1, in order.
    """

    video: int = 0
    audio: tuple[int, ...] = ()

    def with_audio(self, channels: tuple[int, ...]) -> "Channels":
        """Return these and further channels of sound."""
        return Channels(self.video, tuple(sorted({*self.audio, *channels})))

    @property
    def word(self) -> str:
        """The word of an event's row, without the channels of a row `AUD`."""
        sound = _WORDS[tuple(n for n in self.audio if n <= 2)]
        if not self.video:
            return sound
        if sound == "NONE":
            return "V"
        return "B" if sound == "A" else f"{sound}/V"

    @property
    def beyond(self) -> tuple[int, ...]:
        """The channels of a row `AUD`."""
        return tuple(n for n in self.audio if n > 2)


def read_channels(word: str) -> Channels | None:
    """Return the channels that a word names: `V`, `A2`, `AA/V`, `B`; None of others."""
    upper = word.upper()
    if not _ALL.fullmatch(upper):
        return None
    video, audio = 0, set[int]()
    for part in _TOKEN.findall(upper):
        if part == "AA":
            audio |= {1, 2}
        elif part == "B":
            video, audio = video or 1, audio | {1}
        elif part.startswith("V"):
            video = int(part[1:] or 1) or 1
        elif part.startswith("A"):
            audio.add(int(part[1:] or 1) or 1)
    return Channels(video, tuple(sorted(audio)))
