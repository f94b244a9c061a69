"""Have a file signed by a process apart, which parses it and never has the key."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Any, Final

import msgspec
import psutil

from timeline_nb.core.child_process import start_module
from timeline_nb.core.partials import temporary_folder
from timeline_nb.credentials.certificate import Credentials
from timeline_nb.credentials.read import MAX_MEMORY_BYTES, MAX_SECONDS
from timeline_nb.credentials.sign_child import (
    FileOfSigning,
    SigningAsked,
    SigningSaid,
    read_frame,
    write_frame,
)
from timeline_nb.errors import CredentialError

__all__ = ["OpenIngredient", "sign_apart"]

_CHILD: Final = "timeline_nb.credentials.sign_child"
_POLL_S: Final = 0.05
# A slow disk's; what is signed is hashed whole, and read again.
_BYTES_PER_S: Final = 20_000_000
# Of the new file, beside what it had: manifests of all media.
_MORE_BYTES: Final = 256 << 20
# A trial of the size, and the signature itself.
_MOST_SIGNATURES: Final = 4
_MOST_SIGNED_BYTES: Final = 1 << 20
# How a signature of C2PA begins (RFC 9052, 4.4): a list of four, its first text.
_SIGNATURE: Final = b"\x84\x6aSignature1"


@dataclass(frozen=True)
class OpenIngredient:
    """A file whose own credentials are carried on.

    Args:
        file: It, open.
        kind: Its media type.
        facts: `title`, `relationship` and `label`.
    """

    file: IO[bytes]
    kind: str
    facts: dict[str, str]


def sign_apart(  # noqa: PLR0913 - what is signed, by whom, from where to where
    definition: dict[str, Any],
    ingredients: Sequence[OpenIngredient],
    credentials: Credentials,
    *,
    kind: str,
    source: IO[bytes],
    target: IO[bytes],
) -> str:
    """Write a signed file, and return what the library says of it.

    The process reads what to sign, and gets signatures of claims of C2PA alone, and
    no key. It is ended when it takes too long or too much memory.

    Args:
        definition: Of the manifest.
        ingredients: What the file was made of.
        credentials: Who signs.
        kind: The media type of the file.
        source: The file.
        target: The new one, empty and open to be read and written.

    Raises:
        CredentialError: The library refuses, crashed, or exceeded a limit.
    """
    files = [source, *(one.file for one in ingredients)]
    size = sum(os.fstat(file.fileno()).st_size for file in files)
    time_s = MAX_SECONDS.value + size // _BYTES_PER_S
    asked = SigningAsked(
        definition=json.dumps(definition),
        ingredients=tuple(
            FileOfSigning(descriptor=one.file.fileno(), kind=one.kind, facts=one.facts)
            for one in ingredients
        ),
        kind=kind,
        source=source.fileno(),
        target=target.fileno(),
        chain=credentials.chain,
        algorithm=credentials.algorithm,
        memory_bytes=MAX_MEMORY_BYTES.value,
        written_bytes=size + _MORE_BYTES,
        cpu_s=time_s,
    )
    passed = [file.fileno() for file in (*files, target)]
    with temporary_folder() as folder:
        child = start_module(
            _CHILD,
            folder=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=passed,
        )
        with _watched(child, time_s) as watch:
            said = _talk(child, asked, credentials)
    if said is None:
        raise CredentialError(f"it cannot be signed: {watch.why or _CRASHED}")
    if said.what != "done":
        raise CredentialError(f"it cannot be signed: {said.fault}")
    return said.state


_CRASHED: Final = "the library c2pa crashed: a file is not for it"


def _talk(
    child: "subprocess.Popen[bytes]", asked: SigningAsked, credentials: Credentials
) -> SigningSaid | None:
    """Give the process its signatures; return its last word, None without one."""
    assert child.stdin is not None  # noqa: S101 - pipes, as started
    assert child.stdout is not None  # noqa: S101
    try:
        write_frame(child.stdin, msgspec.msgpack.encode(asked))
        for _ in range(_MOST_SIGNATURES + 1):
            data = read_frame(child.stdout, _MOST_SIGNED_BYTES)
            said = msgspec.msgpack.decode(data, type=SigningSaid)
            if said.what != "sign":
                return said
            if not said.data.startswith(_SIGNATURE):
                return None
            write_frame(child.stdin, credentials.sign(said.data))
    except (OSError, msgspec.MsgspecError):
        return None
    return None


@dataclass
class _Watch:
    """Why a process was ended; empty if it was not."""

    why: str = ""
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def _watched(child: "subprocess.Popen[bytes]", time_s: int) -> Iterator[_Watch]:
    watch = _Watch()
    thread = threading.Thread(target=_end, args=(child, time_s, watch), daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.over.set()
        child.kill()
        thread.join()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            # What was not written any more is lost with the process.
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _end(child: "subprocess.Popen[bytes]", time_s: int, watch: _Watch) -> None:
    deadline, memory = time.monotonic() + time_s, MAX_MEMORY_BYTES
    while not watch.over.wait(_POLL_S):
        try:
            size = int(psutil.Process(child.pid).memory_info().rss)
        except psutil.Error:
            return
        if size > memory.value:
            watch.why = f"that takes bytes of memory, {memory.excess}"
        elif time.monotonic() > deadline:
            watch.why = f"that took more than {time_s:,} s; set "
            watch.why += f"{MAX_SECONDS.variable} to allow more"
        if watch.why:
            child.kill()
            return
