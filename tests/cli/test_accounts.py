"""`timeline-nb accounts`, and a sign-in at a terminal."""

import json
import os
import pty
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from stand_ins.authorization import AuthorizationServer
from stand_ins.file_store import FileStore
from stand_ins.signing_in import accounts_at, open_page, provider_at
from typer.testing import CliRunner, Result

from timeline_nb.cli import accounts as commands
from timeline_nb.cli.app import app
from timeline_nb.errors import AccountError
from timeline_nb.notebook.terminal_sign_in import connect_at_terminal
from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.security.secret import Secret

# The command with a stand-in's provider and a vault that needs no keyring.
_MAIN = """
import sys
from pathlib import Path
from stand_ins.file_store import FileStore
from stand_ins.signing_in import provider_at
from timeline_nb.cli import accounts as commands, app
from timeline_nb.security.oauth.accounts import Accounts

class Place:
    url = sys.argv.pop(1)

store = FileStore(Path(sys.argv.pop(1)))
mine = Accounts(store, providers=[provider_at(Place, "youtube")])
commands._accounts = lambda: mine
app.main()
"""


def environment() -> dict[str, str]:
    tests = Path(__file__).parents[1]
    path = os.pathsep.join([str(tests), str(tests.parent)])
    return os.environ | {"PYTHONPATH": path}


class Shell:
    """Runs `timeline-nb accounts` on one store."""

    def __init__(
        self, server: AuthorizationServer, folder: Path, patch: pytest.MonkeyPatch
    ) -> None:
        self.server, self.path = server, folder / "store.json"
        self.store = FileStore(self.path)
        program = [sys.executable, "-c", _MAIN, server.url, str(self.path)]
        self.program = [*program, "accounts"]
        provider = provider_at(server, "youtube")
        self.accounts = Accounts(self.store, providers=[provider])
        patch.setattr(commands, "_accounts", lambda: self.accounts)

    def run(self, *words: str, typed: str = "") -> Result:
        """Run a command in this process."""
        return CliRunner().invoke(app, ["accounts", *words], input=typed)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    with AuthorizationServer("youtube") as server:
        yield Shell(server, tmp_path, monkeypatch)


def test_a_sign_in_from_the_client_id_to_the_end(shell: Shell) -> None:
    server = shell.server
    missing = subprocess.run(
        [*shell.program, "connect", "youtube"],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=120,
        check=False,
    )
    assert missing.returncode == 1
    assert "console.cloud.google.com" in missing.stderr
    secret = f"{server.client_secret}\n"
    kept = shell.run("client", "youtube", server.client_id, typed=secret)
    assert kept.stdout == "the client id of youtube is kept\n"
    # Another machine's browser: its address is typed at a terminal, which hides it.
    shown, typed, code = signed_in_at_a_pty(shell)
    assert code == 0, shown
    assert "youtube is connected: A channel of bikes" in shown
    assert typed not in shown
    for text in [*server.log.secrets, server.client_secret]:
        assert text not in shown
    listed = shell.run("list")
    assert listed.stdout == "youtube  A channel of bikes  connected\n"
    (row,) = json.loads(shell.run("list", "--json").stdout)
    assert row["who"] == "A channel of bikes"
    ended = shell.run("disconnect", "youtube")
    assert (ended.stdout, ended.stderr) == ("youtube is disconnected\n", "")
    assert len(server.log.revoked) == 1
    none = shell.run("list")
    assert none.stdout == ""
    assert none.stderr.startswith("timeline-nb: no accounts are connected")
    assert json.loads(shell.run("list", "--json").stdout) == []


