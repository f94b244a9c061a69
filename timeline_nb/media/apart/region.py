"""Memory that a decoder process and the process that started it share.

It has no name, so that nothing is left of it when both are gone, and it is sealed: the
process apart cannot make it shorter, at which the other would be ended by SIGBUS. Pages
that nobody wrote to take no memory. Where the system has no such memory (only Linux
does), pictures are sent like all else.
"""

import mmap
import os
import sys
from contextlib import suppress
from typing import Final

__all__ = ["SharedRegion", "slots_for"]

_REGION_BYTES: Final = 512 << 20
# Of all slots: what is decoded ahead of who shows it.
_AHEAD_BYTES: Final = 96 << 20
_MOST_SLOTS: Final = 6
_LEAST_SLOTS: Final = 2
_PAGE_BYTES: Final = 4096


class SharedRegion:
    """A stretch of shared memory, divided into slots.

    Args:
        fd: Its descriptor, which is closed with it.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._map = mmap.mmap(fd, _REGION_BYTES)

    @classmethod
    def create(cls) -> "SharedRegion | None":
        """Create one; None where the system has no such memory."""
        if sys.platform != "linux":
            return None
        import fcntl

        try:
            fd = os.memfd_create("pictures", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        except OSError:
            return None
        try:
            os.ftruncate(fd, _REGION_BYTES)
            seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
            fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
            return cls(fd)
        except (OSError, ValueError):
            os.close(fd)
            return None

    def slot(self, number: int, size: int) -> memoryview:
        """Return the memory of a slot.

        Args:
            number: Which.
            size: Its bytes, the same for all of them.

        Raises:
            ValueError: There is no such slot.
        """
        begin = number * size
        if number < 0 or size < 0 or begin + size > _REGION_BYTES:
            raise ValueError(f"no slot {number} of {size} bytes")
        return memoryview(self._map)[begin : begin + size]

    def clear(self) -> None:
        """Free what was written."""
        if sys.platform == "linux":
            with suppress(OSError, ValueError):
                self._map.madvise(mmap.MADV_REMOVE)

    def close(self) -> None:
        """Unmap it, and close its descriptor."""
        with suppress(BufferError):
            # Who still reads a slot keeps the memory until then.
            self._map.close()
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def slots_for(size: int) -> tuple[int, int]:
    """Return the bytes of a slot that holds `size`, and how many slots there are.

    Without slots, what is too large for them is sent.
    """
    size = -(-max(1, size) // _PAGE_BYTES) * _PAGE_BYTES
    count = min(_MOST_SLOTS, max(_LEAST_SLOTS, _AHEAD_BYTES // size))
    return (size, count) if size * count <= _REGION_BYTES else (0, 0)
