"""Find the files that a lock or a project names, wherever they lie by now."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from timeline_nb.errors import AccessError, MediaError
from timeline_nb.media.content_hash import ContentHash, content_hash
from timeline_nb.media.sequence import FileSequence, is_there
from timeline_nb.proof.inputs import placed
from timeline_nb.proof.lock import FileFact

__all__ = ["Located", "locate"]


@dataclass(frozen=True)
class Located:
    """Where a file of a lock is now.

    Args:
        path: Its path; empty where there is none.
        held: What it holds; None where it cannot be read.
        why: Why there is none.
        is_replaced: Whether a file of another content lies where it was.
    """

    path: str = ""
    held: ContentHash | None = None
    why: str = ""
    is_replaced: bool = False


def locate(
    fact: FileFact,
    folder: Path,
    check: Callable[[], object],
    *,
    more: Iterable[str] = (),
) -> Located:
    """Find a file of a lock, under the scope in use, and read it whole.

    It is looked for where it was, from the lock's folder on, and then beside the lock.
    If none has the right content, the first that is there counts: what it holds, or
    that it may not be read.

    Args:
        fact: As the lock has it.
        folder: The lock's.
        check: Called while a file is read; what it raises ends it.
        more: Other paths at which it may be.
    """
    found = Located(why=f"there is no {fact.name} there")
    first: Located | None = None
    is_replaced = False
    for number, path in enumerate(_places(fact, folder, more)):
        try:
            if not is_there(path):
                continue
            held = content_hash(path, check)
        except (MediaError, AccessError) as error:
            found = Located(why=str(error))
            if isinstance(error.__cause__ or error, AccessError):
                first = first or found
            continue
        if held.digest == fact.sha256:
            return Located(path, held, is_replaced=is_replaced)
        is_replaced |= number == 0
        first = first or Located(path, held)
    return first or found


def _places(fact: FileFact, folder: Path, more: Iterable[str]) -> Iterator[str]:
    sequence = FileSequence.parse(fact.path)
    if sequence is not None:
        yield sequence.within(folder / sequence.folder).path
        yield sequence.within(folder).path
        return
    if fact.path:
        yield placed(fact.path, folder)
    yield from more
    if Path(fact.name).name == fact.name:
        yield str(folder / fact.name)
