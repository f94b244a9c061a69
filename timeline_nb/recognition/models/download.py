"""Downloading model files: pinned by SHA-256, resumed where they stopped."""

from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx
from filelock import FileLock

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.models.manifest import ModelEntry

__all__ = ["fetch"]

_CHUNK_BYTES: Final = 1 << 18
_TIMEOUT_S: Final = 30.0
_PARTIAL: Final = 206
_RANGE_IS_WRONG: Final = 416


def fetch(entry: ModelEntry, target: Path, reporter: Reporter) -> Path:
    """Download a model's file, unless it is there.

    The part that was received before an interruption is kept, and not sent again.

    Args:
        entry: The model, its address and its SHA-256.
        target: The file, written whole or not at all.
        reporter: Receives the progress, and may stop the download.

    Raises:
        RecognitionError: It cannot be downloaded, or its SHA-256 differs.
        JobCancelledError: The job was cancelled.
    """
    if not entry.url:
        raise RecognitionError(
            f"the model {entry.name} has no address to download: add its file"
        )
    partial = target.with_name(f".{target.name}.part")
    with file_errors(target, RecognitionError):
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{partial}.lock"):
            return _fetched(entry, target, partial, reporter)


def _fetched(
    entry: ModelEntry, target: Path, partial: Path, reporter: Reporter
) -> Path:
    """Download a model's file to a part, and move that to the file."""
    if target.is_file() and _digest(target) == entry.sha256:
        return target
    try:
        _receive(entry, partial, reporter)
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise RecognitionError(
            f"the model {entry.name} cannot be downloaded from {entry.url} "
            f"({reason}): the part received is kept; try again"
        ) from error
    digest = _digest(partial)
    if digest != entry.sha256:
        partial.unlink()
        raise RecognitionError(
            f"{entry.url} is not the model {entry.name}: its SHA-256 is {digest}, "
            f"not {entry.sha256}; it was deleted"
        )
    partial.replace(target)
    return target


def _receive(entry: ModelEntry, partial: Path, reporter: Reporter) -> None:
    """Append the bytes that are missing to the partial file."""
    have = partial.stat().st_size if partial.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with (
        httpx.Client(follow_redirects=True, timeout=_TIMEOUT_S) as client,
        client.stream("GET", entry.url, headers=headers) as answer,
    ):
        if answer.status_code == _RANGE_IS_WRONG:
            # Nothing is missing, or the file became shorter: its digest is checked.
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
