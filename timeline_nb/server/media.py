"""Send an open media file over HTTP, without holding up what else is served.

tornado's `StaticFileHandler` is no base for it: it takes the ETag from a hash of the
whole file, in the thread that serves all others, and looks for names below a folder.
"""

import asyncio
import os
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from tornado import iostream, web

from timeline_nb.access.ids import FileChangedError, Grant
from timeline_nb.access.media_types import served_type_of
from timeline_nb.server.figures import ServerFigures
from timeline_nb.server.origins import AllowedOrigins, TextErrors
from timeline_nb.server.ranges import answer_to

__all__ = ["MediaRequests"]

# Of 64, 128 and 256 KiB the most to 20 clients: 1,025 MB/s, others served in 20 ms.
_PART_BYTES: Final = 1 << 18
# Linux reads a file without waiting for a disk.
_IF_IN_MEMORY: Final[int | None] = getattr(os, "RWF_NOWAIT", None)
# No page of another origin, nor a frame, reads it or runs what it may hold.
_HEADERS: Final = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class MediaRequests(TextErrors, AllowedOrigins):
    """Answers GET and HEAD with files; a subclass finds out what is granted."""

    route = "timeline_nb/media"
    # Of the file, in this answer.
    sent_bytes = 0

    async def send_granted(self, grant: Grant) -> None:
        """Answer with the file of a grant.

        Raises:
            HTTPError: 410 if the file was changed or the id has expired, 404 if it is
                not there, 415 if it is no media.
        """
        kind = served_type_of(grant.path)
        if not kind:
            raise web.HTTPError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        loop = asyncio.get_running_loop()
        try:
            # On a thread, as all that touches a disk: one may sleep, or be remote.
            descriptor = await loop.run_in_executor(None, self.open_file, grant)
        except FileChangedError:
            raise web.HTTPError(HTTPStatus.GONE) from None
        except OSError:
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from None
        try:
            await self._send(descriptor, kind, os.path.basename(grant.path))  # noqa: PTH119
        finally:
            os.close(descriptor)

    def open_file(self, grant: Grant) -> int:
        """Open the file of a grant."""
        return grant.open()

    async def _send(self, descriptor: int, kind: str, name: str) -> None:
        request = self.request
        answer = answer_to(str(request.method), request.headers, os.fstat(descriptor))
        for header, value in (_HEADERS | dict(answer.headers)).items():
            self.set_header(header, value)
        self.allow_named_origin()
        self.set_header("Content-Type", kind)
        if self.get_query_argument("download", None) is not None:
            # RFC 6266; nothing of a name is read as part of the header.
            shown = f"attachment; filename*=UTF-8''{quote(name, errors='replace')}"
            self.set_header("Content-Disposition", shown)
        self.set_status(answer.status)
        if answer.last >= answer.first:
            await self._copy(descriptor, answer.first, answer.last)

    async def _copy(self, descriptor: int, first: int, last: int) -> None:
        figures: ServerFigures = self.settings["timeline_nb_figures"]
        # One buffer for all parts: what is sent is not copied in this process.
        part = memoryview(bytearray(min(_PART_BYTES, last - first + 1)))
        figures.open_streams += 1
        try:
            await self.flush()
            while first <= last:
                count = await _read_into(part[: last - first + 1], descriptor, first)
                if not count:
                    # The file became shorter: an answer that is cut off shows it.
                    self._connection.stream.close()
                    return
                # Waits for a slow reader: one part of each is held.
                await self._connection.write(part[:count])
                if figures.open_streams > 1:
                    # A turn for all others, where the socket took the part at once.
                    await asyncio.sleep(0)
                self.sent_bytes += count
                figures.sent_bytes += count
                first += count
        except (iostream.StreamClosedError, OSError):
            # A player that seeks drops its last request; a disk may fail on the way.
            self._connection.stream.close()
        finally:
            figures.open_streams -= 1

    @property
    def _connection(self) -> Any:
        return self.request.connection

    def compute_etag(self) -> None:
        """Return none: tornado would hash what was written."""


async def _read_into(part: memoryview, descriptor: int, at: int) -> int:
    """Read bytes of a file, and return how many; 0 at its end."""
    # A thread for each part costs one client half of what it could be sent.
    if count := _read_from_memory(part, descriptor, at):
        return count
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, _read_at, part, descriptor, at)


def _read_from_memory(part: memoryview, descriptor: int, at: int) -> int:
    """Read what the system holds of a file in memory; nothing if it would wait."""
    if _IF_IN_MEMORY is None:
        return 0
    try:
        return os.preadv(descriptor, [part], at, _IF_IN_MEMORY)
    except OSError:
        # Not in memory, or a file system that cannot say so, such as tmpfs.
        return 0


def _read_at(part: memoryview, descriptor: int, at: int) -> int:
    if hasattr(os, "preadv"):
        return os.preadv(descriptor, [part], at)
    # Windows; each request has a descriptor of its own.
    os.lseek(descriptor, at, os.SEEK_SET)
    found = os.read(descriptor, len(part))
    part[: len(found)] = found
    return len(found)
