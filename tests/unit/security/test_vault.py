import base64
import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from stand_ins.keyrings import FolderKeyring, MemoryKeyring

from timeline_nb.core.files import write_private
from timeline_nb.errors import VaultError
from timeline_nb.security import vault as vault_module
from timeline_nb.security import wrapping
from timeline_nb.security.secret import Secret
from timeline_nb.security.vault import Vault, open_vault

WORDS = "correct horse battery"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapping, "SCRYPT_N", 1 << 14)


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def vault(tmp_path: Path, keyring: MemoryKeyring) -> Vault:
    return open_vault(tmp_path / "vault", keyring=keyring)


def by_passphrase(folder: Path, words: str = WORDS) -> Vault:
    keyring = MemoryKeyring(fault="there is none")
    return open_vault(folder, keyring=keyring, passphrase=Secret(words))


def texts(vault: Vault) -> dict[str, str]:
    return {name: secret.reveal() for name, secret in vault.entries().items()}


def rewrite_header(vault: Vault, change: Change) -> None:
    magic, head, body, _ = vault.path.read_bytes().split(b"\n")
    header = json.loads(head)
    change(header)
    vault.path.write_bytes(b"\n".join([magic, json.dumps(header).encode(), body, b""]))


def test_secrets_are_kept_by_name(vault: Vault) -> None:
    assert vault.names() == []
    assert vault.get("openai") is None
    assert not vault.path.exists()
    vault.put("vimeo", Secret("v-1"))
    vault.put("openai", Secret("s-1"))
    vault.put("openai", Secret("s-2 with ünïcode \U0001f511"))
    assert vault.names() == ["openai", "vimeo"]
    assert texts(vault) == {"openai": "s-2 with ünïcode \U0001f511", "vimeo": "v-1"}
    vault.delete("vimeo")
    vault.delete("vimeo")
    assert vault.names() == ["openai"]


def test_another_reader_of_the_format_finds_the_same(tmp_path: Path) -> None:
    """The format as documented, with hashlib's scrypt (RFC 7914) and AES-GCM."""
    vault = by_passphrase(tmp_path)
    vault.put("openai", Secret("s-1"))
    magic, head, body, end = vault.path.read_bytes().split(b"\n")
    header = {**json.loads(head)}
    key = header["key"]
    b64 = base64.b64decode
    wrapping_key = hashlib.scrypt(
        WORDS.encode(), salt=b64(key["salt"]), n=key["n"], r=key["r"], p=key["p"]
    )[:32]
    data_key = AESGCM(wrapping_key).decrypt(
        b64(header["wrap_nonce"]),
        b64(header["wrapped"]),
        b"TIMELINE_NB VAULT 1\n" + header["id"].encode(),
    )
    plain = AESGCM(data_key).decrypt(
        b64(header["nonce"]), b64(body), magic + b"\n" + head + b"\n"
    )
    assert (magic, end) == (b"TIMELINE_NB VAULT 1", b"")
    assert json.loads(plain) == {"openai": "s-1"}
    assert len(data_key) == 32
    assert (key["by"], header["generation"]) == ("scrypt", 1)


def test_the_file_shows_neither_names_nor_texts(vault: Vault) -> None:
    vault.put("openai", Secret("sk-very-secret"))
    raw = vault.path.read_bytes()
    assert b"openai" not in raw
    assert b"sk-very" not in raw
    assert b"sk-very" not in base64.b64decode(raw.split(b"\n")[2])


def test_only_the_owner_may_read_it(tmp_path: Path, keyring: MemoryKeyring) -> None:
    before = os.umask(0)
    try:
        vault = open_vault(tmp_path / "new" / "vault", keyring=keyring)
        vault.put("a", Secret("b"))
        vault.path.chmod(0o666)
        vault.put("c", Secret("d"))
    finally:
        os.umask(before)
    modes = [
        stat.S_IMODE(path.stat().st_mode)
        for path in (vault.path, Path(f"{vault.path}.lock"), vault.path.parent)
    ]
    assert modes == [0o600, 0o600, 0o700]
    assert sorted(p.name for p in vault.path.parent.iterdir()) == [
        "keys.vault",
        "keys.vault.lock",
    ]


