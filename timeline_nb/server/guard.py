"""Who is let in without Jupyter: who has the token, under a name of this machine."""

import hmac
from http import HTTPStatus
from typing import Any, Final

from tornado import web

from timeline_nb.server.figures import ServerFigures
from timeline_nb.server.origins import AllowedOrigins, TextErrors

__all__ = ["Guarded", "cookie_name"]

_HERE: Final = ("127.0.0.1", "localhost", "[::1]")


def cookie_name(port: int) -> str:
    """Return the name of the cookie: servers on several ports share one cookie jar."""
    return f"timeline-nb-{port}"


class Guarded(TextErrors, AllowedOrigins):
    """Refuses foreign names of this machine, and who has neither cookie nor token."""

    route = ""

    def prepare(self) -> None:
        """Check the request before anything else is done with it."""
        # A page elsewhere may point its own name at 127.0.0.1 (DNS rebinding).
        port = self.settings["timeline_nb_port"]
        if self.request.host.lower() not in {f"{name}:{port}" for name in _HERE}:
            raise web.HTTPError(HTTPStatus.FORBIDDEN)
        if self.request.method != "OPTIONS" and not self.may_enter():
            raise web.HTTPError(HTTPStatus.FORBIDDEN)

    def may_enter(self) -> bool:
        """Return whether the cookie or the token of the request is right."""
        cookie = self.get_cookie(cookie_name(self.settings["timeline_nb_port"]), "")
        kind, _, token = self.request.headers.get("Authorization", "").partition(" ")
        by_token = kind.lower() in {"token", "bearer"} and self.is_token(token.strip())
        return by_token or _same(cookie or "", self.settings["timeline_nb_cookie"])

    def is_token(self, text: str) -> bool:
        """Return whether a text is the token."""
        return _same(text, self.settings["timeline_nb_token"])

    def options(self, *_: str) -> None:
        """Answer a preflight request."""
        self.allow_preflight()

    def on_finish(self) -> None:
        """Count the request."""
        figures: ServerFigures = self.settings["timeline_nb_figures"]
        figures.count(self, self.route)

    def set_default_headers(self) -> None:
        """Have no answer framed, guessed at, or sent on."""
        headers: dict[str, Any] = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "private, no-cache",
        }
        for name, value in headers.items():
            self.set_header(name, value)
        self.clear_header("Server")


def _same(text: str, due: str) -> bool:
    return hmac.compare_digest(text.encode(errors="replace"), due.encode())
