"""Decode with Pillow: stills, animations, and sequences of files."""

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFile

from timeline_nb.access.use import scope_in_use, use_scope
from timeline_nb.core.locks import new_rlock
from timeline_nb.errors import DamagedFrameError, MediaError
from timeline_nb.i18n import Message
from timeline_nb.media._pillow import damage_context, open_picture, picture_format
from timeline_nb.media.cadence import Cadence, cadence_of
from timeline_nb.media.damage_log import DamageLog
from timeline_nb.media.decode import framed
from timeline_nb.media.file_state import state_of
from timeline_nb.media.frame import Frame
from timeline_nb.media.frame_reader import FrameReader
from timeline_nb.media.held_frames import KeptFrames
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.packets import UNKNOWN, PacketNames
from timeline_nb.media.picture_probe import shown_ms
from timeline_nb.media.pixels import as_coded, image_orientation, to_frame
from timeline_nb.media.sequence import FileSequence

__all__ = ["PictureDecoder", "index_pictures"]


class _Reader(Protocol):
    """Reads pictures by number."""

    def read(self, number: int) -> av.VideoFrame:
        """Return the picture as coded: not turned."""

    def close(self) -> None:
        """Close the file."""


class _Files:
    """Pictures in files of their own, each opened when it is asked for."""

    def __init__(self, files: list[Path], size: tuple[int, int]) -> None:
        self._files, self._size = files, size

    def read(self, number: int) -> av.VideoFrame:
        path = self._files[number]
        kind = picture_format(path)
        if not kind:
            raise MediaError(
                Message("{path} is no picture, or one that cannot be read", path=path)
            )
        with open_picture(path, kind) as image, damage_context(path):
            picture = _decoded(image, kind)
        size = picture.width, picture.height
        if size != self._size:
            raise MediaError(
                Message(
                    "{path} is {size}, and {first} {other}: pictures of a film are of "
                    "one size",
                    path=path,
                    size=f"{size[0]}x{size[1]}",
                    first=self._files[0].name,
                    other=f"{self._size[0]}x{self._size[1]}",
                )
            )
        return picture

    def close(self) -> None:
        pass


class _Animation:
    """Pictures of one file, which stays open; going back begins anew."""

    def __init__(self, path: Path) -> None:
        self._path, self._kind = path, picture_format(path)
        if not self._kind:
            raise MediaError(
                Message("{path} is no picture any more: it changed", path=path)
            )
        self._held = ExitStack()
        self._image: ImageFile.ImageFile | None = None

    def read(self, number: int) -> av.VideoFrame:
        if self._image is None:
            opened = open_picture(self._path, self._kind)
            self._image = self._held.enter_context(opened)
        with damage_context(self._path):
            self._image.seek(number)
            return _decoded(self._image, self._kind)

    def close(self) -> None:
        self._image = None
        self._held.close()


class PictureDecoder(FrameReader):
    """Decodes with Pillow; with the interface of `VideoDecoder`, thread-safe.

    Args:
        info: The file or sequence, probed.
        index: Its frames.
        damage: The log of frames that do not decode; none if None.
    """

    def __init__(
        self, info: MediaInfo, index: FrameIndex, damage: DamageLog | None = None
    ) -> None:
        self.info = info
        self.index = index
        self._log = damage
        self._lock = new_rlock("a picture decoder")
        self._closed = False
        self._kept = KeptFrames()
        self._state = state_of(info.path)
        self._scope = scope_in_use()
        self._reader = _reader_of(info)

    def frame(self, number: int) -> Frame:
        """Return frame `number`, counted from 0 in the order shown.

        Raises:
            MediaError: There is no such frame, its file is gone, or of another size.
            DamagedFrameError: It does not decode.
        """
        if not 0 <= number < len(self.index):
            raise MediaError(
                Message(
                    "{path} has {count} frames: there is no frame {number}",
                    path=self.info.path,
                    count=len(self.index),
                    number=number,
                )
            )
        with self._lock:
            kept = self._kept.get(number)
            if kept is None:
                kept = self._kept[number] = self._read(number)
            return kept

    def _read(self, number: int) -> Frame:
        try:
            with use_scope(self._scope):
                picture = self._reader.read(number)
        except DamagedFrameError as error:
            if self._log is not None and state_of(self.info.path) == self._state:
                self._log.add(self.info.fingerprint, (number,))
            time = float(self.index.time_of(number))
            raise DamagedFrameError(
                Message(
                    "frame {number} at {time} s does not decode: {why}",
                    number=number,
                    time=f"{time:.3f}",
                    why=error,
                )
            ) from error
        return framed(self.info, self.index, number, picture)

    def skim(self, first: int, last: int) -> Iterator[Frame]:
        """Return the frames from `first` up to `last`.

        Raises:
            MediaError: A frame does not decode.
        """
        return self.frames(range(first, last))

    @property
    def is_open(self) -> bool:
        """Whether it holds the file."""
        return not self._closed

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            self._kept.clear()
            self._reader.close()


def index_pictures(info: MediaInfo) -> FrameIndex:
    """Index what Pillow reads: each frame decodes by itself.

    Raises:
        MediaError: An animation is damaged.
    """
    stream = info.video[0]
    stamps = np.arange((stream.frame_count or 1) + 1, dtype=np.int64)
    if info.kind == "video" and info.reader == "pillow":
        path = Path(info.path)
        with (
            open_picture(path, picture_format(path)) as image,
            damage_context(path),
        ):
            stamps = np.concatenate([[0], np.cumsum(shown_ms(image))]).astype(np.int64)
    count = len(stamps) - 1
    timing = _timing(stamps, stream.time_base, stream.rate)
    return FrameIndex(
        stream=stream.index,
        pts=timing.pts,
        keyframe=np.ones(count, np.bool_),
        packet=np.arange(count, dtype=np.int64),
        stamp=stamps[:-1],
        end_pts=timing.end_pts,
        time_base=timing.time_base,
        start_time=Fraction(0),
        rate=timing.rate,
        is_vfr=timing.is_vfr,
        packets=PacketNames(np.full(count, UNKNOWN), np.zeros(count, np.int64)),
    )


def _timing(stamps: NDArray[np.int64], tick: Fraction, rate: Fraction) -> Cadence:
    """Return when pictures are shown: at a steady rate, or for the file's durations.

    Args:
        stamps: `(n + 1,) int64`, when each begins, and when the last is over.
        tick: Seconds a tick.
        rate: The average.
    """
    lengths = np.diff(stamps)
    if int(np.ptp(lengths)) <= 1:
        return cadence_of(stamps[:-1], int(stamps[-1]), tick, [rate])
    most = 1 / (int(np.median(lengths)) * tick)
    return Cadence(stamps[:-1], int(stamps[-1]), tick, most, is_vfr=True)


def _reader_of(info: MediaInfo) -> _Reader:
    stream = info.video[0]
    size = stream.width, stream.height
    if info.reader == "sequence":
        sequence = FileSequence.parse(info.path)
        if sequence is None:
            raise MediaError(Message("{path} does not name a sequence", path=info.path))
        return _Files(sequence.files(), size)
    path = Path(info.path)
    return _Files([path], size) if info.kind == "image" else _Animation(path)


def _decoded(image: ImageFile.ImageFile, kind: str) -> av.VideoFrame:
    """Return the picture that the file is at, as coded."""
    orientation = image_orientation(image) if kind == "tiff" else 1
    image.load()
    return to_frame(as_coded(image, orientation))
