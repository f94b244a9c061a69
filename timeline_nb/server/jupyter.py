"""The handlers in Jupyter's process: behind its login, below its base URL.

`{base}timeline_nb/media/{kernel id}/{media id}`: the kernel id says whose key opens the
media id, which says which file. Whoever may read files of the server may read it.
"""

import asyncio
from http import HTTPStatus
from typing import Any, NoReturn

from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from timeline_nb.access.ids import Grant, UnknownIdError, key_from, unseal
from timeline_nb.server.checks import ServerChecks, status_of
from timeline_nb.server.figures import CONTENT_TYPE, ServerFigures
from timeline_nb.server.installation import check_installation
from timeline_nb.server.kernel_figures import figures_of_kernels, joined_figures
from timeline_nb.server.media import MediaRequests
from timeline_nb.server.origins import AllowedOrigins, TextErrors, checked_origins

__all__ = ["add_handlers"]


class _InJupyter(TextErrors, AllowedOrigins, JupyterHandler):
    """What the handlers have in common."""

    auth_resource = "contents"
    route = ""

    def set_cors_headers(self) -> None:
        """Allow only the origins that were named for us, whatever Jupyter allows."""
        self.allow_named_origin()

    def get_login_url(self) -> NoReturn:
        """Refuse: a player cannot log in on a page."""
        raise web.HTTPError(HTTPStatus.FORBIDDEN)

    def on_finish(self) -> None:
        """Count the request."""
        figures: ServerFigures = self.settings["timeline_nb_figures"]
        figures.count(self, self.route)
        super().on_finish()

    # A browser sends neither cookie nor token with a preflight request.
    @allow_unauthenticated
    def options(self, *_: str) -> None:
        """Answer a preflight request."""
        self.allow_preflight()


class _Media(MediaRequests, _InJupyter):
    """One file, for whoever is logged in and has its id."""

    route = MediaRequests.route

    @web.authenticated
    @authorized
    async def get(self, kernel_id: str, media_id: str) -> None:
        """Send the file, or a range of it."""
        await self.send_granted(self._grant(kernel_id, media_id))

    @web.authenticated
    @authorized
    async def head(self, kernel_id: str, media_id: str) -> None:
        """Send the headers of the file."""
        await self.send_granted(self._grant(kernel_id, media_id))

    def _grant(self, kernel_id: str, media_id: str) -> Grant:
        """Return what an id allows; one answer for all that is not known here."""
        try:
            kernel: Any = self.kernel_manager.get_kernel(kernel_id)
            return unseal(key_from(kernel.session.key), media_id)
        except (KeyError, web.HTTPError, UnknownIdError):
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from None


class _Health(_InJupyter):
    """Whether the server works; pages find out by it that there is one."""

    route = "timeline_nb/health"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Run the checks; with `?full`, also those of what films need."""
        checks: ServerChecks = self.settings["timeline_nb_checks"]
        full = self.get_query_argument("full", None) is not None
        report = await checks.report(full=full)
        # Pages, which ask for less, look for a server, whatever it says of itself.
        self.set_status(status_of(report) if full else HTTPStatus.OK)
        self.finish(report)

    # Of tornado, an answer to it is sent without its body.
    head = get


class _Metrics(_InJupyter):
    """What was served, in figures, and what kernels share of theirs."""

    route = "timeline_nb/metrics"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Send the figures."""
        figures: ServerFigures = self.settings["timeline_nb_figures"]
        loop, kernels, own = (
            asyncio.get_running_loop(),
            self.kernel_manager,
            figures.text(),
        )

        def joined() -> str:
            # A kernel may share a megabyte, which takes a while to read.
            return joined_figures(own, figures_of_kernels(kernels))

        text = await loop.run_in_executor(None, joined)
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(text)

    head = get


def add_handlers(app: Any) -> None:
    """Add the handlers to a `jupyter_server.serverapp.ServerApp`.

    `ServerApp.tornado_settings` may have `timeline_nb_origins`, a list of origins whose
    pages may read media.

    Raises:
        ServerError: One of them is no origin.
    """
    settings = app.web_app.settings
    named = settings.get("timeline_nb_origins", ())
    settings["timeline_nb_origins"] = checked_origins(named)
    settings["timeline_nb_figures"] = ServerFigures()
    settings["timeline_nb_checks"] = ServerChecks(films=check_installation)
    base = url_path_join(settings["base_url"], "timeline_nb")
    media = url_path_join(base, r"media/([0-9a-f-]{36})/([A-Za-z0-9_-]{20,20000})")
    app.web_app.add_handlers(
        ".*$",
        [
            (media, _Media),
            (url_path_join(base, "health"), _Health),
            (url_path_join(base, "metrics"), _Metrics),
        ],
    )
