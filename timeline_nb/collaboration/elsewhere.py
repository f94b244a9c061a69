"""Who else has a project open, in words."""

import getpass
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import time

from timeline_nb.i18n import Message
from timeline_nb.project.journal import Writer

__all__ = ["Elsewhere", "own_writer"]


@dataclass(frozen=True)
class Elsewhere:
    """Another notebook or program that edits the same project now.

    Args:
        who: The account of the person.
        where: The machine, and the notebook if it is known, in words.
        since: When the other one began.
        is_followed: Whether its steps are shown here as they are made.
        is_shared: Whether your own steps are shown there, too.
        names: Those of the machine and the notebook, as far as they are known.
    """

    who: str
    where: str
    since: datetime
    is_followed: bool = False
    is_shared: bool = False
    names: tuple[str, ...] = ()
    _follow: Callable[[], None] | None = field(default=None, repr=False, compare=False)

    def follow(self) -> None:
        """Show the other one's steps here, as they are made, until a step of your own.

        An edit that is shown in an editor does so by itself. What was not saved here
        is not followed over: it stays as it is.

        Raises:
            ProjectError: Steps of your own are not saved.
        """
        if self._follow is not None:
            self._follow()

    def __str__(self) -> str:
        since = f"{self.since:%H:%M:%S}"
        if self.since.date() != datetime.now().astimezone().date():
            since = f"{self.since:%Y-%m-%d %H:%M}"
        place = f" {self.where}" if self.where else ""
        return f"{self.who}{place} since {since}"

    def __repr__(self) -> str:
        shown = ", followed" if self.is_followed else ""
        shown = ", shared" if self.is_shared else shown
        return f"<Elsewhere: {self}{shown}>"


def elsewhere_of(
    writer: Writer,
    *,
    is_followed: bool,
    follow: Callable[[], None] | None,
    is_shared: bool = False,
) -> Elsewhere:
    """Return in words who writes a journal."""
    parts = [f"on {writer.host}"] if writer.host else []
    parts += [f"in {writer.place}"] if writer.place else []
    return Elsewhere(
        who=writer.user or Message("another program"),
        where=" ".join(parts),
        since=datetime.fromtimestamp(writer.since_s, UTC).astimezone(),
        is_followed=is_followed,
        is_shared=is_shared,
        names=tuple(name for name in (writer.host, writer.place) if name),
        _follow=follow,
    )


def own_writer() -> Writer:
    """Return how other processes call this one."""
    user, host, place = _names()
    return Writer(user=user, host=host, place=place, pid=os.getpid(), since_s=time())


@cache
def _names() -> tuple[str, str, str]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    # Jupyter's servers tell their kernels which notebook they are of.
    notebook = Path(os.environ.get("JPY_SESSION_NAME", "")).name
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else ""
    if "ipykernel" in program or program.startswith("-"):
        program = ""
    return user[:200], socket.gethostname()[:200], (notebook or program)[:200]
