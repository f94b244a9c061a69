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
        loop = asyncio.get_running_loop()
        figures.open_streams += 1
        try:
            while first <= last:
                count = min(_PART_BYTES, last - first + 1)
                part = _read_from_memory(descriptor, count, first)
                if not part:
                    part = await loop.run_in_executor(
                        None, _read_at, descriptor, count, first
                    )
                if not part:
                    # The file became shorter: an answer that is cut off shows it.
                    self._connection.stream.close()
                    return
                self.write(part)
                # Waits for a slow reader: one part of each is held.
                await self.flush()
                if figures.open_streams > 1:
                    # A turn for all others, where the socket took the part at once.
                    await asyncio.sleep(0)
                self.sent_bytes += len(part)
                figures.sent_bytes += len(part)
                first += len(part)
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


def _read_from_memory(descriptor: int, count: int, at: int) -> bytes:
    """Return what the system holds of a file in memory; nothing if it would wait.

    A thread for each part costs one client half of what it could be sent.
    """
    if _IF_IN_MEMORY is None:
        return b""
    part = bytearray(count)
    try:
        read = os.preadv(descriptor, [part], at, _IF_IN_MEMORY)
    except OSError:
        # Not in memory, or a file system that cannot say so, such as tmpfs.
        return b""
    return bytes(memoryview(part)[:read])


def _read_at(descriptor: int, count: int, at: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(descriptor, count, at)
    # Windows; each request has a descriptor of its own.
    os.lseek(descriptor, at, os.SEEK_SET)
    return os.read(descriptor, count)
