"""Give a browser a file by an address, and show it in a cell."""

from pathlib import Path
from typing import Any

from timeline_nb.access.media_types import media_type_of
from timeline_nb.core.media_addresses import LASTS_S, check_served
from timeline_nb.notebook.addresses import address_of, checked_lasts
from timeline_nb.notebook.naming import allow_media
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timebase import TimeLike

__all__ = ["ServedFile", "serve"]


class ServedFile:
    """A file for the browser: a cell plays it, `url` is its address.

    Args:
        path: The file.
        studio: Whose scope it is read under, and that plays it where no server answers.
        lasts: How long each address is good for.

    Attributes:
        media_type: Of the file, such as `video/mp4`.

    Example:
        >>> film = tl.serve("bikes.mp4")
        >>> film.path, film.media_type
        (PosixPath('bikes.mp4'), 'video/mp4')
        >>> film.url  # doctest: +SKIP
        'timeline_nb/media/5f0c.../WqG3...'
    """

    def __init__(self, path: Path, studio: Studio, lasts: TimeLike = LASTS_S) -> None:
        self.path = path
        self.media_type = media_type_of(str(path))
        self._studio = studio
        self._lasts = checked_lasts(lasts)
        self._widget: Any = None

    @property
    def url(self) -> str:
        """A new address, relative to the base URL of Jupyter's server.

        Raises:
            ServerError: This program was not started by a Jupyter server, or the file
                is gone.
        """
        return address_of(self.path, self._studio, lasts=self._lasts)

    def __repr__(self) -> str:
        return f"<ServedFile {self.path.name!r} {self.media_type}>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        from timeline_nb.widgets.player import Player

        if self._widget is None or self._widget.comm is None:
            self._widget = Player(self.path, studio=self._studio, quality="full")
        return self._widget._repr_mimebundle_(**options)


def serve(
    path: Path | str, *, lasts: TimeLike = LASTS_S, studio: Studio | None = None
) -> ServedFile:
    """Serve a media file or a film to the browser through Jupyter's server.

    A cell plays it, in full quality and with a download button where the server
    answers, else through the kernel. Pages of the same server can use the address, such
    as Markdown. It takes a login there, shows nothing of the file, and is good until
    the file changes, the kernel ends, or the time is over.

    Args:
        path: A video, a sound or a picture in a format that browsers know.
        lasts: How long an address is good for; 12 hours if not given.
        studio: Whose scope it is read under; the notebook's own if not given.

    Raises:
        ServerError: There is no such file, or it is of a type that is not served.
        AccessError: It is no ordinary file.

    Example:
        >>> film = tl.serve("bikes.mp4")  # a cell plays it
        >>> film
        <ServedFile 'bikes.mp4' video/mp4>
        >>> film.url  # doctest: +SKIP
        'timeline_nb/media/5f0c.../WqG3...'
    """
    studio = studio or default_studio()
    allow_media(studio, path)
    check_served(path, studio.scope)
    return ServedFile(Path(path), studio, lasts)
