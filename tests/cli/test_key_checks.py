"""`timeline-nb keys check` and `keys import`, run as a script would run them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from stand_ins.keys import BROKE, GOOD, KeyServer
from typer.testing import CliRunner

from timeline_nb.cli.app import app
from timeline_nb.errors import TimelineNbError
from timeline_nb.security.store import MemoryStore

OTHER = "rk-6Hj4tMd9CaX3oEz8-unknown"


class Shell:
    """Runs commands in a folder: in this process, which is quicker, or in another.

    Args:
        folder: The working folder.
        store: The vault of commands in this process.
    """

    def __init__(self, folder: Path, store: MemoryStore) -> None:
        self.folder, self.store = folder, store

    def run(self, *words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["keys", *words])
        text = done.output
        if isinstance(done.exception, TimelineNbError):
            text += str(done.exception)
        assert done.exit_code == code, text
        return self.checked(text)

    def run_apart(self, *words: str, code: int = 0) -> str:
        environment = os.environ | {
            "TIMELINE_NB_DATA_DIR": str(self.folder / "data"),
            "TIMELINE_NB_VAULT_PASSPHRASE": "correct horse battery staple",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }
        command = [sys.executable, "-m", "timeline_nb.cli", "keys", *words]
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment,
        )
        assert done.returncode == code, done.stderr
        return self.checked(done.stdout + done.stderr)

    def checked(self, text: str) -> str:
        for key in (GOOD, BROKE, OTHER):
            assert key not in text
        return text


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    store = MemoryStore()
    monkeypatch.setattr("timeline_nb.security.vault.open_vault", lambda _: store)
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, store)


def declared(folder: Path, server: KeyServer, *names: str) -> str:
    providers = [
        {
            "name": name,
            "address": f"{server.address}/v1/models",
            "proof": "data",
            "variables": [f"{name.upper()}_API_KEY"],
        }
        for name in names
    ]
    path = folder / "providers.json"
    path.write_text(json.dumps(providers))
    return str(path)


def test_keys_are_imported_and_checked(shell: Shell, tmp_path: Path) -> None:
    text = f"ACME_API_KEY={GOOD}\nZETA_API_KEY={OTHER}\nYOTTA_API_KEY={BROKE}\n"
    file = tmp_path / ".env"
    file.write_text(text)
    with KeyServer() as server:
        more = ("--providers", declared(tmp_path, server, "acme", "zeta", "yotta"))
        printed = shell.run("import", *more, "--json")
        listed = json.loads(printed[: printed.index("]") + 1])
        assert [(row["name"], row["provider"]) for row in listed] == [
            ("ACME_API_KEY", "acme"),
            ("ZETA_API_KEY", "zeta"),
            ("YOTTA_API_KEY", "yotta"),
        ]
        assert set(listed[0]) == {"name", "file", "provider", "last4", "risk"}
        assert "nothing was taken over" in shell.run("import", *more)
        assert shell.store.names() == []
        assert file.read_text() == text

        take = ("--take", "ACME_API_KEY", "--take", "ZETA_API_KEY")
        shell.run("import", *more, *take, "--comment-out")
        assert file.read_text() == (
            f"# ACME_API_KEY={GOOD}\n# ZETA_API_KEY={OTHER}\nYOTTA_API_KEY={BROKE}\n"
        )
        assert shell.store.names() == ["acme", "zeta"]
        assert "acme  valid" in shell.run("check", "acme", *more)
        report = json.loads(shell.run("check", *more, "--json", code=3))
        assert [(one["name"], one["verdict"]) for one in report] == [
            ("acme", "valid"),
            ("zeta", "invalid"),
        ]
        shell.run("import", *more, "--take", "YOTTA_API_KEY")
        shell.store.delete("zeta")
        assert "limited" in shell.run("check", *more, code=4)


def test_keys_go_through_the_vault_of_a_real_command(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(f"ACME_API_KEY={OTHER}\n")
    with KeyServer() as server:
        more = ("--providers", declared(tmp_path, server, "acme"))
        shell.run_apart("import", *more, "--take", "ACME_API_KEY")
        assert "acme  invalid" in shell.run_apart("check", *more, code=3)


def test_mistakes_are_said_in_a_line(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("check") == "no keys to check\n"
    assert "'openai' is not in the vault" in shell.run("check", "openai", code=1)
    assert "--take NAME" in shell.run("import", "--comment-out", code=1)
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={GOOD}\n")
    said = shell.run("import", "--take", "OPENAI_KEY", code=1)
    assert "did you mean 'OPENAI_API_KEY'" in said
    (tmp_path / "p.json").write_text('[{"name": "a", "address": "http://x.example"}]')
    said = shell.run("check", "--providers", str(tmp_path / "p.json"), code=1)
    assert "unencrypted" in said
    (tmp_path / "p.json").write_text("{}")
    said = shell.run("check", "--providers", str(tmp_path / "p.json"), code=1)
    assert "p.json is no list of providers" in said
