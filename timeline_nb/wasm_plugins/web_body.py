"""The body of an answer from the internet, within a limit whatever was sent."""

import asyncio
import zlib
from typing import TYPE_CHECKING, Final

from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message

if TYPE_CHECKING:
    import httpx

__all__ = ["ANSWER_BYTES", "body_of"]

ANSWER_BYTES: Final = 16 << 20


async def body_of(response: "httpx.Response") -> bytes:
    """Return the body, decompressed; no more than the limit is ever in memory.

    Raises:
        PluginError: It is longer than 16 MiB, as it comes or decompressed, or its
            compression is damaged or another one than was asked for.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", ""}:
        raise PluginError(
            Message(
                "the answer is compressed as {coding}, not asked for",
                coding=repr(coding[:20]),
            )
        )
    # 16 + 15: gzip with a window of 32 KiB (zlib's manual, inflateInit2).
    unzip = zlib.decompressobj(31) if "gzip" in coding else None
    got, raw_bytes = bytearray(), 0
    async for part in response.aiter_raw():
        # Both: compressed blocks that hold nothing have no end either.
        raw_bytes += len(part)
        got += part if unzip is None else _unzipped(unzip, part, len(got))
        if max(raw_bytes, len(got)) > ANSWER_BYTES:
            raise PluginError(
                Message(
                    "the answer is longer than {answer_bytes} MiB",
                    answer_bytes=ANSWER_BYTES >> 20,
                )
            )
        # Chunks of one byte come without a pause: the clock would not be seen.
        await asyncio.sleep(0)
    if unzip is not None and raw_bytes and not unzip.eof:
        raise PluginError(Message("the answer is compressed, and was cut off"))
    return bytes(got)


def _unzipped(unzip: "zlib._Decompress", part: bytes, length: int) -> bytes:
    if unzip.eof:
        # zlib would keep all of it, as `unused_data`.
        raise PluginError(Message("the answer goes on after its compressed end"))
    try:
        return unzip.decompress(part, ANSWER_BYTES - length + 1)
    except zlib.error:
        raise PluginError(Message("the answer is compressed, and damaged")) from None
