"""Tables of fonts, looked into before they are unpacked."""

from struct import unpack_from

__all__ = ["count_codes"]


def count_codes(cmap: bytes) -> int:
    """Return to how many codes the ranges of a `cmap` table expand, repeats included.

    A range takes 12 bytes and may name all of Unicode: a table of a megabyte may expand
    to 10**11 codes (OpenType 1.9, `cmap`, formats 4, 12 and 13).

    Raises:
        struct.error: The table breaks off.
    """
    (tables,) = unpack_from(">H", cmap, 2)
    offsets = {unpack_from(">L", cmap, 8 + 8 * n)[0] for n in range(tables)}
    return max((_codes_of(cmap, offset) for offset in offsets), default=0)


def _codes_of(cmap: bytes, offset: int) -> int:
    (form,) = unpack_from(">H", cmap, offset)
    if form == 4:
        (doubled,) = unpack_from(">H", cmap, offset + 6)
        count = doubled // 2
        ends = unpack_from(f">{count}H", cmap, offset + 14)
        starts = unpack_from(f">{count}H", cmap, offset + 16 + 2 * count)
        return sum(max(b - a + 1, 0) for a, b in zip(starts, ends, strict=True))
    if form in {12, 13}:
        (count,) = unpack_from(">L", cmap, offset + 12)
        known = min(count, (len(cmap) - offset - 16) // 12)
        fields = unpack_from(f">{3 * known}L", cmap, offset + 16)
        ranges = zip(fields[0::3], fields[1::3], strict=True)
        return sum(max(b - a + 1, 0) for a, b in ranges)
    return 0
