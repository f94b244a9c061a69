"""`timeline-nb serve`, ended and started again: pages that are open go on."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from media_factory import Recipe, make
from server.page import cookie_of
from server.scene import Site
from typer.testing import CliRunner

from timeline_nb.cli import serve as command
from timeline_nb.cli.app import app
from timeline_nb.core.served_session import ServedSession

_MONTH_S = 30 * 86_400


def served(path: Path, ask: Callable[[Site], None], *options: str) -> None:
    """Run the command, and ask while it serves."""

    def wait(url: str, **_: object) -> None:
        base, token = url.split("?token=")
        ask(Site(base, token, os.getpid(), path.parent))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "_wait", wait)
        patch.setenv("TIMELINE_NB_DATA_DIR", str(path.parent / "data"))
        result = CliRunner().invoke(app, ["serve", str(path), *options])
    assert result.exit_code == 0, result.exception


def test_who_entered_is_let_in_after_a_restart(tmp_path: Path) -> None:
    film = make(tmp_path, Recipe("film.mp4", frames=5, size=(64, 48)))
    first: list[Site] = []
    known: dict[str, str] = {}

    def enter(site: Site) -> None:
        first.append(site)
        known["Cookie"] = cookie_of(site)

    def return_(site: Site) -> None:
        # The same port, which nobody else has taken.
        assert site.base == first[0].base
        assert site.ask("", login=False, headers=known).status == 200
        # The address that was printed then opens nothing now.
        assert site.token != first[0].token
        assert site.ask(f"?token={first[0].token}", login=False).status == 403
        # A second one has another port, and cookies of its own.
        served(film, elsewhere)

    def elsewhere(site: Site) -> None:
        assert site.base != first[0].base
        assert site.ask("", login=False, headers=known).status == 403

    def refuse(site: Site) -> None:
        assert site.base == first[0].base
        assert site.ask("", login=False, headers=known).status == 403

    served(film, enter)
    served(film, return_)
    port = first[0].base.rstrip("/").rpartition(":")[2]
    served(film, refuse, "--port", port, "--sign-out")


def test_each_has_a_key_of_its_own(tmp_path: Path) -> None:
    film, other = tmp_path / "film.tlp", tmp_path / "other.tlp"
    sessions = [
        ServedSession(tmp_path / "s", film),
        ServedSession(tmp_path / "s", other),
        # Who may comment may not edit.
        ServedSession(tmp_path / "s", film, read_only=True),
    ]
    keys = [session.load()[0] for session in sessions]
    for port, (session, key) in enumerate(zip(sessions, keys, strict=True), 1):
        session.keep(key, port)
    assert len(set(keys)) == 3
    assert [one.load() for one in sessions] == [(k, n + 1) for n, k in enumerate(keys)]
    for path in (tmp_path / "s").glob("*.json"):
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("data", [b"", b"[" * 9_000, b"{}", b'{"key":"AAAA","port":1}'])
def test_a_file_that_is_none_counts_as_none(tmp_path: Path, data: bytes) -> None:
    session = ServedSession(tmp_path, tmp_path / "film.tlp")
    session.keep(b"k" * 32, 5)
    [path] = tmp_path.glob("*.json")
    path.write_bytes(data)
    key, port = session.load()
    assert (len(key), port) == (32, 0)


def test_a_key_that_others_may_know_is_not_taken(tmp_path: Path) -> None:
    session = ServedSession(tmp_path, tmp_path / "film.tlp")
    session.keep(b"k" * 32, 5)
    [path] = tmp_path.glob("*.json")
    then = time.time() - _MONTH_S - 5
    os.utime(path, (then, then))
    assert session.load()[0] != b"k" * 32
    session.keep(b"k" * 32, 5)
    path.chmod(0o644)
    assert session.load()[0] != b"k" * 32
