"""Copy the stretches of a film that are used, packet by packet, times kept.

Time stamps stay what they were, and so does the first frame, from which media time
counts: what names frames by their stamps or times, as effects, markers and tables do,
means the same in the shorter file. Nothing is encoded.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.container import InputContainer, OutputContainer

from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import audio_streams, open_input, reason, video_stream
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.stream_hashes import planes_of

__all__ = ["FrameRange", "is_trimmed_alike", "kept_frames", "write_trimmed"]

# Frames `first` up to `last`, which is not among them.
FrameRange = tuple[int, int]
# Containers whose time stamps are kept as they are.
_FORMATS: Final = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
# Less than this share of a film is worth another file.
_WORTH: Final = 0.8
# Of sound, which decoders need before what is heard, and at the file's beginning.
_PREROLL_S: Final = Fraction(1)
_START_S: Final = Fraction(1, 4)
_HZ: Final = 48_000


def kept_frames(
    info: MediaInfo, index: FrameIndex, stretches: Iterable[tuple[Fraction, Fraction]]
) -> list[FrameRange]:
    """Return the frames that a shorter file has; none if it must be whole.

    Each stretch begins at a keyframe before which nothing is needed, and ends where
    no packet that follows is shown earlier. The first frame is among them.

    Args:
        info: The film.
        index: Its frames.
        stretches: Of media time, in seconds.
    """
    suffix = Path(info.path).suffix.lower()
    if (
        suffix not in _FORMATS
        or index.breaks
        or not len(index)
        or not index.keyframe[0]
    ):
        return []
    clean = np.flatnonzero(index.clean_cuts)
    starts = np.flatnonzero(index.keyframe & index.clean_cuts[:-1])
    found = [(0, int(clean[1]))]
    for begin, end in sorted(stretches):
        first, last = index.frame_at(max(begin, Fraction(0))), index.frame_at(end) + 1
        begins = starts[starts <= first]
        ends = clean[clean >= last]
        if not len(begins) or not len(ends):
            return []
        wide = int(begins[-1]), int(ends[0])
        if wide[0] <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], wide[1])
        else:
            found.append(wide)
    count = sum(last - first for first, last in found)
    return found if count < _WORTH * len(index) else []


def write_trimmed(  # noqa: PLR0913 - what is kept, of what, and where
    info: MediaInfo,
    index: FrameIndex,
    ranges: Sequence[FrameRange],
    target: Path,
    check: Callable[[], object],
    *,
    whole_sound: bool = False,
) -> None:
    """Write a file of some frames, and of the sound that is heard with them.

    Args:
        info: The film.
        index: Its frames.
        ranges: As `kept_frames` returns them.
        target: The file, with the suffix of the film.
        check: Called for each packet; what it raises ends the writing.
        whole_sound: Whether all sound is kept: some containers say too roughly when a
            packet is heard, or not at all, so that sound after a gap would shift.

    Raises:
        MediaError: The film cannot be read, or its packets do not fit the container.
    """
    kept = np.zeros(len(index.packets), bool)
    for first, last in ranges:
        begin = int(index.packet[first:last].min())
        later = index.packet[last:]
        kept[begin : int(later.min()) if len(later) else len(kept)] = True
    try:
        with open_input(info.path) as source:
            pictures = video_stream(source, index.stream)
            assert pictures.time_base is not None  # noqa: S101 - of every stream
            times: list[tuple[float, ...]] = [
                tuple(index.stamp[[first, last - 1]] * float(pictures.time_base))
                for first, last in ranges
            ]
            if whole_sound:
                times = [(-inf, inf)]
            with _opened(target, pictures) as out:
                _copy(source, out, pictures, kept, times, check)
    except (av.error.FFmpegError, ValueError, IndexError) as error:
        raise MediaError(f"{info.path} cannot be cut: {reason(error)}") from error


def _opened(target: Path, pictures: av.VideoStream) -> OutputContainer:
    base = pictures.time_base
    options = {"fflags": "+bitexact", "avoid_negative_ts": "disabled"}
    form = _FORMATS[target.suffix.lower()]
    if form != "matroska" and base is not None:
        options["video_track_timescale"] = str(base.denominator)
    return av.open(str(target), "w", format=form, options=options)


def _copy(  # noqa: PLR0913, PLR0917 - what is read, what is written, what is kept
    source: InputContainer,
    out: OutputContainer,
    pictures: av.VideoStream,
    kept: "np.typing.NDArray[np.bool_]",
    times: Sequence[tuple[float, ...]],
    check: Callable[[], object],
) -> None:
    sounds = audio_streams(source)
    made: dict[int, Any] = {}
    for stream in sorted([pictures, *sounds], key=lambda own: own.index):
        made[stream.index] = out.add_stream_from_template(stream)
    number = 0
    begins: dict[int, float] = {}
    for packet in source.demux(pictures, *sounds):
        check()
        if not packet.size:
            continue
        own = packet.stream.index
        if own == pictures.index:
            number += 1
            if number > len(kept) or not kept[number - 1]:
                continue
        else:
            if packet.pts is None or packet.time_base is None:
                continue
            at = float(packet.pts * packet.time_base)
            begins.setdefault(own, at)
            if at > begins[own] + _START_S and not any(
                low - _PREROLL_S <= at <= high + _PREROLL_S for low, high in times
            ):
                continue
        packet.stream = made[own]
        out.mux(packet)


def is_trimmed_alike(  # noqa: PLR0913 - both files, what is compared, and who reads
    info: MediaInfo,
    trimmed: Path,
    *,
    ranges: Sequence[FrameRange],
    stretches: Iterable[tuple[Fraction, Fraction]],
    library: MediaLibrary,
    own: MediaLibrary,
    check: Callable[[], object],
) -> bool:
    """Return whether a shorter file shows and sounds as the film does.

    All its frames are decoded and compared, and the sound of the stretches.

    Args:
        info: The film.
        trimmed: The shorter file.
        ranges: The frames that it has.
        stretches: The media time that is used.
        library: Opens the film.
        own: Opens the shorter file.
        check: Called for each frame; what it raises ends the comparison.
    """
    try:
        short = own.probe(trimmed)
        one, other = library.index(info), own.index(short)
        numbers = [n for first, last in ranges for n in range(first, last)]
        same = [other.number_of(int(one.pts[n])) for n in numbers]
        if (one.time_base, one.start_time) != (other.time_base, other.start_time):
            return False
        was, now = info.video[0], short.video[0]
        for name in (
            "codec",
            "width",
            "height",
            "orientation",
            "pix_fmt",
            "field_order",
        ):
            if getattr(was, name) != getattr(now, name):
                return False
        if [str(one.time_of(n)) for n in numbers] != [
            str(other.time_of(m)) for m in same
        ]:
            return False
        with library.video(info.path) as first, own.video(trimmed) as second:
            for a, b in zip(first.frames(numbers), second.frames(same), strict=True):
                check()
                planes = zip(planes_of(a.picture), planes_of(b.picture), strict=True)
                if not all(np.array_equal(p, q) for p, q in planes):
                    return False
        return not info.audio or _sounds_alike(info, trimmed, stretches, library, own)
    except MediaError:
        return False


def _sounds_alike(
    info: MediaInfo,
    trimmed: Path,
    stretches: Iterable[tuple[Fraction, Fraction]],
    library: MediaLibrary,
    own: MediaLibrary,
) -> bool:
    with (
        library.audio(info.path, sample_rate_hz=_HZ, audio="all") as one,
        own.audio(trimmed, sample_rate_hz=_HZ, audio="all") as other,
    ):
        for begin, end in stretches:
            at, stop = max(0, int(begin * _HZ)), int(end * _HZ)
            while at < stop:
                count = min(_HZ, stop - at)
                if not np.array_equal(one.read(at, count), other.read(at, count)):
                    return False
                at += count
    return True
