"""What every decoder of pictures does with its one way of decoding a frame."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Self

from timeline_nb.media.frame import Frame
from timeline_nb.media.held_frames import decodable_frames, held_frame
from timeline_nb.media.index import FrameIndex

__all__ = ["FrameReader"]


class FrameReader:
    """Reads frames by time, in a row, or what is held for them; a context manager.

    Attributes:
        index: All frames of the file.
        held_reach: How many frames before one that does not decode are tried at most;
            all of them if None.
    """

    index: FrameIndex
    held_reach: int | None = None

    def frame(self, number: int) -> Frame:
        """Return frame `number`.

        Raises:
            MediaError: There is no such frame.
            DamagedFrameError: It does not decode.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Close the file."""
        raise NotImplementedError

    def frame_or_held(self, number: int) -> Frame:
        """Return frame `number`, or the last before it that decodes.

        Before the first that does, that one.

        Raises:
            MediaError: There is no such frame, or none decodes.
        """
        return held_frame(self.frame, number, len(self.index), reach=self.held_reach)

    def frame_at(self, time: Fraction) -> Frame:
        """Return the frame shown at a media time, clamped to the first and the last.

        Raises:
            MediaError: The frame does not decode.
        """
        return self.frame(self.index.frame_at(time))

    def frames(self, numbers: Iterable[int]) -> Iterator[Frame]:
        """Return one frame a number, as far as they decode; rising numbers in one go.

        Raises:
            MediaError: There is no such frame, or none of them decodes.
        """
        return decodable_frames(self.frame, numbers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
