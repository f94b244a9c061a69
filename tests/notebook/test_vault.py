"""`tl.vault` and `timeline-nb keys`, as a person uses them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from jupyter_client.manager import start_new_kernel
from stand_ins.keyrings import MemoryKeyring
from typer.testing import CliRunner

import timeline_nb as tl
from timeline_nb.cli.app import app
from timeline_nb.notebook.vault import NotebookVault
from timeline_nb.security import prompt, wrapping
from timeline_nb.security.store import MemoryStore
from timeline_nb.security.vault import open_vault

KEY: Final = "sk-1234567890123456wxyz"
PASSPHRASE: Final = "TIMELINE_NB_VAULT_PASSPHRASE"  # noqa: S105 - its name


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def vault(tmp_path: Path, keyring: MemoryKeyring) -> NotebookVault:
    kept = open_vault(tmp_path / "vault", keyring=keyring)
    return NotebookVault(tl.open_studio(vault=kept))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    answers: list[str] = []
    monkeypatch.setattr(prompt, "has_person", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: answers.pop(0))
    return answers


def test_a_key_is_asked_for_once(vault: NotebookVault, typed: list[str]) -> None:
    typed += [f" {KEY}\n", "sk-other"]
    assert vault.ask("openai").reveal() == KEY
    assert vault.ask("openai") == vault.get("openai")
    assert vault.ask("openai", replace=True).reveal() == "sk-other"
    assert vault.names() == ["openai"]
    vault.delete("openai")
    assert vault.names() == []


def test_what_is_no_key_is_not_kept(vault: NotebookVault, typed: list[str]) -> None:
    typed += ["two words", ""]
    for fault in ("holds a space", "is empty"):
        with pytest.raises(tl.VaultError, match=f"the key of 'openai' {fault}"):
            vault.ask("openai")
    assert vault.names() == []


def test_a_text_or_a_secret_is_kept(vault: NotebookVault) -> None:
    vault.put("a", KEY)
    vault.put("b", tl.Secret(KEY))
    assert vault.get("a") == vault.get("b") == tl.Secret(KEY)
    with pytest.raises(tl.VaultError, match="'c' is an int: give a text or a Secret"):
        vault.put("c", 7)  # type: ignore[arg-type]


def test_a_name_that_is_not_there_is_suggested(vault: NotebookVault) -> None:
    vault.put("openai", KEY)
    with pytest.raises(
        tl.VaultError, match=r"'opnai'; did you mean 'openai'.*tl\.vault"
    ):
        vault.get("opnai")


def test_a_cell_shows_names_and_hints_and_no_markup(vault: NotebookVault) -> None:
    vault.put("openai", KEY)
    vault.put("<b>", "short")
    assert repr(vault) == "<vault of 2 secrets>\n  <b>     …\n  openai  …wxyz"
    html = vault._repr_html_()
    assert "<td>openai</td><td><code>…wxyz</code></td>" in html
    assert "&lt;b&gt;" in html
    assert KEY[:8] not in html


def test_a_cell_shows_why_a_vault_does_not_open(
    vault: NotebookVault, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.put("openai", KEY)
    keyring.texts.clear()
    again = NotebookVault(
        tl.open_studio(vault=open_vault(vault._file.path.parent, keyring=keyring))
    )
    assert "is not in the keyring of this user and machine" in repr(again)
    # A passphrase is not asked for by what only shows.
    monkeypatch.setattr(wrapping, "SCRYPT_N", 1 << 14)
    monkeypatch.setattr("getpass.getpass", lambda _: 1 / 0)
    by_words = {"passphrase": tl.Secret("correct horse")}
    folder = vault._file.path.parent.parent / "other"
    locked = MemoryKeyring(fault="none")
    open_vault(folder, keyring=locked, **by_words).put("a", tl.Secret("b"))
    shown = NotebookVault(tl.open_studio(vault=open_vault(folder, keyring=locked)))
    assert repr(shown) == "<vault locked by a passphrase: tl.vault.names() asks for it>"
    assert "locked by a passphrase" in shown._repr_html_()


def test_a_studio_takes_another_store() -> None:
    store = MemoryStore([("openai", tl.Secret(KEY))])
    with tl.open_studio(vault=store) as studio:
        assert studio.vault is store
        other = NotebookVault(studio)
        assert other.names() == ["openai"]
        assert "…wxyz" in repr(other)
        with pytest.raises(tl.VaultError, match="are in a MemoryStore"):
            other.rotate()


def test_a_studio_s_own_vault_lies_in_its_data_folder(tmp_path: Path) -> None:
    with tl.open_studio(tl.Settings(data_dir=tmp_path / "data")) as studio:
        assert studio.vault.names() == []
        assert not (tmp_path / "data").exists()
        assert studio.vault is studio.vault
        assert isinstance(studio.vault, type(open_vault(tmp_path)))
        assert studio.vault.path == tmp_path / "data" / "vault" / "keys.vault"


def test_a_person_types_into_a_field_of_the_notebook(tmp_path: Path) -> None:
    """A real kernel asks its client, hides the text, and keeps it."""
    env = {
        **os.environ,
        "TIMELINE_NB_DATA_DIR": str(tmp_path),
        PASSPHRASE: "correct horse",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    manager, client = start_new_kernel(env=env)
    asked: list[Any] = []
    shown: list[Any] = []

    def answer(message: dict[str, Any]) -> None:
        asked.append(message["content"])
        client.input(KEY)

    try:
        for code in ("import timeline_nb as tl", "tl.vault.ask('openai')", "tl.vault"):
            reply = client.execute_interactive(
                code,
                allow_stdin=True,
                stdin_hook=answer,
                output_hook=shown.append,
                timeout=120,
            )
            assert reply["content"]["status"] == "ok", reply
        # The same without a person, as nbclient and Voila run it.
        reply = client.execute_interactive(
            "tl.vault.ask('vimeo')", allow_stdin=False, output_hook=shown.append
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert asked == [{"prompt": "the key of 'openai': ", "password": True}]
    assert reply["content"]["ename"] == "VaultError"
    assert "timeline-nb keys add vimeo" in reply["content"]["evalue"]
    assert "…wxyz" in str(shown)
    assert KEY not in str(shown)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Run `timeline-nb keys`, and return what it prints."""
    monkeypatch.setenv("TIMELINE_NB_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(wrapping, "SCRYPT_N", 1 << 14)

    def run(*words: str, typed: str | bytes = "") -> str:
        monkeypatch.setenv(PASSPHRASE, "correct horse")
        return (
            CliRunner()
            .invoke(app, ["keys", *words], input=typed, catch_exceptions=False)
            .output
        )

    return run


def test_the_commands_keep_keys_that_are_piped_in(keys: Callable[..., str]) -> None:
    assert keys("add", "openai", typed=f"{KEY}\n") == "openai is kept\n"
    listed = json.loads(keys("list", "--json"))
    assert listed == [{"name": "openai", "hint": "…wxyz"}]
    assert "has a new key; the passphrase stays the same" in keys("rotate")
    assert keys("list") == "openai  …wxyz\n"
    assert keys("accept-older") == ""
    with pytest.raises(tl.VaultError, match="no key can be kept"):
        keys("rotate", "--to", "keyring")
    with pytest.raises(tl.VaultError, match="did you mean 'openai'"):
        keys("remove", "opnai")
    assert keys("remove", "openai") == "openai is removed\n"
    assert keys("list").startswith("timeline-nb: no keys")
    for typed in ("", "two words", "x" * 100_001, b"sk-\xff\xfe"):
        with pytest.raises(tl.VaultError):
            keys("add", "openai", typed=typed)
    assert keys("list").startswith("timeline-nb: no keys")


@pytest.mark.parametrize("words", [(KEY,), (f"--key={KEY}",), ("--", KEY)])
def test_a_key_as_an_argument_is_refused(
    keys: Callable[..., str], words: tuple[str, ...]
) -> None:
    with pytest.raises(tl.VaultError, match="a key is not given as an argument") as no:
        keys("add", "openai", *words, typed=KEY)
    assert KEY not in str(no.value)
    assert keys("list").startswith("timeline-nb: no keys")


def test_a_key_as_an_argument_is_not_shown(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "timeline_nb.cli", "keys", "add", "openai", KEY],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "TIMELINE_NB_DATA_DIR": str(tmp_path)},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("timeline-nb: a key is not given as an argument")
    assert KEY not in done.stderr


