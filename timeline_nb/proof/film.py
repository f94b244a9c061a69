"""What a film holds: its bytes, the packets of its streams, and what they decode to."""

from fractions import Fraction
from itertools import count
from pathlib import Path

from timeline_nb.access.use import use_scope
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError
from timeline_nb.media.content_hash import content_hash
from timeline_nb.media.stream_hashes import stream_hashes
from timeline_nb.proof.lock import FilmFact, StreamFact

__all__ = ["film_fact"]


@use_scope(None)
def film_fact(
    path: Path,
    reporter: Reporter,
    *,
    start: Fraction | None = None,
    end: Fraction | None = None,
    name: str = "",
) -> FilmFact:
    """Read a film whole, and decode it.

    Args:
        path: The film.
        reporter: Reports the packets that are decoded; pauses and cancels it.
        start: The edit's second at which it begins, if one was given.
        end: The edit's second at which it ends, if one was given.
        name: How the lock names it; the file's name if empty.

    Raises:
        MediaError: It cannot be read.
    """
    held, number = content_hash(path, reporter.check), count(1)
    try:
        streams = stream_hashes(
            path,
            lambda: reporter.report("hash", next(number), None, unit="packet"),
        )
    except MediaError:
        # Of moving WebP, which FFmpeg writes and does not read: its bytes decide.
        streams = ()
    return FilmFact(
        name=name or path.name,
        bytes=held.size_bytes,
        sha256=held.digest,
        streams=tuple(
            StreamFact(
                kind=one.kind,
                packets=one.packets,
                decoded=one.decoded,
                count=one.count,
            )
            for one in streams
        ),
        start="" if start is None else str(start),
        end="" if end is None else str(end),
    )
