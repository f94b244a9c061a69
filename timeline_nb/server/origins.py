"""Which other origins may read what is served: none, unless a person names them.

An origin is allowed by name alone, never by `*`: the browser then sends no cookies with
a request, but a page anywhere could still read what its own address lets it guess.
"""

import logging
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from tornado import web

from timeline_nb.errors import ServerError

__all__ = ["AllowedOrigins", "TextErrors", "checked_origins"]

_log = logging.getLogger(__name__)

# RFC 6454, 6.2: scheme, host and port, nothing behind them.
_ORIGIN: Final = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:]{2,45}\])"
    r"(?::[0-9]{1,5})?",
    re.ASCII,
)
_EXPOSED: Final = "Accept-Ranges, Content-Length, Content-Range, ETag, Last-Modified"


def checked_origins(origins: Iterable[str]) -> frozenset[str]:
    """Return origins as browsers write them.

    Raises:
        ServerError: One is none, such as `*` or an address with a path.
    """
    found = frozenset(origin.strip().lower() for origin in origins)
    for origin in found:
        if not _ORIGIN.fullmatch(origin):
            raise ServerError(
                f"{origin!r} is no origin: name each, as in https://films.example.org "
                "or http://localhost:3000; all of them cannot be allowed"
            )
    return found


class TextErrors(web.RequestHandler):
    """Answers errors by a number: a player reads only the status."""

    route = ""

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """Log what failed, and not the address, which may hold a token or an id.

        What was refused is no failure.
        """
        if not isinstance(error, web.HTTPError):
            name = self.route or "a page"
            _log.error("%s failed", name, exc_info=(kind, error, trace))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Send no page and no traceback."""
        self.set_header("Content-Type", "text/plain")
        self.finish(f"{status_code}\n")


class AllowedOrigins(web.RequestHandler):
    """Sends CORS headers to origins that were named, and to no others.

    The setting `timeline_nb_origins` has them.
    """

    def allow_named_origin(self) -> None:
        """Allow the page that asks to read the answer, if its origin was named."""
        self.clear_header("Access-Control-Allow-Origin")
        self.clear_header("Access-Control-Allow-Credentials")
        origins: frozenset[str] = self.settings["timeline_nb_origins"]
        if not origins:
            return
        # What a cache keeps for one origin is not for another.
        self.set_header("Vary", "Origin")
        origin = self.request.headers.get("Origin", "")
        if origin not in origins:
            return
        self.set_header("Access-Control-Allow-Origin", origin)
        self.set_header("Access-Control-Allow-Credentials", "true")
        self.set_header("Access-Control-Expose-Headers", _EXPOSED)
        self.set_header("Cross-Origin-Resource-Policy", "cross-origin")

    def allow_preflight(self) -> None:
        """Answer a preflight request (Fetch standard, 4.8)."""
        self.allow_named_origin()
        if "Access-Control-Allow-Origin" not in self._headers:
            raise web.HTTPError(HTTPStatus.FORBIDDEN)
        self.set_header("Access-Control-Allow-Methods", "GET, HEAD")
        self.set_header("Access-Control-Allow-Headers", "Authorization, Range")
        self.set_header("Access-Control-Max-Age", "600")
        self.set_status(HTTPStatus.NO_CONTENT)
