"""Messages over a socket, each after its length."""

import select
import socket
import struct
from typing import Final

__all__ = ["SocketMessages"]

_LENGTH: Final = struct.Struct("<I")
# Of one message: the index of a day of film has 60 MB, a picture of 16 bits more.
_MOST_BYTES: Final = 1 << 30
_PIECE_BYTES: Final = 1 << 18


class SocketMessages:
    """One end of a connection; not thread-safe.

    Args:
        end: A connected socket, which is closed with this object.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._received = bytearray()

    def send(self, data: bytes) -> None:
        """Send a message.

        Raises:
            OSError: The other side is gone.
        """
        self._socket.sendall(_LENGTH.pack(len(data)) + data)

    def receive(self, timeout_s: float | None = None) -> bytes | None:
        """Return the next message; None if there is none in time.

        Args:
            timeout_s: How long each wait may take; without end if None.

        Raises:
            EOFError: The other side is gone.
            ValueError: It sends what is no message.
            OSError: The connection is broken.
        """
        while (data := self._complete()) is None:
            if timeout_s is not None and not self._is_readable(timeout_s):
                return None
            piece = self._socket.recv(_PIECE_BYTES)
            if not piece:
                raise EOFError
            self._received += piece
        return data

    def is_waiting(self) -> bool:
        """Return whether something was sent by the other side."""
        return bool(self._received) or self._is_readable(0)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _complete(self) -> bytes | None:
        held = self._received
        if len(held) < _LENGTH.size:
            return None
        length = _LENGTH.unpack_from(held)[0]
        if length > _MOST_BYTES:
            raise ValueError(f"a message of {length:,} bytes")
        end = _LENGTH.size + length
        if len(held) < end:
            return None
        data = bytes(memoryview(held)[_LENGTH.size : end])
        del held[:end]
        return data

    def _is_readable(self, timeout_s: float) -> bool:
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            return bool(poll.poll(timeout_s * 1000))
        return bool(select.select([self._socket], [], [], timeout_s)[0])