def test_a_passphrase_is_changed_only_by_a_new_one(
    keys: Callable[..., str], monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    new = "TIMELINE_NB_VAULT_NEW_PASSPHRASE"
    keys("add", "openai", typed=KEY)
    assert "the passphrase stays the same" in keys("rotate")
    monkeypatch.setattr(prompt, "has_person", lambda: False)
    with pytest.raises(tl.VaultError, match=f"stays the same.*{new}"):
        keys("rotate", "--to", "passphrase")
    assert keys("list") == "openai  …wxyz\n"
    monkeypatch.setenv(new, "another horse")
    assert "by a new passphrase" in keys("rotate", "--to", "passphrase")
    assert new not in os.environ
    with pytest.raises(tl.VaultError, match="the passphrase is wrong"):
        keys("list")
    folder = Path(os.environ["TIMELINE_NB_DATA_DIR"]) / "vault"
    kept = open_vault(folder, passphrase=tl.Secret("another horse"))
    assert kept.names() == ["openai"]
    monkeypatch.setattr(prompt, "has_person", lambda: True)
    typed += ["a third horse", "a third horse"]
    kept.rotate("passphrase")
    kept.put("more", tl.Secret("b"))
    third = open_vault(folder, passphrase=tl.Secret("a third horse"))
    assert third.names() == ["more", "openai"]


def test_a_key_is_replaced_only_if_asked(keys: Callable[..., str]) -> None:
    assert json.loads(keys("list", "--json")) == []
    keys("add", "openai", typed=KEY)
    with pytest.raises(tl.VaultError, match="'openai': say --replace"):
        keys("add", "openai", typed="sk-other")
    assert keys("list") == "openai  …wxyz\n"
    keys("add", "openai", "--replace", typed="sk-other")
    assert keys("list") == "openai  …\n"


def test_the_command_names_its_own_option(
    keys: Callable[..., str], tmp_path: Path
) -> None:
    keys("add", "openai", typed=KEY)
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-0123456789abcdef\n")
    words = ["--take", "OPENAI_API_KEY", "--folder", str(tmp_path)]
    with pytest.raises(tl.VaultError, match="say --replace, or leave it out"):
        keys("import", *words)


def test_other_types_are_vault_errors(vault: NotebookVault) -> None:
    vault.put("openai", KEY)
    calls: list[Callable[[Any], Any]] = [
        vault.check,
        vault.start_check,
        vault.get,
        vault.delete,
        vault.ask,
        vault.find_env,
        vault.import_env,
    ]
    bad: list[Any] = [5, [5], b"a"]
    for call in calls:
        for value in bad:
            with pytest.raises(tl.VaultError):
                call(value)
    for call in calls[:5]:
        with pytest.raises(tl.VaultError):
            call(None)
    with pytest.raises(tl.VaultError, match="a name is a NoneType"):
        vault.import_env(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["a\u202eb", "a\u2066b", "a\x1bb", "a\x85b", "a\u200f"]
)
def test_a_name_that_shows_as_another_is_refused(
    vault: NotebookVault, name: str
) -> None:
    with pytest.raises(tl.VaultError, match="cannot be named"):
        vault.put(name, KEY)


def test_a_vault_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "vault" / "keys.vault"
    path.parent.mkdir()
    path.write_bytes(b"TIMELINE_NB VAULT 2\n{}\n\n")
    with pytest.raises(tl.VaultError, match="made by a newer version of timeline_nb"):
        open_vault(path.parent).names()
    (tmp_path / "file").write_text("")
    broken = open_vault(tmp_path / "file" / "vault", passphrase=tl.Secret("x" * 8))
    with pytest.raises(tl.VaultError, match="TIMELINE_NB_DATA_DIR chooses another"):
        broken.names()


def test_a_missing_note_of_the_newest_save_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(wrapping, "SCRYPT_N", 1 << 14)
    words, locked = tl.Secret("correct horse"), MemoryKeyring(fault="none")
    kept = open_vault(tmp_path, keyring=locked, passphrase=words)
    shown = NotebookVault(tl.open_studio(vault=kept))
    shown.put("a", KEY)
    shown.put("b", KEY)
    assert "older copy" not in repr(shown)
    (tmp_path / "keys.generation").unlink()
    assert "an older copy cannot be known" in repr(shown)
    assert "an older copy cannot be known" in shown._repr_html_()
    assert caplog.text.count("an older copy cannot be known") == 1
    shown.put("c", KEY)
    assert "older copy" not in repr(shown)
