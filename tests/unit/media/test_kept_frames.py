from fractions import Fraction

import av

from timeline_nb.media.frame import Frame, FrameId
from timeline_nb.media.held_frames import KeptFrames
from timeline_nb.media.orientation import UPRIGHT


def _frame(number: int, width: int) -> Frame:
    picture = av.VideoFrame(width, 64, "gray")
    tick = Fraction(1, 25)
    identity = FrameId("file", 0, number)
    return Frame(identity, number, number * tick, tick, picture, UPRIGHT, Fraction(1))


def _kept(frames: KeptFrames) -> list[int]:
    return sorted(frames)


def test_of_small_frames_the_last_eight_are_kept() -> None:
    frames = KeptFrames()
    for number in range(20):
        frames[number] = _frame(number, 64)
    assert _kept(frames) == list(range(12, 20))


def test_of_large_frames_as_many_as_their_bytes_allow() -> None:
    # 64 x 64 bytes each: three are 12,288.
    frames = KeptFrames(kept_bytes=12_300)
    for number in range(20):
        frames[number] = _frame(number, 64)
    assert _kept(frames) == [17, 18, 19]
    # The one that was asked for last stays; a wider one takes the place of two.
    assert frames[17].number == 17
    frames[20] = _frame(20, 128)
    assert _kept(frames) == [17, 20]


def test_two_frames_are_kept_whatever_they_take() -> None:
    frames = KeptFrames(kept_bytes=1)
    for number in range(5):
        frames[number] = _frame(number, 64)
    assert _kept(frames) == [3, 4]
    frames.clear()
    frames[7] = _frame(7, 64)
    assert _kept(frames) == [7]
