"""Whether to decode on to a frame, or to seek to the keyframe before it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["SeekDecision", "SeekPolicy"]

# Decoding on over so few frames costs less than filling the decoder's threads anew.
_WORTH_A_SEEK: Final = 16
# After this many seeks in a row, the next frames are not expected.
_RANDOM_SEEKS: Final = 3
# Where no keyframe follows so soon, the next seek may decode on from there.
_SHORT_WAY: Final = 30


@dataclass(frozen=True)
class SeekDecision:
    """How a decoder gets to a frame.

    Args:
        keyframe: The number of the frame to seek to; None to decode on.
        alone: Whether the decoder is drained after the frame, as none of those after
            it is expected to be asked for.
        skips: Whether frames on the way, that no other frame refers to, are skipped.
    """

    keyframe: int | None
    alone: bool = False
    skips: bool = False


class SeekPolicy:
    """Decides how to get from frame to frame; opens no file.

    Args:
        keyframe_before: Gives the number of the last keyframe that is not after a
            frame.
        count: How many frames there are.
        kept: How many decoded frames are kept; all that are further away are skipped
            where nothing refers to them.
    """

    def __init__(
        self, keyframe_before: Callable[[int], int], count: int, *, kept: int
    ) -> None:
        self._keyframe_before = keyframe_before
        self._count, self._kept = count, kept
        # Seeks in a row to frames that are no step from the last.
        self._seeks = 0

    def decide(self, number: int, last: int, *, is_decoding: bool) -> SeekDecision:
        """Decide how to get to frame `number`.

        Args:
            number: The frame wanted.
            last: The last frame that the decoder gave; -1 before the first.
            is_decoding: Whether the decoder can go on to the frame after `last`.
        """
        keyframe = self._keyframe_before(number)
        is_step = 0 < number - last <= _WORTH_A_SEEK
        if is_step:
            self._seeks = 0
        is_far = keyframe - last > _WORTH_A_SEEK
        if not is_decoding or number <= last or is_far:
            self._seeks += not is_step
            ahead = min(number + _SHORT_WAY, self._count - 1)
            is_soon = self._keyframe_before(ahead) > keyframe
            alone = is_soon and self._seeks >= _RANDOM_SEEKS
            return SeekDecision(keyframe, alone=alone, skips=number > keyframe)
        return SeekDecision(None, skips=number - last > self._kept)
