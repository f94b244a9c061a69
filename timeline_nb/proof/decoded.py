"""What media decode to, where a film uses them: hashes of pictures and sound.

A file that was packed anew has other bytes and decodes to the same; another version of
FFmpeg may decode the same bytes otherwise. Both hashes together tell the two apart.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import chain, pairwise
from typing import Final

from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import AccessError, DamagedFrameError, MediaError, ProjectError
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.stream_hashes import planes_of
from timeline_nb.proof.comparison import Fact
from timeline_nb.proof.locate import Located
from timeline_nb.proof.lock import DecodedFact, FileFact, Lock
from timeline_nb.proof.stretches import Stretch, heard_stretches, shown_stretches
from timeline_nb.timeline.model import Timeline

__all__ = ["check_decoded", "decoded_facts", "decoded_rows", "decodes_alike"]

_Span = tuple[int, int]
_LAYOUTS: Final = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
# Containers state how long sound is to within some frames of it.
_SLACK_S: Final = 1
_WORDS: Final = {"video": "pictures", "audio": "sound"}
_UNITS: Final = {"video": "picture", "audio": "sample"}


def decoded_facts(  # noqa: PLR0913 - what is decoded of what, and how it is done
    timeline: Timeline,
    numbers: dict[str, int],
    library: MediaLibrary,
    reporter: Reporter,
    *,
    shows: bool,
    sounds: bool,
) -> tuple[DecodedFact, ...]:
    """Decode what an edit uses of its media, and return the hashes.

    Files of strangers are decoded where the library does it, in processes apart.

    Args:
        timeline: What is rendered.
        numbers: Of the media among the lock's files, by path.
        library: Opens the media.
        reporter: Reports each file; pauses and cancels the work.
        shows: Whether the film has pictures.
        sounds: Whether it has sound.

    Raises:
        MediaError: A file does not decode.
    """
    work: list[Callable[[], Iterator[DecodedFact]]] = []
    if shows:
        for path, parts in shown_stretches(timeline).items():
            work.append(_shown_by(library, path, numbers[path], parts, reporter))
    if sounds:
        for (path, audio), parts in heard_stretches(timeline).items():
            made = _heard_by(library, path, numbers[path], parts, audio, reporter)
            work.append(made)
    found: list[DecodedFact] = []
    for done, one in enumerate(work):
        reporter.report("decode", done, len(work), unit="file")
        found += one()
    return tuple(found)


def _shown_by(
    library: MediaLibrary,
    path: str,
    number: int,
    parts: list[Stretch],
    reporter: Reporter,
) -> Callable[[], Iterator[DecodedFact]]:
    def run() -> Iterator[DecodedFact]:
        info = library.probe(path)
        if info.video:
            spans = _joined(_frames_in(library.index(info), one) for one in parts)
            asked = DecodedFact(file=number, kind="video", spans=spans)
            yield _decoded(library, path, asked, reporter)

    return run


def _heard_by(  # noqa: PLR0913, PLR0917 - what is heard of what, and how
    library: MediaLibrary,
    path: str,
    number: int,
    parts: list[Stretch],
    audio: AudioChoice,
    reporter: Reporter,
) -> Callable[[], Iterator[DecodedFact]]:
    def run() -> Iterator[DecodedFact]:
        info = library.probe(path)
        if info.audio:
            rate = info.audio[0].sample_rate_hz
            end = _samples_of(library, info, rate)
            spans = _joined(
                (min(end, math.floor(low * rate)), min(end, math.ceil(high * rate)))
                for low, high in parts
            )
            layout = _LAYOUTS.get(info.audio[0].channels, "stereo")
            asked = DecodedFact(
                file=number,
                kind="audio",
                spans=spans,
                streams=audio,
                rate_hz=rate,
                layout="stereo" if audio == "dual_mono" else layout,
            )
            yield _decoded(library, path, asked, reporter)

    return run


def _frames_in(index: FrameIndex, part: Stretch) -> _Span:
    """Return the first frame of a stretch, and the one after its last."""
    first, last = index.frame_at(part[0]), index.frame_at(part[1])
    # A frame that begins where the stretch ends is no part of it.
    return first, max(first + 1, last + (index.time_of(last) < part[1]))


def _samples_of(library: MediaLibrary, info: MediaInfo, rate_hz: int) -> int:
    whole = max(info.duration, library.range(info).end)
    return math.ceil(whole * rate_hz)


def _joined(parts: Iterable[_Span]) -> tuple[_Span, ...]:
    """Return first numbers and counts, of parts from and to, without overlaps."""
    made: list[_Span] = []
    for low, high in sorted(parts):
        if made and low <= made[-1][1]:
            made[-1] = made[-1][0], max(made[-1][1], high)
        else:
            made.append((low, high))
    return tuple((low, high - low) for low, high in made if high > low)


def _decoded(
    library: MediaLibrary, path: str, asked: DecodedFact, reporter: Reporter
) -> DecodedFact:
    """Return a fact with the hash and the count of what is decoded now.

    Raises:
        MediaError: The file does not decode, or has less.
    """
    pieces = _pictures if asked.kind == "video" else _sound
    digest, count = sha256(), 0
    for data, more in pieces(library, path, asked):
        reporter.check()
        digest.update(data)
        count += more
    return DecodedFact(
        file=asked.file,
        kind=asked.kind,
        spans=asked.spans,
        streams=asked.streams,
        rate_hz=asked.rate_hz,
        layout=asked.layout,
        count=count,
        sha256=digest.hexdigest(),
    )


def _pictures(
    library: MediaLibrary, path: str, asked: DecodedFact
) -> Iterator[tuple[bytes, int]]:
    with library.video(path) as decoder:
        _refuse_beyond(path, asked, len(decoder.index))
        for first, count in asked.spans:
            try:
                for frame in decoder.frames(range(first, first + count)):
                    planes = planes_of(frame.picture)
                    yield b"".join(plane.tobytes() for plane in planes), 1
            except DamagedFrameError:
                # None of them: the film shows others in their place.
                continue


def _sound(
    library: MediaLibrary, path: str, asked: DecodedFact
) -> Iterator[tuple[bytes, int]]:
    rate = asked.rate_hz
    end = _samples_of(library, library.probe(path), rate) + _SLACK_S * rate
    _refuse_beyond(path, asked, end)
    with library.audio(
        path, sample_rate_hz=rate, layout=asked.layout, audio=asked.streams
    ) as decoder:
        for first, count in asked.spans:
            for start in range(first, first + count, rate):
                more = min(rate, first + count - start)
                # Interleaved, as other programs write it: 32 bits, little-endian.
                yield decoder.read(start, more).T.astype("<f4").tobytes(), more


def _refuse_beyond(path: str, asked: DecodedFact, there: int) -> None:
    last = max((first + count for first, count in asked.spans), default=0)
    if last > there:
        raise MediaError(f"{path} has but {_counted(there, asked)}")


def _counted(count: int, fact: DecodedFact) -> str:
    return f"{count:,} {_UNITS[fact.kind]}{'s' * (count != 1)}"


def check_decoded(lock: Lock, name: str) -> None:
    """Refuse a lock that asks for what no film uses, such as a file's end 1,000 times.

    Raises:
        ProjectError: It does.
    """
    asked = [(one.file, one.kind, one.streams) for one in lock.decoded]
    if len(set(asked)) < len(asked):
        raise ProjectError(f"{name}: $.decoded names the same twice")
    for one in lock.decoded:
        if one.file > len(lock.files) or lock.files[one.file - 1].what != "media":
            raise ProjectError(f"{name}: $.decoded names file {one.file}, no media")
        ends = chain.from_iterable((low, low + count) for low, count in one.spans)
        if any(left > right for left, right in pairwise(ends)):
            raise ProjectError(f"{name}: $.decoded[...].spans are not in order")


def decoded_rows(
    lock: Lock, found: list[Located], library: MediaLibrary, reporter: Reporter
) -> list[Fact]:
    """Return a row for all that the lock says of decoded media, in its order.

    Args:
        lock: As `check_decoded` takes it.
        found: Where its files are now.
        library: Opens them.
        reporter: Reports each; pauses and cancels the work.
    """
    rows = []
    for done, then in enumerate(lock.decoded):
        reporter.report("decode", done, len(lock.decoded), unit="file")
        file, here = lock.files[then.file - 1], found[then.file - 1]
        chosen = then.streams != "default"
        streams = f" (streams {then.streams})" if chosen else ""
        what = f"decoded {_WORDS[then.kind]}{streams} of {file.name!r}"
        was = _told(then)
        now, is_held = _now(then, file, here, library, reporter)
        rows.append(Fact(what, was, now, is_held))
    return rows


def _now(
    then: DecodedFact,
    file: FileFact,
    here: Located,
    library: MediaLibrary,
    reporter: Reporter,
) -> tuple[str, bool]:
    if here.held is None:
        return "not decoded: the file is not there", False
    try:
        made = _decoded(library, here.path, then, reporter)
    except (MediaError, AccessError) as error:
        return f"it does not decode: {error}", False
    now = _told(made)
    if made == then:
        return now, True
    is_same_file = here.held.digest == file.sha256
    why = "; the file is the same, and decodes otherwise here: see the libraries"
    return now + why * is_same_file, False


def _told(fact: DecodedFact) -> str:
    return f"sha256 {fact.sha256} of {_counted(fact.count, fact)}"


def decodes_alike(number: int, lock: Lock, rows: list[Fact]) -> bool:
    """Tell whether all that a film uses of a file decodes to what it did.

    Args:
        number: Of the file, from 1.
        lock: The lock.
        rows: What `decoded_rows` found of it.
    """
    pairs = zip(lock.decoded, rows, strict=True)
    own = [row.held for fact, row in pairs if fact.file == number]
    return bool(own) and all(own)
