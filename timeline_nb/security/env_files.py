"""Keys in `.env` files: found and listed, and taken over only if they are chosen.

Nothing is written while they are listed, and variables of the environment are neither
read nor set.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

from timeline_nb.core.interrupts import interrupts_held
from timeline_nb.core.near_names import kind_of, quoted, suggestion
from timeline_nb.core.tables import table_of
from timeline_nb.errors import VaultError
from timeline_nb.security.env_risks import (
    bare_name,
    file_risks,
    is_placeholder,
    name_risk,
)
from timeline_nb.security.env_search import EnvFile, env_files, read_env_file
from timeline_nb.security.env_text import assignments
from timeline_nb.security.providers import KeyProviders
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import SecretStore

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EnvKey", "EnvKeys", "find_keys", "take_keys"]

_COLUMNS: Final = ("name", "file", "provider", "last4", "risk")
# No provider's key is shorter.
_LEAST_LETTERS: Final = 8


@dataclass(frozen=True)
class EnvKey:
    """A key in a file.

    Args:
        name: The variable that is set to it.
        file: The file.
        provider: Whose key it is, which is its name in the vault.
        secret: The key.
        risks: What a person should know of it.
        digest: Of the file as it was read.
    """

    name: str
    file: Path
    provider: str
    secret: Secret
    risks: tuple[str, ...] = ()
    digest: bytes = field(default=b"", repr=False)

    @property
    def last4(self) -> str:
        """The last four letters, after an ellipsis."""
        return self.secret.hint


class EnvKeys(Sequence[EnvKey]):
    """Keys that were found in files; a cell shows them as a table.

    Args:
        keys: What was found, nearest first.
        folder: Where the search began; names of files are shown from there.
        notes: What was passed over, and why.
    """

    def __init__(
        self, keys: Iterable[EnvKey], *, folder: Path, notes: Iterable[str] = ()
    ) -> None:
        self._keys, self.folder, self.notes = tuple(keys), folder, tuple(notes)

    @overload
    def __getitem__(self, at: int) -> EnvKey: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[EnvKey, ...]: ...
    def __getitem__(self, at: int | slice) -> EnvKey | tuple[EnvKey, ...]:
        return self._keys[at]

    def __len__(self) -> int:
        return len(self._keys)

    def rows(self) -> list[dict[str, str]]:
        """Return one row a key: name, file, provider, last4, risk."""
        return [
            {
                "name": key.name,
                "file": self.shown(key.file),
                "provider": key.provider,
                "last4": key.last4,
                "risk": "; ".join(key.risks),
            }
            for key in self._keys
        ]

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row a key: name, file, provider, last4, risk."""
        return table_of(self.rows(), _COLUMNS)

    def shown(self, path: Path) -> str:
        """Return a file's name as the table shows it: from the folder, `../.env`."""
        try:
            return Path(os.path.relpath(path, self.folder)).as_posix()
        except ValueError:  # on another drive
            return str(path)

    def chosen(self, names: Any) -> list[EnvKey]:
        """Return the keys that are named.

        Args:
            names: Variables, as the table names them, `FILE:NAME` where several files
                set one; or keys of this object.

        Raises:
            VaultError: There is no such key, or there are several.
        """
        if isinstance(names, (str, EnvKey)):
            names = [names]
        names = list(names) if isinstance(names, Iterable) else [names]
        for one in names:
            if not isinstance(one, str | EnvKey):
                raise VaultError(
                    f"a name is {kind_of(one)}: give texts, as the table names "
                    "the variables"
                )
        found = [one if isinstance(one, EnvKey) else self._named(one) for one in names]
        return list({(key.file, key.name): key for key in found}.values())

    def _named(self, text: str) -> EnvKey:
        file, _, name = text.rpartition(":")
        found = [
            key
            for key in self._keys
            if key.name == name and file in {"", self.shown(key.file), str(key.file)}
        ]
        if not found:
            hint = suggestion(text, dict.fromkeys(key.name for key in self._keys))
            raise VaultError(f"no key {quoted(text)} was found in .env files{hint}")
        if any(key.secret != found[0].secret for key in found):
            files = " or ".join(f"'{self.shown(key.file)}:{name}'" for key in found)
            raise VaultError(f"{name} has several values: choose {files}")
        return found[0]

    def __repr__(self) -> str:
        rows = [list(_COLUMNS), *(list(row.values()) for row in self.rows())]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(map(str.ljust, row, widths)).rstrip()
            for row in rows
            if self._keys
        ]
        return "\n".join([*(lines or ["no keys in .env files"]), *self.notes])

    def _repr_html_(self) -> Any:
        from html import escape

        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        if not self._keys:
            return f"<p>no keys in .env files</p>{notes}"
        return str(self.to_dataframe().to_html(index=False, escape=True)) + notes


