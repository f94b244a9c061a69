"""Fetching a model's file: pinned by its SHA-256, and gone on with where it stopped."""

from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx
from filelock import FileLock

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.models.manifest import ModelEntry

__all__ = ["fetch"]

_CHUNK_BYTES: Final = 1 << 18
_TIMEOUT_S: Final = 30.0
_PARTIAL: Final = 206
_RANGE_IS_WRONG: Final = 416


def fetch(entry: ModelEntry, target: Path, reporter: Reporter) -> Path:
    """Fetch a model's file, unless it is there.

    What had come before a break is kept beside it and not fetched again.

    Args:
        entry: What is fetched, and its SHA-256.
        target: Where the file goes, whole or not at all.
        reporter: Told how far it has come, and asked whether to stop.

    Raises:
        RecognitionError: It cannot be fetched, or is another file than was pinned.
        JobCancelledError: The job was cancelled.
    """
    if not entry.url:
        raise RecognitionError(
            f"nothing tells where to fetch the model {entry.name}: add its file"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    with FileLock(f"{partial}.lock"):
        if target.is_file() and _digest(target) == entry.sha256:
            return target
        try:
            _receive(entry, partial, reporter)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise RecognitionError(
                f"the model {entry.name} cannot be fetched from {entry.url} "
                f"({reason}): what has come is kept; try again"
            ) from error
        digest = _digest(partial)
        if digest != entry.sha256:
            partial.unlink()
            raise RecognitionError(
                f"what {entry.url} gives is not the model {entry.name}: its SHA-256 is "
                f"{digest}, not {entry.sha256}; it was thrown away"
            )
        partial.replace(target)
    return target


def _receive(entry: ModelEntry, partial: Path, reporter: Reporter) -> None:
    """Write what is still missing behind what is there."""
    have = partial.stat().st_size if partial.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with (
        httpx.Client(follow_redirects=True, timeout=_TIMEOUT_S) as client,
        client.stream("GET", entry.url, headers=headers) as answer,
    ):
        if answer.status_code == _RANGE_IS_WRONG:
            # Nothing is missing, or the file became shorter: its digest will tell.
            return
        answer.raise_for_status()
        goes_on = answer.status_code == _PARTIAL
        done = have if goes_on else 0
        length = answer.headers.get("Content-Length")
        total = done + int(length) if length else entry.size_bytes or None
        with partial.open("ab" if goes_on else "wb") as file:
            for chunk in answer.iter_raw(_CHUNK_BYTES):
                file.write(chunk)
                done += len(chunk)
                if entry.size_bytes and done > entry.size_bytes:
                    break
                reporter.report(f"fetch {entry.name}", done, total, unit="B")


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
