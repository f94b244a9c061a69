"""Read the content credentials of a film: who, what, of which media, and if they hold.

What a file says is not trusted: it is shown as text, cut where it is long, and nothing
is fetched that it names.
"""

import os
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import msgspec

from timeline_nb.access.use import open_file
from timeline_nb.core.child_process import run_module
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import FileLimit
from timeline_nb.core.partials import temporary_folder
from timeline_nb.core.tables import table_of
from timeline_nb.credentials.certificate import certificates_in, without_keys
from timeline_nb.credentials.library import media_type, require_library
from timeline_nb.credentials.read_child import TOO_LARGE
from timeline_nb.credentials.stated import (
    EXPIRED,
    TRIAL,
    UNTRUSTED,
    StatedCredentials,
)
from timeline_nb.errors import CredentialError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FilmCredentials", "read_file"]

_CHILD: Final = "timeline_nb.credentials.read_child"
# The library holds files of some formats, such as WAV, in memory.
MAX_MEMORY_BYTES: Final = FileLimit("TIMELINE_NB_MAX_CREDENTIAL_BYTES", 4_000_000_000)
MAX_SECONDS: Final = FileLimit("TIMELINE_NB_MAX_CREDENTIAL_SECONDS", 60)
# Of Rust's runtime, before it aborts.
_NO_MEMORY: Final = "memory allocation of"
# A slow disk's; hashing is faster.
_BYTES_PER_S: Final = 50_000_000
_IN_WORDS: Final = {
    "none": "it has no content credentials",
    "invalid": "its content credentials do not hold",
    "untrusted": "its content credentials hold; no trusted authority knows who signed",
    "trusted": "its content credentials hold; a trusted authority knows who signed",
}


class FilmCredentials(StatedCredentials, frozen=True, kw_only=True):
    """What the content credentials of a file say, and whether they hold.

    Args:
        path: The file.
        state: `none`, `invalid`, `untrusted` or `trusted`.
        reasons: Why it is not better, each a code of C2PA and its explanation.
        signer: The common name in the certificate of who signed.
        issuer: Who issued that certificate.
        algorithm: Of the signature.
        time: When an authority says it was signed; empty without one.
        generator: The program that wrote the manifest.
        title: The film's title.
        actions: What was done, in order: each with `action` and `description`.
        ingredients: What it was made of: each with `title`, `format` and `state`.
        lock: The facts of the lock in it; empty without.

    Example:
        >>> still = src.save_frame("still.png", "2s")
        >>> signed = tl.sign(still, tl.trial_credentials("Ada"))
        >>> found = tl.read_credentials(signed)
        >>> found.state, found.is_valid, found.has_ended, found.signer
        ('untrusted', True, False, 'Ada')
        >>> found.summary
        "still.png: its content credentials hold; no trusted authority knows who ..."
    """

    path: Path

    @property
    def is_valid(self) -> bool:
        """Whether the file is as it was signed, whoever that was."""
        return self.state in {"untrusted", "trusted"}

    @property
    def has_ended(self) -> bool:
        """Whether the file is as it was signed, and the certificate has ended since.

        It is `invalid` then, as no authority says that it was signed before.
        """
        codes = {reason.partition(": ")[0] for reason in self.reasons}
        return EXPIRED in codes and codes <= {EXPIRED, UNTRUSTED, TRIAL}

    @property
    def summary(self) -> str:
        """One line: whether they hold, who signed, and why not more."""
        parts = [f"{self.path.name}: {_IN_WORDS[self.state]}"]
        if self.signer:
            parts.append(f"signed by {self.signer!r}, certified by {self.issuer!r}")
        return "; ".join([*parts, *self.reasons[:3]])

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        yield "state", self.state, _IN_WORDS[self.state]
        for reason in self.reasons:
            code, _, text = reason.partition(": ")
            yield "reason", code, text
        for name in ("signer", "issuer", "algorithm", "time", "generator", "title"):
            if getattr(self, name):
                yield name, getattr(self, name), ""
        for action in self.actions:
            yield "action", action["action"], action["description"]
        for one in self.ingredients:
            yield "ingredient", one["title"], f"{one['format']} {one['state']}".strip()

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row for each thing that is said: what, value, detail.

        Example:
            >>> still = src.save_frame("unsigned.png", "2s")
            >>> tl.read_credentials(still).to_dataframe()
                what value                         detail
            0  state  none  it has no content credentials
        """
        names = ("what", "value", "detail")
        rows = [dict(zip(names, row, strict=True)) for row in self._rows()]
        return table_of(rows, names)

    def __repr__(self) -> str:
        lines = (f"  {what}: {value}  {more}" for what, value, more in self._rows())
        return "\n".join([self.summary, *map(str.rstrip, lines)])

    def _repr_html_(self) -> Any:
        cell = "<td style='text-align:left'>"
        rows = "".join(
            f"<tr>{''.join(f'{cell}{escape(part)}</td>' for part in row)}</tr>"
            for row in self._rows()
        )
        return f"<div>{escape(self.summary)}</div><table>{rows}</table>"


def read_file(
    path: Path, anchors: "str | bytes | os.PathLike[str] | None" = None
) -> FilmCredentials:
    """Read the content credentials of a file, and check them against its bytes.

    The library reads it in a process of its own, which is ended when it takes too long
    or too much memory.

    Args:
        path: The file.
        anchors: Certificates of authorities that are trusted, as PEM; none if None.

    Raises:
        CredentialError: The file cannot be read, or not within the limits; its format
            holds none, or the library is not installed.
    """
    # Their file may hold a private key, too, which no error shows then.
    anchors = None if anchors is None else without_keys(anchors)
    kind = media_type(path.suffix)
    if not kind:
        raise CredentialError(
            f"{path}: files of {path.suffix or 'no suffix'} cannot hold content "
            "credentials"
        )
    require_library()
    trusted = "" if anchors is None else certificates_in(anchors, what="anchors")
    with (
        file_errors(path, CredentialError, verb="read"),
        temporary_folder() as folder,
        open_file(path) as file,
    ):
        place = folder / "anchors.pem"
        place.write_text(trusted, "ascii")
        stated = _read_apart(file, path, kind, place)
    facts = {name: getattr(stated, name) for name in stated.__struct_fields__}
    return FilmCredentials(path=path, **facts)


def _read_apart(
    file: IO[bytes], path: Path, kind: str, anchors: Path
) -> StatedCredentials:
    """Read a file in a process of its own.

    Raises:
        CredentialError: It crashed, or exceeded a limit.
    """
    memory, seconds = MAX_MEMORY_BYTES, MAX_SECONDS
    # What is signed is hashed whole.
    time_s = seconds.value + os.fstat(file.fileno()).st_size // _BYTES_PER_S
    result = run_module(
        _CHILD,
        kind,
        str(anchors),
        str(memory.value),
        str(time_s),
        given=file,
        time_s=time_s,
        memory_bytes=memory.value,
    )
    what = f"{path}: its content credentials cannot be read:"
    if result.end == "slow":
        raise CredentialError(
            f"{what} that took more than {time_s:,} s, and was ended; set "
            f"{seconds.variable} to allow more"
        )
    if result.end == "large" or _NO_MEMORY in result.error or result.code == TOO_LARGE:
        raise CredentialError(f"{what} it takes bytes of memory, {memory.excess}")
    if result.code:
        raise CredentialError(
            f"{what} the library c2pa ended with the code {result.code}: the file is "
            "not for it"
        )
    try:
        return msgspec.json.decode(result.output, type=StatedCredentials)
    except (msgspec.MsgspecError, RecursionError):
        raise CredentialError(f"{what} the answer to that is none") from None
