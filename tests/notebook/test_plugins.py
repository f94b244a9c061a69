"""Plugins in cells and in a terminal."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plugins_factory import (
    ASK,
    ASKING,
    BODY,
    ECHO,
    EFFECT_ENTRIES,
    EFFECTS,
    wasm_of,
    written,
)
from typer.testing import CliRunner

from timeline_nb.cli.app import app
from timeline_nb.errors import AccountError, PluginError
from timeline_nb.notebook.plugins import NotebookPlugins
from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.security.oauth.signing import signature
from timeline_nb.security.store import MemoryStore
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio

ID = "org.example.test"
WASM = wasm_of(BODY + ECHO)
ASKED = {
    "permissions": ["network:*.example.com", "read:*", "process"],
    "name": "<Blur>",
}


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    settings = Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")
    with open_studio(settings) as made:
        yield made


@pytest.fixture
def plugins(studio: Studio) -> NotebookPlugins:
    return NotebookPlugins(studio)


def test_a_cell_shows_what_it_asks_for(
    plugins: NotebookPlugins, tmp_path: Path
) -> None:
    view = plugins.install(
        written(tmp_path, WASM, **ASKED), grant=["network:api.example.com"]
    )
    assert "may exchange data with api.example.com on the internet" in repr(view)
    assert "asks to read files in folders that you name (read:*)" in repr(view)
    assert "start programs (never granted)" in repr(view)
    grant = f"tl.plugins.grant('{ID}', 'network:*.example.com', 'read:*')"
    assert grant in repr(view)
    html = view._repr_html_()
    assert "&lt;Blur&gt;" in html
    assert "<Blur>" not in html
    assert view.level == "standard"


def test_a_cell_shows_how_what_it_offers_is_used(
    plugins: NotebookPlugins, tmp_path: Path
) -> None:
    wasm = wasm_of(BODY + ECHO + EFFECTS)
    view = plugins.install(written(tmp_path, wasm, effects=EFFECT_ENTRIES[:3]))
    # By the number of pictures that each takes: 1, 2 and 0.
    for call in (
        f"cut.effects.add(clip, '{ID}/brighten')",
        f"cut.add_transition('{ID}/fade', after=clip)",
        f"cut.titles.generate('{ID}/clock', start=0, end=5)",
        f"tl.plugins.call('{ID}', 'run')",
    ):
        assert f"offers {call}" in repr(view)


def test_one_permission_is_granted_without_a_list(
    plugins: NotebookPlugins, tmp_path: Path
) -> None:
    path = written(tmp_path, WASM, **ASKED)
    shown = plugins.install(path, grant="network:api.example.com")
    assert shown.granted == ["network:api.example.com"]
    with pytest.raises(PluginError, match="None is a NoneType: give the path"):
        plugins.install(None)  # type: ignore[arg-type]


def test_a_command_is_called_with_a_file(
    plugins: NotebookPlugins, tmp_path: Path
) -> None:
    film = tmp_path / "film.bin"
    film.write_bytes(b"abc")
    schema = {"properties": {"film": {"type": "string", "format": "file"}}}
    plugins.install(written(tmp_path, WASM, commands=[{"name": "run", "args": schema}]))
    answer = plugins.call(ID, "run", {"film": str(film)})
    given = answer["args"]["film"]
    assert given.pop("modified_ns") == film.stat().st_mtime_ns
    assert given == {"handle": 1, "name": "film.bin", "size": 3}
    assert plugins.table()[["id", "state"]].values.tolist() == [[ID, "active"]]
    assert ID in plugins._repr_html_()
    plugins.remove(ID)
    assert repr(plugins) == "<plugins: none>"


@pytest.mark.parametrize("args", [3, "a.mp4", ["a.mp4"], b"{}"])
def test_arguments_that_are_no_dict_are_refused(
    plugins: NotebookPlugins, tmp_path: Path, args: Any
) -> None:
    plugins.install(written(tmp_path, WASM))
    with pytest.raises(PluginError, match=f"a dict, .* type {type(args).__name__}"):
        plugins.call(ID, "run", args)


def test_what_is_refused_is_listed(plugins: NotebookPlugins, tmp_path: Path) -> None:
    plugins.install(written(tmp_path, wasm_of(ASKING), commands=[ASK]))
    with pytest.raises(PluginError, match="not granted"):
        plugins.call(ID, "ask", {"request": {"call": "system"}})
    table = plugins.denials()
    assert table[["plugin", "what", "times"]].values.tolist() == [[ID, "system", 1]]
    assert plugins.denials("org.example.other").empty
    assert "was refused system: system:info is not granted" in repr(plugins.show(ID))
    assert plugins.table()["refused"].tolist() == [1]


def test_closing_the_studio_stops_plugins(studio: Studio, tmp_path: Path) -> None:
    studio.plugins.install(written(tmp_path, WASM))
    plugin = studio.plugins.plugin(ID)
    plugin.call("run")
    studio.close()
    assert plugin.state == "stopped"


def test_requests_are_signed_for_the_host_of_the_account_alone() -> None:
    accounts = Accounts(MemoryStore())
    for host in ("evil.test", "googleapis.com", "oauth2.googleapis.com", ""):
        with pytest.raises(AccountError, match=r"only those to www\.googleapis\.com"):
            signature(accounts, "youtube", host)
    with pytest.raises(AccountError, match="youtube"):
        signature(accounts, "youtube", "www.googleapis.com")


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["plugins", *words])


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMELINE_NB_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TIMELINE_NB_CACHE_DIR", str(tmp_path / "cache"))
    path = written(tmp_path, WASM, **ASKED)
    added = run("add", str(path), "--grant", "network:api.example.com")
    assert added.exit_code == 0, added.output
    assert "exchange data with api.example.com" in added.output
    granted = run("grant", ID, "read:/films")
    assert "read files in /films" in granted.output
    taken = run("grant", ID, "--revoke", "network:api.example.com")
    assert "may" in taken.output
    (listed,) = json.loads(run("list", "--json").output)
    assert (listed["id"], listed["granted"]) == (ID, ["read:/films"])
    called = run("call", ID, "run", '{"n": 1}')
    assert json.loads(called.output) == {"command": "run", "args": {"n": 1}}
    assert isinstance(run("call", ID, "run", "[1]").exception, PluginError)
    assert isinstance(run("call", ID, "run", "{").exception, PluginError)
    assert isinstance(run("grant", ID, "network:evil.test").exception, PluginError)
    assert run("remove", ID).exit_code == 0
    assert json.loads(run("list", "--json").output) == []


def test_the_command_line_asks_for_each_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TIMELINE_NB_CACHE_DIR", str(tmp_path / "cache"))
    asked = ["network:*.example.com", "read:*", "ui:panel", "process"]
    needs = {"org.example.base": "1.0.0"}
    path = written(tmp_path, WASM, permissions=asked, requires=needs)
    added = run("add", str(path))
    call = f"timeline-nb plugins grant {ID} '*.example.com' 'read:*' ui:panel"
    assert call.replace("'*.", "'network:*.") in added.output
    assert "org.example.base 1.0.0 or later, which is not installed" in added.output
    answers = "y\n\ny\n/films\nn\n"
    given = CliRunner().invoke(app, ["plugins", "add", str(path), "--ask"], answers)
    assert given.exit_code == 0, given.output
    assert "May it start programs" not in given.output
    shown = run("show", ID).output
    assert "read files in /films (read:/films)" in shown
    assert "asks to  show a panel in the editor (ui:panel)" in shown
    (listed,) = json.loads(run("list", "--json").output)
    assert listed["granted"] == ["network:*.example.com", "read:/films"]