def test_a_private_file_is_private_from_its_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    write = Path.write_bytes

    def watched(path: Path, data: bytes) -> int:
        seen.append(stat.S_IMODE(path.stat().st_mode))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", watched)
    target = tmp_path / "keys"
    write(target, b"old")
    target.chmod(0o644)
    write_private(target, b"new")
    write_private(tmp_path / "other", b"new")
    assert seen == [0o600, 0o600]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_no_key_and_no_nonce_is_used_twice(vault: Vault) -> None:
    seen: dict[str, set[str]] = {name: set() for name in ("wrap", "nonce", "data")}
    for _ in range(20):
        vault.put("a", Secret("b"))
        _, head, body, _ = vault.path.read_text().split("\n")
        header = json.loads(head)
        seen["wrap"].add(header["wrap_nonce"])
        seen["nonce"].add(header["nonce"])
        seen["data"].update((header["wrapped"], body))
    assert {name: len(found) for name, found in seen.items()} == {
        "wrap": 20,
        "nonce": 20,
        "data": 40,
    }


def test_what_was_changed_is_refused_and_stays_as_it_is(vault: Vault) -> None:
    vault.put("a", Secret("b"))
    raw = vault.path.read_bytes()
    changed = raw[:-6] + bytes([raw[-6] ^ 1]) + raw[-5:]
    vault.path.write_bytes(changed)
    for work in (
        vault.names,
        vault.entries,
        vault.rotate,
        vault.accept_older,
        lambda: vault.get("a"),
        lambda: vault.put("c", Secret("d")),
        lambda: vault.delete("a"),
    ):
        with pytest.raises(VaultError, match=r"keys\.vault cannot be opened: "):
            work()
    assert vault.path.read_bytes() == changed
    vault.path.write_bytes(raw)
    assert texts(vault) == {"a": "b"}