def find_keys(
    folder: Path | str | None = None, *, providers: KeyProviders | None = None
) -> EnvKeys:
    """Return the keys in the `.env*` files of a folder and of those above it.

    The search ends at the root of a repository, at the person's home, or three folders
    above. Files are ordinary ones of at most 256 kB.

    Args:
        folder: Where to begin; the working folder if not given.
        providers: Whose keys are looked for; those built in if not given.

    Raises:
        VaultError: The folder cannot be searched.

    Example:
        >>> import tempfile
        >>> from timeline_nb.security.env_files import find_keys
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / ".env").write_text("VITE_OPENAI_API_KEY=sk-0123456789abcdef")
        >>> [(key.name, key.provider) for key in find_keys(folder)]
        [('VITE_OPENAI_API_KEY', 'openai')]
    """
    known = KeyProviders() if providers is None else providers
    start = Path.cwd() if folder is None else Path(folder).expanduser()
    keys: list[EnvKey] = []
    notes: list[str] = []
    shown = EnvKeys((), folder=start.resolve()).shown
    for path in env_files(start):
        # An interrupt would show the frames of these steps, with the text in them.
        with interrupts_held():
            file = read_env_file(path)
            if isinstance(file, str):
                notes.append(f"{shown(path)} {file}")
            else:
                keys += _keys_of(file, known, shown(path), notes)
    return EnvKeys(keys, folder=start.resolve(), notes=notes)


def _keys_of(
    file: EnvFile, providers: KeyProviders, shown: str, notes: list[str]
) -> Iterator[EnvKey]:
    """Yield the keys of a file; of several values of a name, the last one counts."""
    last = {found.name: found.value for found in assignments(file.text)}
    risks: list[str] | None = None
    for name, value in last.items():
        provider = providers.of_variable(name) or providers.of_variable(bare_name(name))
        if provider is None:
            continue
        if fault := _fault(value, name):
            notes.append(f"{shown}: {name} {fault}")
            continue
        risks = file_risks(file.path, file.state) if risks is None else risks
        own = [risk] if (risk := name_risk(name)) else []
        secret = Secret.key(value.reveal(), name=name)
        yield EnvKey(
            name, file.path, provider.name, secret, (*own, *risks), file.digest
        )


def _fault(value: Secret, name: str) -> str:
    """Return why a value is no key; empty if it may be one."""
    if is_placeholder(value.reveal()):
        return "is a placeholder or names another variable"
    if len(value.reveal().strip()) < _LEAST_LETTERS:
        return f"has less than {_LEAST_LETTERS} letters"
    try:
        Secret.key(value.reveal(), name=name)
    except VaultError:
        return "holds a space, a line break or a letter outside ASCII"
    return ""


def take_keys(
    keys: Sequence[EnvKey],
    store: SecretStore,
    *,
    replace: bool = False,
    how: str = "replace=True",
) -> list[str]:
    """Put keys into a store under the names of their providers.

    Args:
        keys: What was chosen.
        store: Where they are kept.
        replace: Whether they may take the place of other keys.
        how: What a person says for it; the error shows it.

    Returns:
        The names of what is new in the store.

    Raises:
        VaultError: Two keys are of one provider, or the store has another key of one
            and `replace` is false; nothing is kept then.
    """
    wanted: dict[str, EnvKey] = {}
    for key in keys:
        first = wanted.setdefault(key.provider, key)
        if first.secret != key.secret:
            raise VaultError(
                f"{first.name} and {key.name} are both keys of {key.provider!r}, which "
                "has one: choose one of them"
            )
    new = []
    for name, key in wanted.items():
        kept = store.get(name)
        if kept is not None and kept != key.secret and not replace:
            raise VaultError(
                f"the vault has another key of {name!r} than {key.name} of "
                f"{key.file.name}: say {how}, or leave it out"
            )
        if kept is None or kept != key.secret:
            new.append(name)
    for name in new:
        store.put(name, wanted[name].secret)
    return new
