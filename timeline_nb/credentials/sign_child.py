"""Sign a file, in a process of its own that has no key.

The library parses media of strangers. The process reads what to sign from its standard
input, and asks on its standard output for signatures, which whoever started it makes.
Files come as open descriptors.
"""

import os
import struct
import sys
from contextlib import ExitStack
from typing import IO, Any, Final, Literal, TypeAlias

import msgspec

from timeline_nb.credentials.library import c2pa_library, context_of
from timeline_nb.media.apart.limits import take_limits

__all__ = ["FileOfSigning", "SigningAsked", "SigningSaid", "read_frame", "write_frame"]

_LENGTH: Final = struct.Struct(">I")
# Of a request, with all that a film's manifest holds, and of an answer.
_MOST_BYTES: Final = 64 << 20


class FileOfSigning(msgspec.Struct, frozen=True, kw_only=True):
    """An open file whose credentials are carried on.

    Args:
        descriptor: Of it.
        kind: Its media type.
        facts: `title`, `relationship` and `label`, as the library takes them.
    """

    descriptor: int
    kind: str
    facts: dict[str, str]


class SigningAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be signed.

    Args:
        definition: Of the manifest, as JSON.
        ingredients: Files whose own credentials are carried on.
        kind: The media type of the file.
        source: The descriptor of the file.
        target: That of the new one.
        chain: The certificates, as PEM.
        algorithm: Of the signature.
        memory_bytes: What the process may take.
        written_bytes: How long the new file may become.
        cpu_s: How long it may compute.
    """

    definition: str
    ingredients: tuple[FileOfSigning, ...]
    kind: str
    source: int
    target: int
    chain: str
    algorithm: str
    memory_bytes: int
    written_bytes: int
    cpu_s: int


Said: TypeAlias = Literal["sign", "done", "failed"]


class SigningSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What the process says.

    Args:
        what: `sign` asks for the signature of `data`; then `done`, or `failed`.
        data: What is to be signed.
        fault: Why it failed.
        state: What the library says of the new file.
    """

    what: Said
    data: bytes = b""
    fault: str = ""
    state: str = ""


def write_frame(pipe: IO[bytes], data: bytes) -> None:
    """Write some bytes with their length before them."""
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def read_frame(pipe: IO[bytes], most_bytes: int = _MOST_BYTES) -> bytes:
    """Read what `write_frame` wrote; empty where the other side ended or says more."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return b""
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length) if length <= most_bytes else b""
    return data if len(data) == length else b""


def _signed(asked: SigningAsked, sign: Any) -> SigningSaid:
    c2pa = c2pa_library()
    try:
        with ExitStack() as stack:
            builder = c2pa.Builder(asked.definition, context=context_of())
            for one in asked.ingredients:
                file = stack.enter_context(os.fdopen(one.descriptor, "rb"))
                builder.add_ingredient(one.facts, one.kind, file)
            signer = c2pa.Signer.from_callback(
                sign, c2pa.C2paSigningAlg[asked.algorithm], asked.chain, None
            )
            stack.callback(signer.close)
            source = stack.enter_context(os.fdopen(asked.source, "rb"))
            target = stack.enter_context(os.fdopen(asked.target, "r+b"))
            builder.sign(signer, asked.kind, source, target)
            target.flush()
            target.seek(0)
            with c2pa.Reader(asked.kind, target, context=context_of()) as reader:
                state = str(reader.get_validation_state())
            return SigningSaid(what="done", state=state)
    except c2pa.C2paError as error:
        return SigningSaid(what="failed", fault=str(error))


def _main() -> None:
    given, said = sys.stdin.buffer, sys.stdout.buffer
    asked = msgspec.msgpack.decode(read_frame(given), type=SigningAsked)
    # Loaded before programs are refused: it looks for its library.
    c2pa_library()
    take_limits(
        asked.memory_bytes, written_bytes=asked.written_bytes, cpu_s=asked.cpu_s
    )

    def sign(data: bytes) -> bytes:
        ask = SigningSaid(what="sign", data=data)
        write_frame(said, msgspec.msgpack.encode(ask))
        return read_frame(given)

    write_frame(said, msgspec.msgpack.encode(_signed(asked, sign)))


if __name__ == "__main__":
    _main()