def signed_in_at_a_pty(shell: Shell) -> tuple[str, str, int]:
    """Run `connect` at a terminal; return what it showed, what was typed, its code."""
    mine, its = pty.openpty()
    program = subprocess.Popen(
        [*shell.program, "connect", "youtube"],
        stdin=its,
        stdout=its,
        stderr=its,
        env=environment(),
        start_new_session=True,
    )
    os.close(its)
    shown = _read_until(mine, "press Enter")
    address = next(word for word in shown.split() if word.startswith(shell.server.url))
    _, typed = open_page(address)
    os.write(mine, b"http://127.0.0.1/?code=a&state=wrong\n")
    shown += _read_until(mine, "does not belong to this sign-in")
    os.write(mine, f"{typed}\n".encode())
    shown += _read_until(mine, "is connected")
    code = program.wait(120)
    os.close(mine)
    return shown, typed, code


def _read_until(number: int, sign: str) -> str:
    text, deadline = "", time.monotonic() + 200
    while sign not in text:
        assert time.monotonic() < deadline, text
        if select.select([number], [], [], 0.1)[0]:
            try:
                text += os.read(number, 65_536).decode()
            except OSError as error:
                raise AssertionError(text) from error
    return text


def test_a_client_without_an_id_says_where_to_make_one(shell: Shell) -> None:
    shown = shell.run("client", "youtube").stdout
    assert "https://console.cloud.google.com/apis/credentials" in shown
    assert "http://127.0.0.1:*/callback" in shown
    unknown = shell.run("client", "youtub", "id")
    assert isinstance(unknown.exception, AccountError)
    assert "did you mean 'youtube'" in str(unknown.exception)


def test_the_file_of_googles_console_is_read(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "client_secret.json"
    # As the console writes it for a desktop app.
    installed = {
        "client_id": shell.server.client_id,
        "project_id": "films",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_secret": shell.server.client_secret,
        "redirect_uris": ["http://localhost"],
    }
    path.write_text(json.dumps({"installed": installed}))
    assert shell.run("client", "youtube", "--file", str(path)).exit_code == 0
    kept = shell.accounts.client("youtube")
    assert kept.client_id == shell.server.client_id
    assert kept.client_secret == Secret(shell.server.client_secret)
    for text in ("", "{}", '{"installed": 1}', "SECRET=abcdef", "[" * 99_999):
        path.write_text(text)
        with pytest.raises(AccountError, match="no OAuth client of Google") as caught:
            shell.accounts.read_client("youtube", path)
        assert "abcdef" not in str(caught.value)
    with pytest.raises(AccountError, match="cannot be read: No such file"):
        shell.accounts.read_client("youtube", tmp_path / "x")
    web = installed | {"redirect_uris": ["https://x.example/", "http://localhost:80/a"]}
    path.write_text(json.dumps({"web": web}))
    shell.accounts.read_client("youtube", path)
    assert shell.accounts.client("youtube").redirect == "http://localhost:80/a"


def test_an_address_that_nobody_can_paste_ends_the_sign_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with AuthorizationServer("instagram") as server:
        accounts = accounts_at(server, "instagram")
        with pytest.raises(AccountError, match="nobody can paste it here"):
            connect_at_terminal(accounts, "instagram")


def test_a_piped_address_signs_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its last line may have no end."""
    source, sink = os.pipe()
    with AuthorizationServer("instagram") as server, os.fdopen(source) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        accounts = accounts_at(server, "instagram")
        words: list[str] = []

        def answer() -> None:
            deadline = time.monotonic() + 200
            while not words and time.monotonic() < deadline:
                time.sleep(0.02)
                said = capsys.readouterr().out.split()
                words.extend(word for word in said if word.startswith(server.url))
            os.write(sink, open_page(words[0])[1].encode())
            os.close(sink)

        person = threading.Thread(target=answer)
        person.start()
        account = connect_at_terminal(accounts, "instagram", timeout_s=200)
        person.join()
        assert account.who == "bikes_daily"


@pytest.mark.parametrize("words", [("SECRET",), ("--secret=SECRET",), ("--", "SECRET")])
def test_a_client_secret_as_an_argument_is_not_shown(
    shell: Shell, words: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [*shell.program, "client", "youtube", "id", *words],
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("timeline-nb: a client secret is not given as an arg")
    assert "SECRET" not in done.stderr
    assert shell.store.names() == []
