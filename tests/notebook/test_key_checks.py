"""`tl.vault` checks keys, and takes them over from `.env` files."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from stand_ins import keys
from stand_ins.keys import BARRED, BROKE, GOOD, KeyServer

from timeline_nb.core.jobs import JobStatus
from timeline_nb.errors import JobCancelledError, VaultError
from timeline_nb.notebook.vault import NotebookVault
from timeline_nb.security.checks import KeyChecks
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import MemoryStore
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio

UNKNOWN = "rk-6Hj4tMd9CaX3oEz8-unknown"


def store() -> MemoryStore:
    held = {
        "openai": GOOD,
        "gemini": UNKNOWN,
        "deepseek": BROKE,
        "vimeo": BARRED,
        "mine": "a-note-of-mine",
        "account:youtube": '{"access_token": "ya29"}',
        "client:youtube": '{"client_secret": "GOCSPX"}',
    }
    return MemoryStore((name, Secret(text)) for name, text in held.items())


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with KeyServer() as running:
        yield running


def studio_of(tmp_path: Path, checks: KeyChecks) -> Studio:
    settings = Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")
    return open_studio(settings, vault=store(), key_checks=checks)


@pytest.fixture
def vault(tmp_path: Path, server: KeyServer) -> Iterator[NotebookVault]:
    with studio_of(tmp_path, KeyChecks(server.providers(), timeout_s=200)) as studio:
        yield NotebookVault(studio)


def test_all_keys_are_checked_and_accounts_are_sent_to_nobody(
    vault: NotebookVault, server: KeyServer
) -> None:
    report = vault.check()
    verdicts = {check.name: str(check.verdict) for check in report}
    assert verdicts == {
        "deepseek": "limited",
        "gemini": "invalid",
        "mine": "unknown",
        "openai": "valid",
        "vimeo": "limited",
    }
    assert len(server.requests) == 4
    assert not report.all_valid
    sent = "".join(request.text for request in server.requests)
    for text in ("ya29", "GOCSPX", "a-note-of-mine"):
        assert text not in sent


def test_a_report_is_a_table_that_shows_no_key(vault: NotebookVault) -> None:
    report = vault.check("openai", "gemini")
    table = report.to_dataframe()
    assert list(table.columns) == ["name", "verdict", "reason", "host", "checked_at"]
    assert table["verdict"].tolist() == ["valid", "invalid"]
    assert report["gemini"].verdict == "invalid"
    with pytest.raises(VaultError, match="did you mean 'gemini'"):
        report["gemin"]
    assert repr(report).splitlines()[0] == "openai  valid    OpenAI accepts it"
    for text in (repr(report), report._repr_html_(), table.to_csv()):
        assert GOOD not in text
        assert UNKNOWN[-4:] not in text


def test_a_name_that_cannot_be_checked_says_why(vault: NotebookVault) -> None:
    with pytest.raises(VaultError, match="is not in the vault; did you mean 'openai'"):
        vault.check("openay")
    with pytest.raises(VaultError, match="'account:youtube' is no API key"):
        vault.check("account:youtube")


def test_a_kept_verdict_is_asked_again_if_wanted(
    vault: NotebookVault, server: KeyServer
) -> None:
    first = vault.check("openai")["openai"]
    assert vault.check("openai")["openai"] == first
    assert len(server.requests) == 1
    vault.check("openai", fresh=True)
    assert len(server.requests) == 2


def test_a_check_is_a_job_that_can_be_cancelled(tmp_path: Path) -> None:
    with KeyServer(keys.silent) as server:
        checks = KeyChecks(server.providers(), timeout_s=600)
        with studio_of(tmp_path, checks) as studio:
            job = NotebookVault(studio).start_check("openai")
            while not server.requests:
                time.sleep(0.01)
            job.cancel()
            with pytest.raises(JobCancelledError) as caught:
                job.wait(200)
            assert job.status is JobStatus.CANCELLED
    frames = "".join(repr(entry.frame.f_locals) for entry in caught.traceback[1:])
    assert GOOD not in frames


def test_a_declared_provider_is_asked_and_found(
    vault: NotebookVault, server: KeyServer, tmp_path: Path
) -> None:
    declared = vault.declare(
        "mine",
        f"{server.address}/v1/models?limit=1",
        header="x-api-key",
        scheme="",
        headers=[("anthropic-version", "2023-06-01")],
        variables=["MINE_API_KEY"],
        label="Mine & Co",
    )
    assert declared.title == "Mine & Co"
    assert vault.check("mine")["mine"].reason == "Mine & Co refuses it (401)"
    (tmp_path / ".env").write_text("MINE_API_KEY=0123456789\n")
    assert [key.provider for key in vault.find_env(tmp_path)] == ["mine"]
    with pytest.raises(VaultError, match="unencrypted"):
        vault.declare("other", "http://other.example/")
    with pytest.raises(VaultError, match="unknown field `colour`"):
        vault.declare("other", "https://other.example/", colour="red")
    with pytest.raises(VaultError, match="known already"):
        vault.declare("openai", "https://openai.evil.example/v1/models")


def test_keys_of_env_files_are_taken_if_they_are_named(
    vault: NotebookVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    text = f"TELEGRAM_BOT_TOKEN=123456:{GOOD}\r\nANTHROPIC_API_KEY={GOOD}\r\n"
    file.write_bytes(text.encode())
    monkeypatch.chdir(tmp_path)
    before = dict(os.environ)
    assert len(vault.find_env()) == 2
    assert "telegram" not in vault.names()
    assert file.read_bytes() == text.encode()
    taken = vault.import_env(["TELEGRAM_BOT_TOKEN"], comment_out=True)
    assert [key.name for key in taken] == ["TELEGRAM_BOT_TOKEN"]
    assert vault.get("telegram") == Secret(f"123456:{GOOD}")
    assert "anthropic" not in vault.names()
    assert file.read_bytes() == b"# " + text.encode()
    assert vault.check("telegram").all_valid
    vault.import_env(vault.find_env()[:1])
    assert vault.get("anthropic") == Secret(GOOD)
    with pytest.raises(VaultError, match="choose what is taken over"):
        vault.import_env([])
    assert dict(os.environ) == before


def test_a_file_that_cannot_be_commented_out_gives_no_key(
    vault: NotebookVault, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text(f"ANTHROPIC_API_KEY={GOOD}\n")
    (tmp_path / "second").hardlink_to(file)
    with pytest.raises(VaultError, match="2 names"):
        vault.import_env(["ANTHROPIC_API_KEY"], folder=tmp_path, comment_out=True)
    assert "anthropic" not in vault.names()
