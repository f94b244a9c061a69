"""Change vaults in many ways, and kill their writers."""

import json
import random
import string
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from attacks.kills import KillFigures, kills_of
from stand_ins.keyrings import MemoryKeyring

from timeline_nb.errors import VaultError
from timeline_nb.security import wrapping
from timeline_nb.security.secret import Secret
from timeline_nb.security.vault import Vault, open_vault

__all__ = [
    "TamperFigures",
    "every_byte_of_a_vault",
    "kills_of_vault",
    "tampered_vaults",
]


@dataclass
class TamperFigures:
    """What changed vaults did.

    Args:
        changes: How many changed files were opened, by the kind of change.
        refused: How many were refused.
        faults: What else was found: accepted changes, foreign errors, errors that show
            a secret, files that were written over.
    """

    changes: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.changes.items())
        return (
            f"{self.changes.total()} changed vaults ({kinds}): {self.refused} refused, "
            f"{len(self.faults)} faults"
        )


class _Victim:
    """A vault of three secrets, of which copies are changed.

    Args:
        folder: Of its files.
        chance: Chooses whether a passphrase opens it, and how its secrets end.
        by_passphrase: Whether a passphrase opens it.
    """

    def __init__(
        self, folder: Path, chance: random.Random, *, by_passphrase: bool
    ) -> None:
        fault = "there is none" if by_passphrase else ""
        self._keyring = MemoryKeyring(fault)
        self._folder = folder
        self.vault = self.reader()
        self.texts = [f"hidden-{chance.randbytes(chance.randint(1, 40)).hex()}"] * 3
        for number, text in enumerate(self.texts):
            self.vault.put(f"key {number}", Secret(text))
        self.older = self.vault.path.read_bytes()
        self.vault.put("key 0", Secret(self.texts[0]))
        self.raw = self.vault.path.read_bytes()

    def reader(self) -> Vault:
        """Return a vault that holds no key in memory yet."""
        words = Secret("correct horse battery")
        return open_vault(self._folder, keyring=self._keyring, passphrase=words)

    def try_change(self, kind: str, changed: bytes, figures: TamperFigures) -> None:
        """Open and write a changed file; both must be refused, and write nothing."""
        figures.changes[kind] += 1
        self.vault.path.write_bytes(changed)
        reader = self.reader()
        for work in (reader.entries, lambda: reader.put("new", Secret("new-text"))):
            fault = _fault_of(work, self.texts)
            if fault:
                figures.faults.append(f"{kind}: {fault}: {changed!r}")
                break
        else:
            figures.refused += 1
        if self.vault.path.read_bytes() != changed:
            figures.faults.append(f"{kind}: written over: {changed!r}")


def tampered_vaults(count: int, seed: int) -> TamperFigures:
    """Change vaults at random, and try to open and to write each.

    Args:
        count: How many changes.
        seed: Of the changes.
    """
    chance, figures = random.Random(seed), TamperFigures()
    scrypt_n, wrapping.SCRYPT_N = wrapping.SCRYPT_N, 1 << 14  # type: ignore[misc]
    try:
        while figures.changes.total() < count:
            with tempfile.TemporaryDirectory() as name:
                # Of a passphrase vault each change takes 50 ms.
                is_slow = chance.random() < 0.2
                victim = _Victim(Path(name), chance, by_passphrase=is_slow)
                for _ in range(min(25, count - figures.changes.total())):
                    kind, change = chance.choice(_CHANGES)
                    changed = change(victim, chance)
                    if changed != victim.raw:
                        victim.try_change(kind, changed, figures)
    finally:
        wrapping.SCRYPT_N = scrypt_n  # type: ignore[misc]
    return figures


