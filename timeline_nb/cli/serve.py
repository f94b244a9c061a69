"""`timeline-nb serve`: an editor and a review for the browser, without Jupyter."""

import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from timeline_nb.cli.projects import Allow

__all__ = ["serve"]


def serve(
    path: Annotated[
        Path,
        typer.Argument(help="A folder, a .tlp project or a media file."),
    ] = Path(),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where it listens; a free one for 0.")
    ] = 0,
    read_only: Annotated[
        bool,
        typer.Option(
            "--read-only",
            help="Share projects for review: they take comments, which are saved at "
            "once, and no other change.",
        ),
    ] = False,
    metrics: Annotated[
        bool, typer.Option("--metrics", help="Serve figures at timeline_nb/metrics.")
    ] = False,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in a browser.")
    ] = False,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            help="An origin whose pages may read media with the token, such as "
            "https://films.example.org; may be given again."
        ),
    ] = None,
    allow: Allow = None,
) -> None:
    """Edit, play or review in a browser on this machine, without Jupyter.

    The address that is printed has a token: whoever opens it may do what the page does.
    From elsewhere, reach it by a tunnel: ssh -L 8000:127.0.0.1:8000 HOST.
    """
    from timeline_nb.core.media_addresses import MediaAddresses
    from timeline_nb.notebook.naming import allow as allow_paths
    from timeline_nb.notebook.shared import SharedFiles
    from timeline_nb.server.alone import AloneServer
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        allow_paths(*(allow or ()), studio=studio)
        contents = SharedFiles(path, studio, read_only=read_only)
        server = AloneServer(
            contents,
            studio.scope,
            port=port,
            origins=allow_origin or (),
            metrics=metrics,
        )
        studio.addresses = MediaAddresses(server.place, server.key)
        with server:
            print(server.url, flush=True)
            if open_page:
                webbrowser.open(server.url)
            threading.Event().wait()
