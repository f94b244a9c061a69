"""Mutations of files, by chance that repeats."""

import random

__all__ = ["mutated"]


def mutated(data: bytes, chance: random.Random, *, header_bytes: int = 600) -> bytes:
    """Return bytes with parts changed, zeroed, cut out or doubled, some cut short.

    Args:
        data: Of a whole file.
        chance: Decides what is changed.
        header_bytes: A third of the changes are among so many first bytes.
    """
    changed = bytearray(data)
    for _ in range(chance.choice([1, 2, 5, 30])):
        in_header = chance.random() < 1 / 3
        most = min(header_bytes, len(changed)) if in_header else len(changed)
        at = chance.randrange(most)
        length = chance.choice([1, 1, 2, 4, 8, 200])
        match chance.randrange(6):
            case 0 | 1:
                changed[at : at + length] = chance.randbytes(length)
            case 2:
                changed[at : at + length] = bytes(length)
            case 3:
                changed[at : at + length] = b"\xff" * length
            case 4:
                del changed[at : at + length]
            case 5:
                changed[at:at] = changed[at : at + length]
        if len(changed) < 2:
            break
    if chance.random() < 0.2:
        del changed[chance.randrange(1, len(changed) + 1) :]
    return bytes(changed)
