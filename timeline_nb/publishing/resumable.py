"""Sending a film in parts, from wherever the platform has it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.answers import Dropped, SessionLost
from timeline_nb.publishing.caller import Caller
from timeline_nb.publishing.film_file import FilmFile
from timeline_nb.publishing.journal import UploadEntry
from timeline_nb.security.secret import Secret

__all__ = ["Body", "PartSender", "Received", "film_pieces", "send_film"]

# Handed to the socket at once: progress is seen, and a pause obeyed, after each.
_PIECE_BYTES: Final = 1 << 17
_PAUSE_S: Final = 0.1
_MOST_SESSIONS: Final = 3
# Returns the bytes of a part, for each attempt anew.
Body = Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True)
class Received:
    """What the platform has of a film.

    Args:
        offset: How many bytes, from the first.
        is_whole: Whether it has all, and says so.
        film: What it calls the film, where it says that with the last part.
    """

    offset: int
    is_whole: bool = False
    film: str = ""


class PartSender(Protocol):
    """Sends parts by a platform's own protocol."""

    async def begin(self, film: FilmFile) -> tuple[Secret, str]:
        """Begin a session; return its address, and the film's id where it has one."""
        ...

    async def received(self, session: Secret, film: FilmFile) -> Received:
        """Ask what the platform has.

        Raises:
            SessionLost: The session is over.
        """
        ...

    def end_of_part(self, offset: int, size_bytes: int) -> int:
        """Return where the part that begins at an offset ends."""
        ...

    async def send(
        self, session: Secret, film: FilmFile, start: int, end: int, body: Body
    ) -> Received:
        """Send the bytes from start to end.

        Raises:
            Dropped: They may have arrived by half.
            SessionLost: The session is over.
        """
        ...


async def send_film(
    sender: PartSender, film: FilmFile, entry: UploadEntry, caller: Caller
) -> str:
    """Send a film, and return what the platform calls it.

    An upload that the journal knows goes on where the platform has it. After a part
    that broke, the platform is asked what it kept, so that nothing is sent twice.

    Raises:
        PublishError: The platform cannot be reached, loses its sessions, or the film
            changed.
        RefusedRequest: The platform refuses the film.
        JobCancelledError: The job was cancelled; the upload can go on.
    """
    session, known = entry.session, None
    failures, lost, most = 0, 0, -1
    caller.stage, caller.total = "upload", film.size_bytes
    while "film" not in entry.done:
        try:
            if session is None:
                session, name = await sender.begin(film)
                entry.begin(session, name)
                known = Received(0)
            if known is None:
                known = await sender.received(session, film)
            if known.is_whole:
                entry.finish("film", known.film)
                break
            known = await _next_part(sender, session, film, known.offset, caller)
        except SessionLost:
            session, known, most = None, None, -1
            lost += 1
            if lost >= _MOST_SESSIONS:
                raise PublishError(
                    Message(
                        "{title} lost the upload {lost} times: publish again later",
                        title=caller.title,
                        lost=lost,
                    )
                ) from None
            continue
        except Dropped as drop:
            known, broken = None, drop
        else:
            if known.offset > most or known.is_whole:
                most, failures = known.offset, 0
                continue
            broken = Dropped(Message("it kept nothing of what was sent"))
        failures += 1
        await caller.rest(broken, failures)
    return entry.id


async def _next_part(
    sender: PartSender, session: Secret, film: FilmFile, offset: int, caller: Caller
) -> Received:
    if not 0 <= offset < film.size_bytes:
        raise PublishError(
            Message(
                "{title} says it has {offset} bytes of {size_bytes}: publish again",
                title=caller.title,
                offset=offset,
                size_bytes=film.size_bytes,
            )
        )
    film.check()
    end = sender.end_of_part(offset, film.size_bytes)
    # What was sent while the file was written is not what the digest says.
    received = await sender.send(
        session, film, offset, end, lambda: film_pieces(film, offset, end, caller)
    )
    film.check()
    return received


async def film_pieces(
    film: FilmFile, start: int, end: int, caller: Caller
) -> AsyncIterator[bytes]:
    """Yield the film's bytes from start to end; wait here while the job is paused.

    Raises:
        JobCancelledError: The job was cancelled.
    """
    reporter, offset = caller.reporter, start
    while offset < end:
        while reporter.is_paused:
            await asyncio.sleep(_PAUSE_S)
            reporter.check(wait=False)
        piece = film.read(offset, min(_PIECE_BYTES, end - offset))
        yield piece
        offset += len(piece)
        caller.done = offset
        reporter.report(caller.stage, offset, caller.total, unit="B", wait=False)
