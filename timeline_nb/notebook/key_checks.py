"""Keys of the vault in a notebook: whether they are good, and those of `.env` files."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.near_names import kind_of, quoted, suggestion
from timeline_nb.core.run_async import run_async
from timeline_nb.core.structs import from_builtins
from timeline_nb.core.tables import table_of
from timeline_nb.errors import VaultError
from timeline_nb.notebook.progress import finish
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.security.checks import KeyCheck
    from timeline_nb.security.env_files import EnvKey, EnvKeys
    from timeline_nb.security.provider import KeyProvider
    from timeline_nb.security.secret import Secret

__all__ = ["KeyReport", "KeyTools"]


class KeyReport(Sequence["KeyCheck"]):
    """How keys were found; a cell shows it as a table.

    `report["openai"]` is the check of one key, with its `verdict` and `reason`.

    Args:
        checks: One a key.
    """

    def __init__(self, checks: Iterable["KeyCheck"]) -> None:
        self._checks = tuple(checks)

    @overload
    def __getitem__(self, which: int | str) -> "KeyCheck": ...
    @overload
    def __getitem__(self, which: slice) -> "tuple[KeyCheck, ...]": ...
    def __getitem__(
        self, which: int | str | slice
    ) -> "KeyCheck | tuple[KeyCheck, ...]":
        if isinstance(which, str):
            by_name = {check.name: check for check in self._checks}
            if which not in by_name:
                hint = suggestion(which, by_name)
                raise VaultError(f"no key {quoted(which)} was checked{hint}")
            return by_name[which]
        return self._checks[which]

    def __len__(self) -> int:
        return len(self._checks)

    @property
    def all_valid(self) -> bool:
        """Whether every key is good."""
        return all(check.verdict == "valid" for check in self._checks)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row a key: name, verdict, reason, host, checked_at (UTC)."""
        columns = ("name", "verdict", "reason", "host", "checked_at")
        rows = [
            {name: getattr(check, name) for name in columns} for check in self._checks
        ]
        return table_of(
            [row | {"verdict": row["verdict"].value} for row in rows], columns
        )

    def __repr__(self) -> str:
        width = max((len(check.name) for check in self._checks), default=0)
        lines = [
            f"{check.name:<{width}}  {check.verdict:<7}  {check.reason}"
            for check in self._checks
        ]
        return "\n".join(lines) or "no keys to check"

    def _repr_html_(self) -> Any:
        if not self._checks:
            return f"<p>{escape(repr(self))}</p>"
        table = self.to_dataframe().drop(columns="checked_at")
        return table.to_html(index=False, escape=True)


