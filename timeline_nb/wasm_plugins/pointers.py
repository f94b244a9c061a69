"""Addresses of a plugin's memory, which wasmtime has as signed numbers."""

__all__ = ["packed", "signed"]

_I32 = 0xFFFFFFFF


def signed(number: int) -> int:
    """Return an address as an i32, which is signed."""
    return number - (1 << 32) if number >= 1 << 31 else number


def packed(at: int, size: int) -> int:
    """Return an address and a size as one i64: `address << 32 | size`."""
    both = ((at & _I32) << 32) | (size & _I32)
    return both - (1 << 64) if both >= 1 << 63 else both
