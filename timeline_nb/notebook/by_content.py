"""Find media by what they hold: by a hash, or by a pointer file of DVC."""

from pathlib import Path
from typing import Final

from timeline_nb.access.use import use_scope
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError
from timeline_nb.media.dvc import read_pointer
from timeline_nb.media.hash_index import HashSearch
from timeline_nb.notebook.naming import allow_media
from timeline_nb.notebook.progress import finish
from timeline_nb.studio import Studio

__all__ = ["BY_HASH", "find_by_hash", "find_by_pointer"]

BY_HASH: Final = "sha256:"
_DIGITS: Final = 64
_SHOWN: Final = 12


def find_by_hash(text: str, studio: Studio) -> Path:
    """Find a file by its SHA-256, among those seen before and the allowed folders.

    Raises:
        MediaError: It is no hash, or there is no such file; it says where it was
            looked for.
    """
    digest = text.removeprefix(BY_HASH).strip().lower()
    if len(digest) != _DIGITS or set(digest) - set("0123456789abcdef"):
        raise MediaError(
            f"{text[:100]!r}: give {BY_HASH} and {_DIGITS} hexadecimal digits, as "
            "`sha256sum film.mp4` prints them"
        )

    def work(reporter: Reporter) -> HashSearch:
        with use_scope(studio.scope):
            return studio.hashes.find(
                digest,
                studio.scope.roots,
                lambda count: reporter.report("search", count, None, unit="file"),
            )

    found = finish(lambda: studio.start(f"find {text[: len(BY_HASH) + _SHOWN]}", work))
    if found.path is None:
        looked = "; ".join(found.looked) or "no folder is allowed"
        raise MediaError(
            f"there is no file of {BY_HASH}{digest}. Looked in: {looked}. Allow the "
            "folder that has it by tl.allow(...)"
        )
    return found.path


def find_by_pointer(path: Path, studio: Studio) -> Path:
    """Find the data that a pointer of DVC stands for, and check it by its MD5.

    The data is allowed if it lies below the pointer's folder, or in DVC's cache.

    Raises:
        MediaError: It is no pointer, or its data is not here, or another.
    """
    allow_media(studio, path)
    with use_scope(studio.scope):
        pointer = read_pointer(path)
    place = pointer.path
    below = place.resolve().is_relative_to(path.resolve().parent)

    def work(reporter: Reporter) -> Path | None:
        for number, candidate in enumerate(pointer.places()):
            if not candidate.is_file():
                continue
            if number or below:
                allow_media(studio, candidate)
            with use_scope(studio.scope):
                held = studio.hashes.hash_of(candidate, reporter.check, algorithm="md5")
            if held.digest == pointer.md5:
                return candidate
        return None

    found = finish(lambda: studio.start(f"find {path.name}", work))
    if found is not None:
        return found
    if place.is_file():
        raise MediaError(
            f"{place} is not the file that {path} stands for, of the MD5 {pointer.md5}:"
            f" `dvc checkout {path}` brings that, `dvc add {place}` takes the new one"
        )
    raise MediaError(
        f"there is no {place.name} beside {path}, nor in DVC's cache: "
        f"`dvc pull {path}` fetches it"
    )
