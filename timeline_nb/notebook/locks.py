"""The lock that a cell asks for with a film."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.core.origins import Origin
from timeline_nb.core.started_by import started_by
from timeline_nb.errors import PluginError
from timeline_nb.render.profile import Profile
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Timeline

if TYPE_CHECKING:
    from timeline_nb.proof.lock import NotebookFact
    from timeline_nb.proof.record import LockRequest

__all__ = ["LockWish", "locks_all", "plugin_facts"]


@dataclass(frozen=True)
class LockWish:
    """What a cell says of a lock.

    Args:
        lock: A path, or True for one beside the film.
        origins: What the steps of the edit have read.
        project: The edit's file, if it has one.
        frames: Have it hold hashes of what the media decode to, too.
    """

    lock: Path | str | bool
    origins: tuple[Origin, ...]
    project: Path | None
    frames: bool = False

    def request(  # noqa: PLR0913 - all that a film is made of
        self,
        timeline: Timeline,
        studio: Studio,
        film: Path,
        profile: Profile,
        span: tuple[Fraction | None, Fraction | None],
        *,
        overwrite: bool,
    ) -> "LockRequest":
        """Return the request of a lock for a film that is about to be rendered.

        Raises:
            RenderError: The lock cannot be written there.
        """
        from timeline_nb.proof.record import LockRequest, lock_path

        return LockRequest(
            path=lock_path(
                self.lock, film, timeline, studio.written, overwrite=overwrite
            ),
            known=studio.known_projects,
            hashes=studio.hashes,
            timeline=timeline,
            film=film,
            profile=profile,
            span=span,
            origins=self.origins,
            project=self.project,
            library=studio.library if self.frames else None,
            plugins=plugin_facts(studio),
            notebook=_notebook(),
            overwrite=overwrite,
        )


def _notebook() -> "NotebookFact | None":
    """Return the notebook that runs, if what runs it says so."""
    from timeline_nb.proof.lock import NotebookFact

    known = started_by()
    if known is None:
        return None
    given = {
        name: json.dumps(value, sort_keys=True, ensure_ascii=False)
        for name, value in known.parameters.items()
    }
    return NotebookFact(name=known.notebook, sha256=known.sha256, parameters=given)


def locks_all(film: Path | str) -> bool:
    """Return whether what runs this notebook asks for locks of its films.

    A sequence of pictures has none.
    """
    known = started_by()
    return known is not None and known.lock and "%" not in Path(film).name


def plugin_facts(studio: Studio) -> "Callable[[list[str]], dict[str, str]]":
    """Return what states the version and digest of plugins: it takes their ids."""
    return partial(_facts_of, studio)


def _facts_of(studio: Studio, ids: list[str]) -> dict[str, str]:
    facts = {}
    for name in ids:
        try:
            made = studio.plugins.manifests(name).get(name)
            if made is not None:
                facts[name] = f"{made.version} {made.sha256}"
                continue
            found = studio.python_plugins.found(name)
            facts[name] = f"{found.version} of the package {found.package}"
        except PluginError:
            continue
    return facts
