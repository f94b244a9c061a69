"""The pages of a server without Jupyter, their programs, and the media they play."""

import asyncio
import json
from html import escape
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from tornado import web

from timeline_nb.access.ids import Grant, UnknownIdError, unseal
from timeline_nb.access.scope import Scope
from timeline_nb.errors import AccessError
from timeline_nb.server.checks import status_of
from timeline_nb.server.figures import CONTENT_TYPE
from timeline_nb.server.guard import Guarded, cookie_name
from timeline_nb.server.media import MediaRequests
from timeline_nb.server.socket import Socket

__all__ = ["handlers"]

# Styles stand in the widgets' elements; frames of streams and pictures are blobs.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self' ws://127.0.0.1:* ws://localhost:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE: Final = """<!doctype html>
<html lang="en" style="color-scheme:light dark"><head><meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<script id="jupyter-config-data" type="application/json">{{"baseUrl": "/"}}</script>
</head><body style="margin:0">{body}</body></html>
"""
_VIEW: Final = (
    '<main id="view" data-name="{name}"></main>'
    '<script type="module" src="/static/alone.js"></script>'
)
_LIST: Final = (
    '<main style="font:16px/1.6 system-ui,sans-serif;max-width:48rem;margin:2rem auto;'
    'padding:0 1rem"><h1>{title}</h1><ul>{items}</ul></main>'
)
_ENTERED: Final = '<meta http-equiv="refresh" content="0;url=/">'


class _Shown(Guarded):
    """What is asked for by GET, or by HEAD, whose answer is sent without its body."""

    async def head(self, *args: str) -> None:
        """Send the headers of what GET sends."""
        found = self.get(*args)
        if found is not None:
            await found


class _Page(_Shown):
    """The page of one file, or the list of all."""

    route = "/"

    def may_enter(self) -> bool:
        """Return whether the request may pass, which here may bring the token."""
        brought = self.get_query_argument("token", "")
        return super().may_enter() or self.is_token(brought)

    async def get(self) -> None:
        """Send the page, or move the token into a cookie first."""
        self.set_header("Content-Security-Policy", _POLICY)
        if self.get_query_argument("token", None) is not None:
            self._enter()
            return
        contents = self.settings["timeline_nb_contents"]
        # A folder may have many others below it, on a disk that is slow.
        names = await asyncio.get_running_loop().run_in_executor(None, contents.names)
        name = self.get_query_argument("open", names[0] if len(names) == 1 else "")
        if name in names:
            body = _VIEW.format(name=escape(name, quote=True))
        elif name:
            raise web.HTTPError(HTTPStatus.NOT_FOUND)
        else:
            items = "".join(map(_item, names)) or "<li>No projects or media here</li>"
            body = _LIST.format(title=escape(contents.title), items=items)
        self.finish(_PAGE.format(title=escape(name or contents.title), body=body))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say what to do: here a person reads it."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        hint = "open the address with its token that 'timeline-nb serve' has printed"
        known = {HTTPStatus.FORBIDDEN: hint, HTTPStatus.NOT_FOUND: "no such file here"}
        self.finish(f"{status_code}: {known.get(HTTPStatus(status_code), 'failed')}\n")

    def _enter(self) -> None:
        """Set the cookie, and leave the address that has the token.

        By the page and not by a status: after a redirect, a browser that came from a
        link elsewhere would not send a strict cookie.
        """
        name = cookie_name(self.settings["timeline_nb_port"])
        value = self.settings["timeline_nb_cookie"]
        self.set_cookie(name, value, httponly=True, samesite="Strict", path="/")
        self.finish(_PAGE.format(title="timeline_nb", body=_ENTERED))


def _item(name: str) -> str:
    return f'<li><a href="/?open={quote(name, safe="")}">{escape(name)}</a></li>'


class _Bundle(_Shown):
    """A program of the pages."""

    route = "/static"

    def get(self, name: str) -> None:
        """Send the program."""
        path = self.settings["timeline_nb_contents"].bundles.get(name)
        if path is None:
            raise web.HTTPError(HTTPStatus.NOT_FOUND)
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(path.read_bytes())


class _Media(MediaRequests, Guarded):
    """One file, for whoever has its id."""

    route = MediaRequests.route

    async def get(self, media_id: str) -> None:
        """Send the file, or a range of it."""
        await self.send_granted(self._grant(media_id))

    async def head(self, media_id: str) -> None:
        """Send the headers of the file."""
        await self.send_granted(self._grant(media_id))

    def open_file(self, grant: Grant) -> int:
        """Open the file if it may still be read."""
        scope: Scope = self.settings["timeline_nb_scope"]
        try:
            scope.check(grant.path)
        except AccessError:
            raise FileNotFoundError(grant.path) from None
        return grant.open()

    def _grant(self, media_id: str) -> Grant:
        try:
            return unseal(self.settings["timeline_nb_key"], media_id)
        except UnknownIdError:
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from None


class _Health(_Shown):
    """Whether the server works."""

    route = "timeline_nb/health"

    async def get(self) -> None:
        """Run the checks; with `?full`, also those of what films need."""
        full = self.get_query_argument("full", None) is not None
        report = await self.settings["timeline_nb_checks"].report(full=full)
        self.set_status(status_of(report) if full else HTTPStatus.OK)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        # Before it is written: JSON spells letters and separators in other ways.
        shown = self.settings["timeline_nb_contents"].public(report)
        self.finish(json.dumps(shown))


class _Metrics(_Shown):
    """What was served, in figures."""

    route = "timeline_nb/metrics"

    def get(self) -> None:
        """Send the figures."""
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(self.settings["timeline_nb_figures"].text())


class _Nothing(_Shown):
    """What is not there, which only those learn who may enter."""

    def get(self) -> None:
        """Refuse."""
        raise web.HTTPError(HTTPStatus.NOT_FOUND)


def handlers(place: str, *, metrics: bool) -> list[Any]:
    """Return the handlers of a server.

    Args:
        place: Its id in addresses of media.
        metrics: Whether figures are served.
    """
    found: list[Any] = [
        (r"/", _Page),
        (r"/static/([a-zA-Z]{1,40})\.js", _Bundle),
        (rf"/timeline_nb/media/{place}/([A-Za-z0-9_-]{{20,20000}})", _Media),
        (r"/timeline_nb/health", _Health),
        (r"/timeline_nb/socket", Socket),
    ]
    if metrics:
        found.append((r"/timeline_nb/metrics", _Metrics))
    return [*found, (r".*", _Nothing)]
