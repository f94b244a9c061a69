"""Write to one vault from two processes; a module of its own, for they import it."""

import multiprocessing
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stand_ins.keyrings import FolderKeyring

from timeline_nb.security.secret import Secret
from timeline_nb.security.vault import Vault, open_vault

__all__ = ["WriterFigures", "two_writers"]

_HANG_S: Final = 300.0


@dataclass
class WriterFigures:
    """What several writers did.

    Args:
        entries: How many secrets they put.
        faults: Those that are not there, and processes that failed.
    """

    entries: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.entries} entries of two writers, {len(self.faults)} faults"


def two_writers(count: int, seed: int) -> WriterFigures:
    """Let two processes put secrets into one new vault at the same time.

    Args:
        count: How many each puts.
        seed: Of the texts.
    """
    with tempfile.TemporaryDirectory() as name:
        context = multiprocessing.get_context("spawn")
        writers = [
            context.Process(target=_put_many, args=(Path(name), who, count, seed))
            for who in range(2)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(_HANG_S)
        codes = [writer.exitcode for writer in writers]
        for writer in writers:
            writer.kill()
        found = {n: s.reveal() for n, s in _shared(Path(name)).entries().items()}
    wanted = {n: t for who in range(2) for n, t in _texts(who, count, seed)}
    faults = [
        f"writer {who} ended with {code}" for who, code in enumerate(codes) if code
    ]
    faults += [f"missing or wrong: {n}" for n in wanted if found.get(n) != wanted[n]]
    return WriterFigures(len(wanted), faults)


def _put_many(folder: Path, who: int, count: int, seed: int) -> None:
    for name, text in _texts(who, count, seed):
        _shared(folder).put(name, Secret(text))


def _texts(who: int, count: int, seed: int) -> list[tuple[str, str]]:
    return [(f"{who}-{number}", f"{seed}-{who}-{number}") for number in range(count)]


def _shared(folder: Path) -> Vault:
    return open_vault(folder / "vault", keyring=FolderKeyring(folder / "keyring"))
