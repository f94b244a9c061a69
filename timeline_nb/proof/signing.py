"""Sign a film when it is rendered: what was done to what, and the facts of its lock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from timeline_nb.access.use import use_scope
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.structs import to_builtins
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.credentials.certificate import Credentials
from timeline_nb.credentials.library import media_type
from timeline_nb.credentials.sign import Ingredient, sign
from timeline_nb.credentials.stated import LOCK_LABEL
from timeline_nb.errors import CredentialError
from timeline_nb.proof.inputs import placed
from timeline_nb.proof.lock import FileFact, Lock, read_lock
from timeline_nb.render.render import Renderer
from timeline_nb.render.result import RenderResult, RenderWork
from timeline_nb.render.verify import probe_film
from timeline_nb.timeline.model import Timeline

__all__ = ["SigningRequest", "manifest_of"]

_SOURCES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_AGENT: Final = {"name": "timeline_nb", "version": version("timeline-nb")}
_UNKNOWN_TYPE: Final = "application/octet-stream"
# The effect that hides what was detected.
_HIDES: Final = "redaction"
# What a lock says of this machine, and where its files lie, stays in the lock; and what
# is long: the plan, and what media decode to.
_PRIVATE: Final = frozenset({"edit", "project", "machine", "plan", "decoded"})


@dataclass(frozen=True)
class SigningRequest:
    """A film that is to be signed after its lock was written.

    Args:
        credentials: Who signs, with the key.
        timeline: What is rendered.
        film: Where to.
        overwrite: Replace a film that was not written here.
    """

    credentials: Credentials
    timeline: Timeline
    film: Path
    overwrite: bool

    def wrap(
        self, renderer: Renderer, written: WrittenFiles, work: RenderWork
    ) -> RenderWork:
        """Return a render that signs the film.

        Raises:
            CredentialError: It cannot be signed; the film is there then, unsigned.
        """

        def run(reporter: Reporter) -> RenderResult:
            result = work(reporter)
            reporter.report("sign", 0, None, unit="file")
            if result.lock is None:
                raise CredentialError(
                    f"{self.film} has no lock, whose facts are signed"
                )
            lock, _ = read_lock(result.lock)
            folder = result.lock.absolute().parent
            definition, ingredients = manifest_of(
                self.film, self.timeline, lock, folder
            )
            replaced = written.replacing(
                self.film, CredentialError, overwrite=self.overwrite
            )
            try:
                with replaced as partial, use_scope(renderer.scope):
                    sign(self.film, partial, definition, ingredients, self.credentials)
            except CredentialError as error:
                raise CredentialError(
                    f"{error}; {self.film} is there, and not signed"
                ) from error
            return replace(result, info=probe_film(self.film))

        return run


def manifest_of(
    film: Path, timeline: Timeline, lock: Lock, folder: Path
) -> tuple[dict[str, Any], list[Ingredient]]:
    """Return the manifest of a film, and the files whose credentials it carries on.

    Args:
        film: The film.
        timeline: What was rendered.
        lock: Of the film.
        folder: Of the lock, from which its paths begin.
    """
    media = [one for one in lock.files if one.what == "media"]
    labels = {f"media-{number}": one for number, one in enumerate(media, 1)}
    read, named = [], []
    for label, one in labels.items():
        path = Path(placed(one.path, folder))
        if media_type(path.suffix) and path.is_file():
            read.append(Ingredient(label, one.name, path))
        else:
            named.append(_named(label, one))
    definition = {
        "claim_generator_info": [_AGENT],
        "title": film.name,
        "format": media_type(film.suffix),
        "ingredients": named,
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": [*_actions(timeline, lock, list(labels))]},
            },
            {"label": LOCK_LABEL, "data": _facts_of(lock)},
        ],
    }
    return definition, read


def _named(label: str, one: FileFact) -> dict[str, Any]:
    """Return an ingredient that is named, and holds no credentials."""
    kind = media_type(Path(one.name).suffix) or _UNKNOWN_TYPE
    facts = {"title": one.name, "format": kind, "relationship": "componentOf"}
    return {**facts, "label": label}


def _actions(
    timeline: Timeline, lock: Lock, labels: list[str]
) -> Iterator[dict[str, Any]]:
    """Yield what was done, in order, in the words of C2PA 2.1, 18.15."""
    # Nothing is known of how media came to be: they may be of any kind.
    source = "composite" if labels else "digitalCreation"
    yield {
        "action": "c2pa.created",
        "digitalSourceType": f"{_SOURCES}{source}",
        "softwareAgent": _AGENT,
    }
    if labels:
        yield {"action": "c2pa.placed", "parameters": {"ingredientIds": labels}}
    found = list(_effects_in(to_builtins(timeline)))
    kinds = sorted({effect["kind"] for effect in found} - {_HIDES})
    clips = sum(len(track.items) for track in timeline.tracks)
    effects = f"; effects: {', '.join(kinds)}" if kinds else ""
    yield {
        "action": "c2pa.edited",
        "softwareAgent": _AGENT,
        "description": f"{clips} items on {len(timeline.tracks)} tracks{effects}",
    }
    hiding = [effect for effect in found if effect["kind"] == _HIDES]
    if hiding:
        yield {
            "action": "c2pa.filtered",
            "softwareAgent": _AGENT,
            "description": _hidden(hiding, lock),
        }
    yield {"action": "c2pa.transcoded", "softwareAgent": _AGENT}


def _hidden(effects: list[dict[str, Any]], lock: Lock) -> str:
    """Return what was hidden, how, and what found it."""
    ways = sorted({str(one["parameters"].get("how", "")) for one in effects})
    boxes = sum(len(one["parameters"].get("boxes", ())) for one in effects)
    found_by = [
        f"{one.name} (sha256 {one.sha256})"
        for one in lock.files
        if one.what in {"model", "detections"}
    ]
    count = len(effects)
    by = f", found by {', '.join(found_by)}" if found_by else ""
    return (
        f"areas were hidden ({', '.join(ways)}) in {count} clip{'s' * (count != 1)}, "
        f"{boxes} boxes{by}"
    )


def _effects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the effects within a timeline, those of nested ones included."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "effects" and isinstance(part, (list, tuple)):
                yield from (one for one in part if isinstance(one, dict))
            yield from _effects_in(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _effects_in(part)


def _facts_of(lock: Lock) -> dict[str, Any]:
    """Return what a lock says, without the edit, this machine, and places of files."""
    facts = {
        name: to_builtins(getattr(lock, name))
        for name in lock.__struct_fields__
        if name not in _PRIVATE
    }
    facts["files"] = [
        {name: part for name, part in one.items() if name != "path"}
        for one in facts["files"]
    ]
    return facts
