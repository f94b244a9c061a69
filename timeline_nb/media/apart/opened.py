"""What a decoder process has open: a decoder of pictures or of sound."""

from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import TypeAlias

import numpy as np

from timeline_nb.errors import DamagedFrameError
from timeline_nb.media.analysis_decode import AnalysisDecoder
from timeline_nb.media.apart.damage_notes import DamageNotes
from timeline_nb.media.apart.failures import failure
from timeline_nb.media.apart.indexes import index_of
from timeline_nb.media.apart.messages import (
    AllSent,
    Answer,
    DecodeKeyframes,
    OpenSound,
    OpenVideo,
    PictureMade,
    Read,
    ReadSound,
    Request,
    Skim,
    SoundMade,
    info_with_path,
    path_of,
)
from timeline_nb.media.apart.pictures import WrittenPicture
from timeline_nb.media.apart.region import SharedRegion
from timeline_nb.media.audio import AudioDecoder
from timeline_nb.media.color import tagged_colors
from timeline_nb.media.decode import VideoDecoder
from timeline_nb.media.frame import Frame
from timeline_nb.media.keyframes import keyframes
from timeline_nb.media.picture_decode import PictureDecoder

__all__ = ["Opened", "OpenedSound", "OpenedVideo", "opened_by"]

_Call: TypeAlias = Callable[[], Answer]


class _Slots:
    """Places of answers in shared memory, used in turn."""

    def __init__(self, region: SharedRegion | None, size: int, count: int) -> None:
        self._region, self._size = region, size
        self.count = count if region is not None else 0
        self._next = 0

    def begin(self) -> None:
        """Begin with the first: the other side has what it wanted of them."""
        self._next = 0

    def place(self, size: int) -> tuple[int, memoryview | None]:
        """Return the next slot, and its memory; -1 if none is large enough."""
        slot, self._next = self._next, self._next + 1
        if self._region is None or not self.count or size > self._size:
            return -1, None
        slot %= self.count
        return slot, self._region.slot(slot, self._size)


class OpenedVideo:
    """A decoder of pictures.

    Args:
        asked: What is opened.
        region: Shared memory, or None.

    Raises:
        MediaError: The file cannot be opened.
    """

    def __init__(self, asked: OpenVideo, region: SharedRegion | None) -> None:
        self._info = info_with_path(asked.info, path_of(asked.info.path))
        self._index = index_of(asked.index)
        self._slots = _Slots(region, asked.slot_bytes, asked.slots)
        self._damage = DamageNotes(asked.damaged)
        self._chroma_places: dict[tuple[str, int, int], str] = {}
        self._decoder = self._opened(asked)

    @property
    def ahead(self) -> int:
        """How many answers may wait for being taken."""
        return max(1, self._slots.count)

    def calls(self, asked: Request) -> Iterable[_Call]:
        """Return what gives the answers to a request."""
        self._slots.begin()
        match asked:
            case Read():
                return self._frames(asked)
            case Skim():
                decoder = self._decoder
                assert not isinstance(decoder, VideoDecoder) or isinstance(  # noqa: S101 - opened so
                    decoder, AnalysisDecoder
                )
                return self._all(decoder.skim(asked.first, asked.last))
            case DecodeKeyframes():
                made = keyframes(self._info, self._index, asked.numbers)
                return self._all(made)
            case _:
                raise TypeError(f"a decoder of pictures cannot {type(asked).__name__}")

    def close(self) -> None:
        """Close the file."""
        self._decoder.close()

    def _opened(self, asked: OpenVideo) -> VideoDecoder | PictureDecoder:
        info, index = self._info, self._index
        if info.reader != "ffmpeg":
            return PictureDecoder(info, index, self._damage)
        if asked.kind == "shown":
            return VideoDecoder(info, index, asked.threads, None, self._damage)
        return AnalysisDecoder(info, index, anchors_only=asked.kind == "anchors")

    def _frames(self, asked: Read) -> Iterator[_Call]:
        last = min(asked.number + asked.step * asked.count, len(self._index))
        for number in range(asked.number, last, asked.step):

            def call(number: int = number) -> Answer:
                try:
                    return self._answer(self._decoder.frame(number))
                except DamagedFrameError as error:
                    damaged = self._damage.taken()
                    return failure(error, number=number, damaged=damaged)

            yield call

    def _all(self, frames: Iterator[Frame]) -> Iterable[_Call]:
        def call() -> Answer:
            frame = next(frames, None)
            return AllSent() if frame is None else self._answer(frame)

        return repeat(call)

    def _answer(self, frame: Frame) -> PictureMade:
        written = WrittenPicture(frame.picture)
        picture, colors = written.picture, tagged_colors(frame.picture)
        size = written.size_bytes
        slot, place = self._slots.place(size)
        inline = bytearray(size if place is None else 0)
        written.write(inline if place is None else place)
        return PictureMade(
            number=frame.number,
            width=picture.width,
            height=picture.height,
            row_px=written.row_px,
            pix_fmt=picture.format.name,
            colors=(colors.matrix, colors.range, colors.primaries, colors.transfer),
            fields=written.fields,
            chroma_place=self._chroma_place(written),
            slot=slot,
            data=bytes(inline),
        )

    def _chroma_place(self, written: WrittenPicture) -> str:
        """Return where chroma lies in pictures of this form."""
        picture = written.picture
        form = (picture.format.name, picture.width, picture.height)
        if form not in self._chroma_places:
            self._chroma_places[form] = written.chroma_place
        return self._chroma_places[form]


class OpenedSound:
    """A decoder of sound.

    Args:
        asked: What is opened.
        region: Shared memory, or None.

    Raises:
        MediaError: The file cannot be opened, or has no such sound.
    """

    def __init__(self, asked: OpenSound, region: SharedRegion | None) -> None:
        self._slots = _Slots(region, asked.slot_bytes, asked.slots)
        self._decoder = AudioDecoder(
            info_with_path(asked.info, path_of(asked.info.path)),
            sample_rate_hz=asked.sample_rate_hz,
            layout=asked.layout,
            audio=asked.audio,
            clock=asked.clock,
        )

    @property
    def ahead(self) -> int:
        """How many answers may wait for being taken."""
        return max(1, self._slots.count)

    def calls(self, asked: Request) -> Iterable[_Call]:
        """Return what gives the answers to a request."""
        if not isinstance(asked, ReadSound):
            raise TypeError(f"a decoder of sound cannot {type(asked).__name__}")
        self._slots.begin()
        ends = asked.start + asked.count * asked.runs
        step = max(1, asked.count)
        return (
            lambda start=start: self._answer(start, asked.count)  # type: ignore[misc]
            for start in range(asked.start, max(ends, asked.start + 1), step)
        )

    def close(self) -> None:
        """Close the file."""
        self._decoder.close()

    def _answer(self, start: int, count: int) -> SoundMade:
        samples = np.ascontiguousarray(self._decoder.read(start, count), "<f4")
        slot, place = self._slots.place(samples.nbytes)
        if place is not None:
            np.frombuffer(place, "<f4")[: samples.size] = samples.ravel()
        data = samples.tobytes() if place is None else b""
        return SoundMade(channels=len(samples), count=count, slot=slot, data=data)


Opened: TypeAlias = OpenedVideo | OpenedSound


def opened_by(asked: Request, region: SharedRegion | None) -> Opened | None:
    """Return what a request opens; None if it opens nothing.

    Raises:
        MediaError: It cannot be opened.
    """
    if isinstance(asked, OpenVideo):
        return OpenedVideo(asked, region)
    if isinstance(asked, OpenSound):
        return OpenedSound(asked, region)
    return None
