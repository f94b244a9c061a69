"""Decode video: exactly the requested frame, and cheaply the next one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

import av

from timeline_nb.access.use import scope_in_use, use_scope
from timeline_nb.core.file_limits import MAX_PICTURE_PIXELS
from timeline_nb.core.forks import forks_seen
from timeline_nb.core.locks import new_rlock
from timeline_nb.errors import DamagedFrameError, MediaError
from timeline_nb.i18n import Message, message_of
from timeline_nb.media._pyav import (
    open_input,
    picture_decoder,
    video_stream,
)
from timeline_nb.media.color import tag_stream_colors
from timeline_nb.media.damage_log import DamageLog
from timeline_nb.media.file_state import state_of
from timeline_nb.media.frame import Frame, FrameId
from timeline_nb.media.frame_reader import FrameReader
from timeline_nb.media.hardware import EXACT_ON_DEVICES
from timeline_nb.media.held_frames import HELD_REACH, KEPT_FRAMES, KeptFrames
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.packets import numbered, seek_packet
from timeline_nb.media.seek_policy import SeekPolicy

__all__ = ["VideoDecoder", "framed"]

_Skips: TypeAlias = Literal["DEFAULT", "BIDIR"]


class VideoDecoder(FrameReader):
    """Decodes the first video stream of a file; a context manager, thread-safe.

    Asking for rising numbers decodes straight on; any other order seeks to the
    keyframe before. A still is one frame, shown at any time.

    Args:
        info: The file, probed.
        index: Its frames.
        threads: Decoding threads; as many as cores if 0. One thread takes the
            least work, where other work fills the cores.
        device: The hardware decoder, by FFmpeg's name; software if None. Codecs that
            do not define each bit of a picture are decoded in software.
        damage: The log of frames that do not decode; none if None.
    """

    def __init__(
        self,
        info: MediaInfo,
        index: FrameIndex,
        threads: int = 0,
        device: str | None = None,
        damage: DamageLog | None = None,
    ) -> None:
        self.info = info
        self.index = index
        self.held_reach = HELD_REACH
        self._threads = threads
        self._device = device if info.video[0].codec in EXACT_ON_DEVICES else None
        self._scope = scope_in_use()
        self._log = damage
        self._damaged = set(damage.frames(info.fingerprint)) if damage else set()
        self._lock = new_rlock("a video decoder")
        self._kept = KeptFrames()
        self._closed = False
        # FFmpeg's `skip_frame` of all packets.
        self._skips: _Skips = "DEFAULT"
        self._state = state_of(info.path)
        self._policy = SeekPolicy(index.keyframe_before, len(index), kept=KEPT_FRAMES)
        # Before this packet, frames that no other refers to are skipped.
        self._far = 0
        self._open()
        self._damage: Exception | None = None
        # What the decoder gives next, and the number of the last frame it gave.
        self._decoded: Iterator[Frame] | None = None
        self._last = -1

    def _open(self) -> None:
        with use_scope(self._scope):
            self._container = open_input(self.info.path, self._device)
        self._stream = video_stream(self._container, self.index.stream)
        self._context = picture_decoder(self._stream)
        self._context.thread_type = "NONE" if self._threads == 1 else "AUTO"
        self._context.thread_count = self._threads
        self._context.options = {"max_pixels": str(MAX_PICTURE_PIXELS.value)}
        self._is_fresh = True
        self._forks = forks_seen()

    def frame(self, number: int) -> Frame:
        """Return frame `number`, counted from 0 in the order shown.

        Raises:
            MediaError: There is no such frame.
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
            if number in self._damaged:
                raise self._undecodable(number)
            if number not in self._kept:
                if self._forks != forks_seen():
                    self._open_in_fork()
                self._reach(number)
            return self._kept[number]

    @property
    def is_open(self) -> bool:
        """Whether it holds the file."""
        return not self._closed

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            self._decoded = None
            self._kept.clear()
            self._container.close()

    def _open_in_fork(self) -> None:
        """Open the file again: the other is the parent's, and so are its threads."""
        self._open()
        self._decoded = None
        self._last = -1

    def _reach(self, number: int) -> None:
        """Decode on, or from a keyframe, until `number` is among the kept frames."""
        decision = self._policy.decide(
            number, self._last, is_decoding=self._decoded is not None
        )
        if decision.keyframe is not None:
            self._seek(decision.keyframe, number, alone=decision.alone)
        elif decision.skips:
            self._far = int(self.index.packet[number])
        if self._read_until(number):
            if decision.alone:
                self._decoded = None
            return
        self._reach_with_care(number, self.index.keyframe_before(number))

    def _reach_with_care(self, number: int, key: int) -> None:
        """Decode every frame, on one thread, and from further back if need be.

        What was hurried past may be missing, a seek may have landed late, and several
        threads lose more of what is damaged than one does.
        """
        threads, self._threads = self._threads, 1
        device, self._device = self._device, None
        # Frames before a keyframe have no other chance than this one has.
        beyond = self.index.keyframe_after(number)
        try:
            earlier = self.index.keyframe_before(max(0, key - 1))
            for begin in dict.fromkeys((key, earlier, 0)):
                self._reopen()
                self._seek(begin, begin)
                if self._read_until(number):
                    return
                if self._last > number:
                    beyond = min(beyond, self._last)
        finally:
            self._threads, self._device = threads, device
        self._damaged.update(range(number, beyond))
        if self._log is not None and state_of(self.info.path) == self._state:
            self._log.add(self.info.fingerprint, range(number, beyond))
        raise self._undecodable(number)

    def _read_until(self, number: int) -> bool:
        if self._decoded is None:
            return False
        for frame in self._decoded:
            self._last = frame.number
            self._kept[frame.number] = frame
            if frame.number >= number:
                return frame.number == number
        self._decoded = None
        return False

    def _reopen(self) -> None:
        self._container.close()
        self._open()

    def _seek(self, key: int, target: int, *, alone: bool = False) -> None:
        index = self.index
        if key:
            number, stamp = int(index.packet[key]), int(index.stamp[key])
            try:
                seek_packet(self._container, self._stream, index.packets, number, stamp)
                self._context.flush_buffers()
            except MediaError:
                key = 0
        if key == 0 and not self._is_fresh:
            # Read again from the first byte: no seek lands there in every container.
            self._reopen()
        self._is_fresh = False
        self._damage = None
        self._decoded = self._decode_from(key, target, alone=alone)
        self._last = -1

    def _decode_from(self, key: int, target: int, *, alone: bool) -> Iterator[Frame]:
        """Yield frames in the order shown; those before `key` lack what they refer to.

        On the way to `target`, frames that no other refers to are skipped, which
        saves a third of the work. Requested alone, it is not pushed out by those after
        it: the decoder is drained, and nothing follows.
        """
        context = self._context
        wanted = int(self.index.packet[target])
        self._far = wanted if target > key else 0
        for number, packet in self._packets(from_start=key == 0):
            ends = alone and number > wanted
            hurries = number < self._far
            context.skip_frame = "NONREF" if hurries else self._skips
            # Decoders pass a packet's stamp to its picture: here, its number.
            packet.pts = number
            try:
                pictures = context.decode(None if ends else packet)
            except av.error.FFmpegError as error:
                self._damage = error
                continue
            for picture in pictures:
                frame = self._frame(picture)
                if frame is not None and frame.number >= key:
                    yield frame
            if ends:
                return

    def _packets(self, *, from_start: bool) -> "Iterator[tuple[int, av.Packet[Any]]]":
        """Yield packets with their numbers; damage to the file ends them."""
        names = self.index.packets
        try:
            yield from numbered(
                self._container, self._stream, names, from_start=from_start
            )
        except MediaError as error:
            self._damage = error

    def _frame(self, picture: av.VideoFrame) -> Frame | None:
        number = (
            None if picture.pts is None else self.index.number_of_packet(picture.pts)
        )
        if number is None:
            return None
        return framed(self.info, self.index, number, picture)

    def _undecodable(self, number: int) -> DamagedFrameError:
        time = float(self.index.time_of(number))
        said = Message(
            "{path}: frame {number} at {time} s does not decode",
            path=Path(self.info.path),
            number=number,
            time=f"{time:.3f}",
        )
        if self._damage is None:
            return DamagedFrameError(said)
        why = message_of(self._damage)
        return DamagedFrameError(Message("{what}: {why}", what=said, why=why))


def framed(
    info: MediaInfo, index: FrameIndex, number: int, picture: av.VideoFrame
) -> Frame:
    """Return a decoded picture as frame `number` of its file, with time and colors."""
    tag_stream_colors(picture, info)
    pts, time = int(index.pts[number]), index.time_of(number)
    # A decoder that is drained gives pictures without a time base.
    picture.pts, picture.time_base = pts, index.time_base
    return Frame(
        id=FrameId(info.fingerprint, index.stream, pts),
        number=number,
        time=time,
        duration=index.end_of(number) - time,
        picture=picture,
        orientation=info.video[0].orientation,
        sample_aspect_ratio=info.video[0].sample_aspect_ratio,
    )
