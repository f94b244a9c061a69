"""Read a coded stream bit by bit."""

__all__ = ["BitReader"]


class BitReader:
    """Reads bits, and numbers in Exp-Golomb codes (ITU-T H.264, 9.1).

    Raises:
        IndexError: From every method, where the data ends.

    Args:
        data: The bytes.
        escaped: Whether every 0 0 3 stands for 0 0, as in units of H.264 and HEVC.
    """

    def __init__(self, data: bytes, *, escaped: bool = False) -> None:
        if escaped:
            data = data.replace(b"\x00\x00\x03", b"\x00\x00")
        self._bits = "".join(f"{byte:08b}" for byte in data)
        self._at = 0

    def bit(self) -> int:
        """Return the next bit."""
        self._at += 1
        return int(self._bits[self._at - 1])

    def number(self, width: int) -> int:
        """Return the next `width` bits as a number, the highest first."""
        begin = self._at
        self._at += width
        if self._at > len(self._bits):
            raise IndexError("the data ends within a number")
        return int(self._bits[begin : self._at] or "0", 2)

    def unsigned(self) -> int:
        """Read an unsigned Exp-Golomb number (`ue(v)`)."""
        one = self._bits.find("1", self._at)
        if one < 0:
            raise IndexError("the data ends within a number")
        zeros, self._at = one - self._at, one
        return self.number(zeros + 1) - 1

    def signed(self) -> int:
        """Read a signed Exp-Golomb number (`se(v)`)."""
        value = self.unsigned()
        return -(value // 2) if value % 2 == 0 else (value + 1) // 2
