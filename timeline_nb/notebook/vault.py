"""Secrets in a notebook: type, list, use and remove them without showing them."""

from html import escape
from typing import Any

from timeline_nb.core.near_names import kind_of, quoted, suggestion
from timeline_nb.errors import VaultError
from timeline_nb.notebook.key_checks import KeyTools
from timeline_nb.security.entry_faults import entry_fault
from timeline_nb.security.prompt import ask_hidden
from timeline_nb.security.secret import Secret, is_key_like, secret_of
from timeline_nb.security.vault import Vault
from timeline_nb.security.wrapping import KeyKind
from timeline_nb.studio import Studio

__all__ = ["NotebookVault", "vault"]


class NotebookVault(KeyTools):
    """Keys and tokens by name, in an encrypted file; a cell shows names and hints.

    The file lies in the data folder. The key that opens it is kept in the system's
    keyring where there is one, and else derived from a passphrase, which is read from
    the environment (`TIMELINE_NB_VAULT_PASSPHRASE`) or asked for. The variable is taken
    out of the environment at once: a process that is started from here finds it only if
    it is given to it again.

    Args:
        studio: Whose vault; the notebook's own if not given.

    Example:
        >>> tl.vault.put("openai", tl.Secret("sk-0123456789abcdef"))
        >>> tl.vault
        <vault of 1 secret>
          openai  …
        >>> tl.vault.get("openai")
        Secret(••••••)
    """

    def __init__(self, studio: Studio | None = None) -> None:
        self._studio = studio

    def names(self) -> list[str]:
        """Return the names, sorted.

        Raises:
            VaultError: The vault cannot be opened.

        Example:
            >>> tl.vault.put("openai", tl.Secret("sk-0123456789abcdef"))
            >>> tl.vault.names()
            ['openai']
        """
        return self._owner.vault.names()

    def get(self, name: Any) -> Secret:
        """Return the secret of a name; `reveal()` gives its text.

        Raises:
            VaultError: There is none, or the vault cannot be opened.

        Example:
            >>> tl.vault.put("openai", tl.Secret("sk-0123456789abcdef"))
            >>> key = tl.vault.get("openai")
            >>> key.reveal()[:3]
            'sk-'
        """
        found = self._owner.vault.get(name) if isinstance(name, str) else None
        if found is None and is_key_like(name):
            count = len(name)
            # It may be a key, by mistake: nothing of this call shows it.
            del name
            raise VaultError(
                f"the vault has no secret of the name given, which has {count:,} "
                "letters and is not shown, since it may be a key: give the name under "
                "which tl.vault.ask(...) keeps it"
            )
        if found is None:
            raise VaultError(
                f"the vault has no secret named {quoted(name)}"
                f"{suggestion(name, self.names())}. To type it: "
                f"tl.vault.ask({quoted(name)})"
            )
        return found

    def ask(self, name: Any, *, replace: bool = False) -> Secret:
        """Return a key; if there is none yet, let a person type it, and keep it.

        It is typed into a field that does not show it, and no cell contains it.

        Args:
            name: Its name, such as that of the provider.
            replace: Ask even if there is one.

        Raises:
            VaultError: The vault cannot be opened, nobody can be asked here, or what
                was typed is no key. The message says what to do.

        Example:
            >>> tl.vault.put("openai", tl.Secret("sk-0123456789abcdef"))
            >>> tl.vault.ask("openai")  # asks nobody, as there is one
            Secret(••••••)
        """
        # Before a person types it in vain.
        if fault := entry_fault(name, Secret("a")):
            raise VaultError(fault)
        found = None if replace else self._owner.vault.get(name)
        if found is not None:
            return found
        typed = ask_hidden(
            f"the key of {quoted(name)}: ",
            otherwise=f"keep it before, in a terminal: timeline-nb keys add {name}",
        )
        key = Secret.key(typed, name=name)
        self._owner.vault.put(name, key)
        return key

    def put(self, name: str, secret: Secret | str) -> None:
        """Keep a secret, in place of one of the same name.

        It is an assignment, and replaces without asking. A text written in a cell stays
        in the notebook: `ask` keeps it out of there.

        Args:
            name: Its name, such as that of the provider.
            secret: The secret, or its text.

        Raises:
            VaultError: The vault cannot be opened or written, or no secret can have
                this name or this text.

        Example:
            >>> tl.vault.put("openai", tl.Secret("sk-0123456789abcdef"))
            >>> tl.vault.names()
            ['openai']
        """
        kind = kind_of(secret)
        held = secret_of(secret)
        # What an error shows of this call is then masked.
        del secret
        if held is None:
            raise VaultError(
                f"the value of {quoted(name)} is {kind}: give a text or a Secret"
            )
        self._owner.vault.put(name, held)

    def delete(self, name: Any) -> None:
        """Forget a secret; that there is none is no error.

        Raises:
            VaultError: The vault cannot be opened or written.

        Example:
            >>> tl.vault.delete("openai")
            >>> tl.vault.names()
            []
        """
        if not isinstance(name, str):
            raise VaultError(f"name is {kind_of(name)}: give a text")
        self._owner.vault.delete(name)

    def rotate(self, to: KeyKind | None = None) -> None:
        """Encrypt everything anew with a new key, and remove the old one.

        Args:
            to: `keyring` or `passphrase`, to change what opens the vault. A new
                passphrase is read from TIMELINE_NB_VAULT_NEW_PASSPHRASE, or typed. If
                not given, a passphrase stays the same, and only the key changes that is
                derived from it.

        Raises:
            VaultError: The vault cannot be opened or written, or there is no new key.

        Example:
            >>> tl.vault.put("openai", tl.Secret("sk-0123456789abcdef"))
            >>> tl.vault.rotate()
            >>> tl.vault.names()
            ['openai']
        """
        self._file.rotate(to)

    def accept_older(self) -> None:
        """Accept a file older than the last one saved: a copy put back on purpose.

        Raises:
            VaultError: The vault cannot be opened.

        Example:
            >>> tl.vault.accept_older()  # after you put back a copy of the file
        """
        self._file.accept_older()

    @property
    def _file(self) -> Vault:
        store = self._owner.vault
        if not isinstance(store, Vault):
            raise VaultError(
                f"the secrets of this studio are in {kind_of(store)}, which "
                "has no key of its own"
            )
        return store

    def _rows(self) -> list[tuple[str, str]] | str:
        """Return names and hints, or why there are none to show; ask nobody."""
        store = self._owner.vault
        try:
            if isinstance(store, Vault) and store.asks:
                return "locked by a passphrase: tl.vault.names() asks for it"
            if isinstance(store, Vault):
                found = store.entries()
            else:
                kept = ((name, store.get(name)) for name in store.names())
                found = {name: secret for name, secret in kept if secret is not None}
        except VaultError as error:
            return str(error)
        return [(name, secret.hint) for name, secret in found.items()]

    @property
    def _note(self) -> str:
        store = self._owner.vault
        return store.age_note if isinstance(store, Vault) else ""

    def __repr__(self) -> str:
        rows = self._rows()
        if isinstance(rows, str):
            return f"<vault {rows}>"
        width = max((len(name) for name, _ in rows), default=0)
        lines = [f"  {name:<{width}}  {hint}" for name, hint in rows]
        notes = [self._note] if self._note else []
        counted = "1 secret" if len(rows) == 1 else f"{len(rows)} secrets"
        return "\n".join([f"<vault of {counted}>", *lines, *notes])

    def _repr_html_(self) -> Any:
        rows = self._rows()
        if isinstance(rows, str):
            return f"<p>{escape(f'vault {rows}')}</p>"
        cells = "".join(
            f"<tr><td>{escape(name)}</td><td><code>{escape(hint)}</code></td></tr>"
            for name, hint in rows
        )
        note = f"<p>{escape(self._note)}</p>" if self._note else ""
        return f"<table><tr><th>name</th><th>secret</th></tr>{cells}</table>{note}"


vault = NotebookVault()