def test_base64_has_one_spelling(vault: Vault) -> None:
    """Of the last letter before `=`, decoders ignore 2 or 4 bits (RFC 4648, 3.5)."""
    text = "x"
    vault.put("a", Secret(text))
    while not vault.path.read_bytes().endswith(b"=\n"):
        text += "x"
        vault.put("a", Secret(text))
    raw = vault.path.read_bytes()
    at = len(raw.rstrip(b"=\n")) - 1
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    neighbor = letters[letters.index(raw[at]) ^ 1]
    other = raw[:at] + bytes([neighbor]) + raw[at + 1 :]
    lines = (
        base64.b64decode(raw.split(b"\n")[2]),
        base64.b64decode(other.split(b"\n")[2]),
    )
    assert lines[0] == lines[1]
    vault.path.write_bytes(other)
    with pytest.raises(VaultError, match="not base64"):
        vault.names()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda h: h["key"].update(n=1 << 30), "n"),
        (lambda h: h["key"].update(n=3 << 14), "power of two"),
        (lambda h: h["key"].update(r=1 << 20), "r"),
        (lambda h: h["key"].update(p=99), "p"),
        (lambda h: h["key"].update(salt="AAAA"), "salt"),
        (lambda h: h["key"].update(by="rot13"), "rot13"),
        (lambda h: h.update(extra=1), "extra"),
        (lambda h: h.update(generation=-1), "generation"),
        (lambda h: h.update(id="../../x"), "id"),
        (lambda h: h.pop("nonce"), "nonce"),
    ],
)
def test_a_forged_header_is_refused_before_anything_is_derived(
    change: Change, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = by_passphrase(tmp_path)
    vault.put("a", Secret("b"))
    rewrite_header(vault, change)
    monkeypatch.setattr(wrapping, "ScryptKdf", None)
    with pytest.raises(VaultError, match=f"header cannot be read: .*{reason}"):
        by_passphrase(tmp_path).names()


def test_a_changed_generation_breaks_the_seal(vault: Vault) -> None:
    vault.put("a", Secret("b"))
    rewrite_header(vault, lambda header: header.update(generation=9))
    with pytest.raises(VaultError, match="its seal is broken"):
        vault.names()


@pytest.mark.parametrize("is_kept", [True, False])
def test_an_older_copy_is_refused_unless_it_is_accepted(
    tmp_path: Path, keyring: MemoryKeyring, *, is_kept: bool
) -> None:
    def again() -> Vault:
        if is_kept:
            return open_vault(tmp_path, keyring=keyring)
        return by_passphrase(tmp_path)

    again().put("a", Secret("old"))
    old = again().path.read_bytes()
    again().put("a", Secret("new"))
    again().path.write_bytes(old)
    with pytest.raises(VaultError, match=r"save 1 of 2.*accept-older"):
        again().names()
    with pytest.raises(VaultError, match="is older"):
        again().put("b", Secret("c"))
    assert again().path.read_bytes() == old
    again().accept_older()
    assert texts(again()) == {"a": "old"}
    again().put("b", Secret("c"))
    assert again().names() == ["a", "b"]


def test_a_kill_between_a_save_and_its_note_is_no_rollback(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.put("a", Secret("b"))
    noted = {n: t for n, t in keyring.texts.items() if n.endswith("generation")}
    vault.put("a", Secret("c"))
    keyring.texts.update(noted)
    assert texts(vault) == {"a": "c"}


def test_a_generation_that_cannot_be_noted_loses_no_save(
    vault: Vault,
    keyring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    vault.put("a", Secret("b"))

    def refuse(*_: object) -> None:
        raise VaultError("the keyring is locked")

    monkeypatch.setattr(keyring, "store", refuse)
    vault.put("c", Secret("d"))
    assert "the keyring is locked" in caplog.text
    assert texts(vault) == {"a": "b", "c": "d"}


def test_the_key_is_read_from_the_keyring_once(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.put("a", Secret("b"))
    again = Vault(vault.path, open_vault(vault.path.parent, keyring=keyring)._key)
    keyring.calls.clear()
    for _ in range(5):
        again.names()
    # The generation five times, and the key.
    assert keyring.calls == {"fetch": 6}


def test_rotating_makes_a_new_key_and_removes_the_old_one(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.put("a", Secret("b"))
    before, copy = dict(keyring.texts), vault.path.read_bytes()
    vault.rotate()
    keys = [{n for n in t if " key " in n} for t in (before, keyring.texts)]
    assert [len(found) for found in keys] == [1, 1]
    assert keys[0] != keys[1]
    assert texts(vault) == {"a": "b"}
    vault.path.write_bytes(copy)
    with pytest.raises(VaultError, match="its key is not in the keyring"):
        open_vault(vault.path.parent, keyring=keyring).names()


def test_from_the_keyring_to_a_passphrase_and_back(
    tmp_path: Path, keyring: MemoryKeyring
) -> None:
    vault = open_vault(tmp_path, keyring=keyring, passphrase=Secret(WORDS))
    vault.put("a", Secret("b"))
    kinds = [vault.kept_by]
    vault.rotate("passphrase")
    kinds.append(vault.kept_by)
    assert not [name for name in keyring.texts if " key " in name]
    assert texts(by_passphrase(tmp_path)) == {"a": "b"}
    with pytest.raises(VaultError, match="passphrase is wrong, or the file"):
        by_passphrase(tmp_path, "another horse").names()
    vault.rotate()
    kinds.append(vault.kept_by)
    vault.rotate("keyring")
    kinds.append(vault.kept_by)
    assert kinds == ["keyring", "passphrase", "passphrase", "keyring"]
    assert texts(open_vault(tmp_path, keyring=keyring)) == {"a": "b"}
    with pytest.raises(VaultError, match="no place of a key"):
        vault.rotate("pocket")  # type: ignore[arg-type]


def test_without_a_keyring_an_existing_vault_says_what_to_do(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.put("a", Secret("b"))
    keyring.why = "it is locked"
    again = open_vault(vault.path.parent, keyring=keyring)
    with pytest.raises(VaultError, match=r"it is locked.*rotate --to passphrase"):
        again.names()
    with pytest.raises(VaultError, match="no key can be kept: there is none"):
        by_passphrase(vault.path.parent / "other").rotate("keyring")


def test_the_passphrase_may_be_composed_by_another_keyboard(tmp_path: Path) -> None:
    by_passphrase(tmp_path, "pa\u0308sswort lang").put("a", Secret("b"))
    assert by_passphrase(tmp_path, "p\u00e4sswort lang\n").names() == ["a"]


def test_a_rotation_by_another_process_is_followed(
    vault: Vault, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is read, and its key is gone when it is looked for."""
    vault.put("a", Secret("b"))
    reader = open_vault(vault.path.parent, keyring=keyring)
    read = reader._bytes
    pending = [vault.rotate]

    def read_then_rotate() -> bytes | None:
        raw = read()
        while pending:
            pending.pop()()
        return raw

    monkeypatch.setattr(reader, "_bytes", read_then_rotate)
    assert texts(reader) == {"a": "b"}


def test_of_two_that_make_a_vault_at_once_one_keeps_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = FolderKeyring(tmp_path / "keyring")
    one, two = (open_vault(tmp_path / "vault", keyring=keyring) for _ in range(2))
    create = one._key.create
    pending = [lambda: two.put("b", Secret("2"))]

    def create_later(*given: Any) -> Any:
        made = create(*given)
        while pending:
            pending.pop()()
        return made

    monkeypatch.setattr(one._key, "create", create_later)
    one.put("a", Secret("1"))
    assert texts(two) == {"a": "1", "b": "2"}
    keys = [path for path in (tmp_path / "keyring").iterdir() if " key " in path.name]
    assert len(keys) == 1


def test_another_program_that_writes_is_waited_for(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault_module, "_LOCK_WAIT_S", 0.2)
    vault.put("a", Secret("b"))
    with vault._alone():
        other = open_vault(vault.path.parent, keyring=MemoryKeyring())
        waiting = pytest.raises(VaultError, match="being written by another program")
        with waiting, other._alone():
            pass
        # Who reads needs no lock.
        assert vault.names() == ["a"]


@pytest.mark.parametrize("name", ["", "a\nb", "\x00", "x" * 201, "\ud800", 7, None])
def test_names_are_checked(vault: Vault, name: Any) -> None:
    with pytest.raises(VaultError, match="cannot be named"):
        vault.put(name, Secret("b"))
    assert not vault.path.exists()


def test_texts_are_checked_and_not_shown(vault: Vault) -> None:
    for text in ("hidden\ud800", "hidden" * 20_000):
        with pytest.raises(VaultError, match="'a' is no text, or has more") as caught:
            vault.put("a", Secret(text))
        assert "hidden" not in str(caught.value)
    with pytest.raises(VaultError, match="'a' is a str: give a Secret"):
        vault.put("a", "hidden")  # type: ignore[arg-type]


def test_what_is_no_file_is_refused(vault: Vault) -> None:
    vault.path.parent.mkdir()
    vault.path.mkdir()
    with pytest.raises(
        VaultError, match=r"keys\.vault is no ordinary file|Is a directory"
    ):
        vault.names()
    vault.path.rmdir()
    os.mkfifo(vault.path)
    with pytest.raises(VaultError, match="no ordinary file"):
        vault.put("a", Secret("b"))
    vault.path.unlink()
    with vault.path.open("wb") as file:
        file.truncate(10**9)
    with pytest.raises(VaultError, match="more than 16,000,000 bytes"):
        vault.names()
    vault.path.write_bytes(b"")
    with pytest.raises(VaultError, match="first line is not that of a vault"):
        vault.put("a", Secret("b"))
    assert vault.path.read_bytes() == b""


def test_the_note_of_a_passphrase_vault_is_checked(tmp_path: Path) -> None:
    vault = by_passphrase(tmp_path)
    vault.put("a", Secret("b"))
    noted = tmp_path / "keys.generation"
    noted.write_text(noted.read_text().split()[0] + " many\n")
    with pytest.raises(VaultError, match=r"keys.generation is no number"):
        vault.names()
    noted.write_text("another-vault 99\n")
    assert vault.names() == ["a"]
    noted.unlink()
    assert vault.names() == ["a"]


def test_a_keyring_that_forgets_keeps_no_vault(
    vault: Vault, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "store", lambda *_: None)
    with pytest.raises(VaultError, match="does not keep what it is given"):
        vault.put("a", Secret("b"))
    assert not vault.path.exists()
