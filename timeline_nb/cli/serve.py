"""`timeline-nb serve`: an editor and a review for the browser, without Jupyter."""

import threading
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from timeline_nb.cli.output import warn
from timeline_nb.cli.projects import Allow

if TYPE_CHECKING:
    from timeline_nb.settings import Settings

__all__ = ["serve"]

_ONLY_SERVED: Final = (
    "the figures are those of the server alone; for those of renders, "
    "detections and caches, run pip install 'timeline-nb[telemetry]', and serve again"
)

Origins: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-origin",
        help="An origin whose pages may read media with the token, such as "
        "https://films.example.org; may be given again.",
    ),
]


ReadOnly: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--read-only",
        help="Share projects for review: they take comments, which are saved at once, "
        "and no other change.",
    ),
]


WithMetrics: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--metrics",
        help="Serve figures at timeline_nb/metrics, in Prometheus' format.",
    ),
]
SignOut: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--sign-out",
        help="Let nobody in who entered before: pages that are open must be opened "
        "anew, by the address that is printed.",
    ),
]


def serve(
    path: Annotated[
        Path,
        typer.Argument(help="A folder, a .tlp project or a media file."),
    ] = Path(),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where it listens; a free one for 0.")
    ] = 0,
    read_only: ReadOnly = False,
    metrics: WithMetrics = False,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in a browser.")
    ] = False,
    allow_origin: Origins = None,
    allow: Allow = None,
    sign_out: SignOut = False,
) -> None:
    """Edit, play or review in a browser on this machine, without Jupyter.

    The address that is printed has a token: whoever opens it may do what the page does.
    A page that is open can be reloaded after a restart; the token is a new one.
    From elsewhere, reach it by a tunnel: serve with --port 8000 there, and here run
    ssh -L 8000:127.0.0.1:8000 HOST.
    """
    from timeline_nb.core.media_addresses import MediaAddresses
    from timeline_nb.core.served_session import ServedSession
    from timeline_nb.notebook.naming import allow as allow_paths
    from timeline_nb.notebook.served_health import report_on
    from timeline_nb.notebook.shared import SharedFiles
    from timeline_nb.server.alone import AloneServer
    from timeline_nb.studio import open_studio

    with open_studio(_settings(metrics=metrics)) as studio:
        allow_paths(*(allow or ()), studio=studio)
        contents = SharedFiles(path, studio, read_only=read_only)
        folder = studio.settings.data_dir / "served"
        session = ServedSession(folder, path, read_only)
        if sign_out:
            session.forget()
        key, usual_port = session.load()
        server = AloneServer(
            contents,
            studio.scope,
            port=port,
            origins=allow_origin or (),
            metrics=metrics,
            usual_port=usual_port,
            cookie_key=key,
        )
        session.keep(key, server.port)
        studio.addresses = MediaAddresses(server.place, server.key)
        report_on(studio, server)
        with server:
            _wait(server.url, open_page=open_page)


def _wait(url: str, *, open_page: bool) -> None:
    """Print the address, and wait for an interrupt."""
    print(url, flush=True)
    if open_page:
        webbrowser.open(url)
    threading.Event().wait()


def _settings(*, metrics: bool) -> "Settings":
    """Return settings that keep metrics, if they are served and can be kept."""
    from timeline_nb.core.telemetry.settings import TelemetrySettings
    from timeline_nb.settings import Settings

    settings = Settings()
    if not metrics or not settings.telemetry.is_off:
        return settings
    if find_spec("opentelemetry") is None:
        warn(_ONLY_SERVED)
        return settings
    return Settings(telemetry=TelemetrySettings(export="metrics"))