class KeyTools:
    """What `tl.vault` does with the keys of providers."""

    _studio: Studio | None = None

    @property
    def _owner(self) -> Studio:
        return self._studio or default_studio()

    def check(self, *names: str, fresh: bool = False) -> KeyReport:
        """Return whether keys are good, each by one request that costs nothing.

        A key is sent to its provider alone, by the address that the report names. What
        was found is kept for five minutes, but for `unknown`.

        Args:
            names: Of keys in the vault; all that are no accounts if not given.
            fresh: Whether they are asked again though a verdict is kept.

        Returns:
            One check a key: `valid`, `invalid` if the provider says so, `limited` if it
            may not do this now, or `unknown` if there was no answer; with the reason.

        Raises:
            VaultError: The vault has no such key, or cannot be opened.

        Example:
            >>> tl.vault.check("openai")  # doctest: +SKIP
            openai  valid    OpenAI accepts it
        """
        return finish(lambda: self.start_check(*names, fresh=fresh))

    def start_check(self, *names: str, fresh: bool = False) -> Job[KeyReport]:
        """Start `check` as a job, which can be awaited, watched and cancelled.

        Example:
            >>> job = tl.vault.start_check("openai")  # doctest: +SKIP
            >>> report = await job  # doctest: +SKIP
        """
        # Here and not in the job: the vault may ask for its passphrase.
        keys, checks = self._keys(names), self._owner.key_checks

        def work(reporter: Reporter) -> KeyReport:
            def report(done: int) -> None:
                reporter.report("check", done, len(keys), unit="key", wait=False)

            return KeyReport(
                run_async(
                    lambda: checks.check_all(keys, fresh=fresh, report=report),
                    reporter.check,
                )
            )

        return self._owner.start("check keys", work)

    def _keys(self, names: Sequence[Any]) -> "dict[str, Secret]":
        store = self._owner.vault
        # Accounts and their clients are no keys: what they hold is sent to nobody.
        known = [name for name in store.names() if ":" not in name]
        keys = {}
        for name in names or known:
            if not isinstance(name, str):
                raise VaultError(f"a name is {kind_of(name)}: give a text")
            found = store.get(name) if name in known else None
            if found is None:
                what = "is no API key" if ":" in name else "is not in the vault"
                hint = suggestion(name, known)
                raise VaultError(f"{quoted(name)} {what}{hint}")
            keys[name] = found
        return keys

    def declare(self, name: str, address: str, **fields: Any) -> "KeyProvider":
        """Declare a provider of keys, so that `check` and `find_env` know it.

        It is known to this studio, until the kernel ends.

        Args:
            name: The name of its key in the vault.
            address: What a GET asks, without cost: an https address. `{key}` in its
                path is where the key stands, if it is in no header.
            fields: More of `KeyProvider`: `label`, `header` (authorization), `scheme`
                ("Bearer "), `headers`, `proof`, `invalid`, `invalid_texts`, `limited`,
                `variables`, `page`.

        Raises:
            VaultError: A field cannot be used, or the name belongs to another provider.

        Example:
            >>> provider = tl.vault.declare(
            ...     "acme",
            ...     "https://api.acme.example/v1/me",
            ...     header="x-acme-key",
            ...     variables=["ACME_API_KEY"],
            ... )
            >>> provider.name, provider.variables
            ('acme', ('ACME_API_KEY',))
        """
        import msgspec

        from timeline_nb.security.provider import KeyProvider

        given = {"name": name, "address": address, **fields}
        try:
            provider = from_builtins(given, KeyProvider)
        except msgspec.ValidationError as error:
            raise VaultError(f"the provider {quoted(name)}: {error}") from None
        self._owner.key_checks.providers.declare(provider)
        return provider

    def find_env(self, folder: Path | str | None = None) -> "EnvKeys":
        """Return the keys in `.env*` files beside the notebook and above; take none.

        A cell shows them as a table of name, file, provider, last letters and risk.
        The search ends at the root of a repository, at home, or three folders above.
        Variables of the environment are neither read nor set.

        Args:
            folder: Where to begin; the working folder if not given.

        Raises:
            VaultError: The folder cannot be searched.

        Example:
            >>> tl.vault.find_env()
            no keys in .env files
        """
        from timeline_nb.security.env_files import find_keys

        _check_folder(folder)
        return find_keys(folder, providers=self._owner.key_checks.providers)

    def import_env(
        self,
        names: "Iterable[str | EnvKey]",
        *,
        folder: Path | str | None = None,
        comment_out: bool = False,
        replace: bool = False,
    ) -> "EnvKeys":
        """Take keys over from `.env*` files, under the names of their providers.

        Args:
            names: Variables as `find_env` names them, `FILE:NAME` where several files
                set one; or keys of what it returned.
            folder: As in `find_env`.
            comment_out: Whether a `#` is put before their lines afterwards. The key
                stays in the comment until the line is deleted.
            replace: Whether they may take the place of other keys in the vault.

        Returns:
            What was taken.

        Raises:
            VaultError: A name is not found or not clear, the vault has another key of
                the provider, or a file has changed meanwhile or cannot be written.

        Example:
            >>> from pathlib import Path
            >>> Path("keys").mkdir()
            >>> Path("keys/.env").write_text("OPENAI_API_KEY=sk-0123456789abcdef")
            34
            >>> tl.vault.import_env(["OPENAI_API_KEY"], folder="keys")
            name            file  provider  last4  risk
            OPENAI_API_KEY  .env  openai    …
        """
        return self.take_env(
            names, folder=folder, comment_out=comment_out, replace=replace
        )

    def take_env(
        self,
        names: "Iterable[str | EnvKey]",
        *,
        folder: Path | str | None,
        comment_out: bool,
        replace: bool,
        how: str = "replace=True",
    ) -> "EnvKeys":
        """Do what `import_env` does; an error shows `how` a key is replaced.

        :meta private:
        """
        from timeline_nb.security.env_comment import check_writable
        from timeline_nb.security.env_comment import comment_out as comment_lines
        from timeline_nb.security.env_files import EnvKeys, take_keys

        found = self.find_env(folder)
        chosen = found.chosen(names)
        if not chosen:
            hint = suggestion("", [key.name for key in found])
            raise VaultError(f"names: choose what is taken over{hint}")
        if comment_out:
            check_writable(chosen)
        take_keys(chosen, self._owner.vault, replace=replace, how=how)
        written = comment_lines(chosen) if comment_out else []
        notes = [
            f"{found.shown(path)}: the keys stay in the comments until the lines are "
            "deleted"
            for path in written
        ]
        return EnvKeys(chosen, folder=found.folder, notes=notes)


def _check_folder(folder: Any) -> None:
    if folder is not None and not isinstance(folder, str | Path):
        raise VaultError(f"folder is {kind_of(folder)}: give a text or a Path")