def every_byte_of_a_vault(seed: int, *, step: int = 1) -> TamperFigures:
    """Change each byte of a vault in three ways, and cut the file at each.

    Args:
        seed: Of the changes.
        step: 1 for every byte, more for some.
    """
    chance, figures = random.Random(seed), TamperFigures()
    with tempfile.TemporaryDirectory() as name:
        victim = _Victim(Path(name), chance, by_passphrase=False)
        raw = victim.raw
        for at in range(seed % step, len(raw), step):
            for bits in {1, 0x20, chance.randint(1, 255)}:
                changed = raw[:at] + bytes([raw[at] ^ bits]) + raw[at + 1 :]
                victim.try_change("byte", changed, figures)
            victim.try_change("cut", raw[:at], figures)
    return figures


def kills_of_vault(count: int, seed: int) -> KillFigures:
    """Kill a process that saves and rotates a vault; see `kills_of`."""
    return kills_of("vault", count, seed)


def _fault_of(work: Callable[[], object], texts: list[str]) -> str:
    """Return what is wrong with how a call is refused; empty if nothing is."""
    try:
        work()
    except VaultError as error:
        shown = repr(error) + "".join(_traceback(error))
        return "shows a secret" if any(text in shown for text in texts) else ""
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
        return f"foreign: {error!r}"
    return "accepted"


def _traceback(error: BaseException) -> list[str]:
    """Return the lines of a traceback with the variables of all frames but ours."""
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    found = traceback.TracebackException(
        type(error), error, frames, capture_locals=True
    )
    return list(found.format())


def _flip(victim: _Victim, chance: random.Random) -> bytes:
    at = chance.randrange(len(victim.raw))
    changed = victim.raw[at] ^ chance.randint(1, 255)
    return victim.raw[:at] + bytes([changed]) + victim.raw[at + 1 :]


def _letter(victim: _Victim, chance: random.Random) -> bytes:
    """Put another printable letter, or a blank, in place of one."""
    at = chance.randrange(len(victim.raw))
    letter = chance.choice(string.printable).encode()
    return victim.raw[:at] + letter + victim.raw[at + 1 :]


def _cut(victim: _Victim, chance: random.Random) -> bytes:
    return victim.raw[: chance.randrange(len(victim.raw))]


def _insert(victim: _Victim, chance: random.Random) -> bytes:
    at = chance.randrange(len(victim.raw) + 1)
    return victim.raw[:at] + chance.randbytes(chance.randint(1, 8)) + victim.raw[at:]


def _remove(victim: _Victim, chance: random.Random) -> bytes:
    at = chance.randrange(len(victim.raw))
    return victim.raw[:at] + victim.raw[at + chance.randint(1, 16) :]


def _join_halves(victim: _Victim, chance: random.Random) -> bytes:
    """Take some lines of the save before."""
    pairs = zip(victim.older.split(b"\n"), victim.raw.split(b"\n"), strict=True)
    return b"\n".join(chance.choice(pair) for pair in pairs)


def _put_back(victim: _Victim, _: random.Random) -> bytes:
    return victim.older


def _forge(victim: _Victim, chance: random.Random) -> bytes:
    """Change a field of the header, and leave the rest as it is."""
    lines = victim.raw.split(b"\n")
    header = json.loads(lines[1])
    at = chance.choice([header, header["key"]])
    name = chance.choice(list(at))
    at[name] = chance.choice([None, 0, -1, 1 << 40, "", "AAAA", [], {}, "x" * 9_000])
    lines[1] = json.dumps(header).encode()
    return b"\n".join(lines)


def _deepen(_: _Victim, chance: random.Random) -> bytes:
    """Nest the header until a parser would run out of stack."""
    depth = chance.randint(500, 200_000)
    return b"TIMELINE_NB VAULT 1\n" + b"[" * depth + b"]" * depth + b"\nAAAA\n"


_CHANGES: Final = [
    ("byte", _flip),
    ("letter", _letter),
    ("cut", _cut),
    ("insertion", _insert),
    ("removal", _remove),
    ("mixture", _join_halves),
    ("rollback", _put_back),
    ("header", _forge),
    ("nesting", _deepen),
]
