"""Plugins are installed, granted, called and removed."""

import json
import os
import queue
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from attacks.scripts import run_script
from plugins_factory import (
    ANYTHING,
    ASK,
    ASKING,
    BODY,
    ECHO,
    HOST,
    answering,
    wasm_of,
    written,
)

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.plugins import Plugins

WASM = wasm_of(BODY + ECHO)
ID = "org.example.test"


@pytest.fixture
def plugins(tmp_path: Path) -> Any:
    made = Plugins(tmp_path / "plugins", tmp_path / "cache")
    yield made
    made.close()


def test_it_is_installed_called_and_removed(plugins: Plugins, tmp_path: Path) -> None:
    path = written(tmp_path / "download", WASM)
    found = plugins.install(path)
    assert (found.manifest.id, found.level, found.state) == (ID, "minimal", "loaded")
    path.unlink()
    assert plugins.call(ID, "run", {"a": 1}) == {"command": "run", "args": {"a": 1}}
    assert plugins.installed(ID).state == "active"
    assert [one.manifest.id for one in plugins.all()] == [ID]
    plugins.remove(ID)
    assert plugins.all() == []
    with pytest.raises(PluginError, match="there is no plugin"):
        plugins.call(ID, "run")
    left = {path.name for path in (tmp_path / "plugins").iterdir()}
    assert not any(name.endswith((".wasm", f"{ID}.json")) for name in left)


def test_another_process_finds_it(plugins: Plugins, tmp_path: Path) -> None:
    plugins.install(written(tmp_path / "download", WASM, permissions=["ui:panel"]))
    plugins.grant(ID, "ui:panel")
    other = Plugins(tmp_path / "plugins", tmp_path / "cache")
    assert [str(one) for one in other.installed(ID).granted] == ["ui:panel"]
    assert other.call(ID, "run")["command"] == "run"
    other.close()


def test_two_processes_install_versions_at_once(tmp_path: Path) -> None:
    versions = [
        written(tmp_path / "1", WASM),
        written(tmp_path / "2", wasm_of(BODY + ECHO + "(func)"), version="2.0.0"),
    ]
    code = f"""
import sys
from pathlib import Path
from timeline_nb.wasm_plugins.plugins import Plugins
folder = Path({str(tmp_path)!r})
plugins = Plugins(folder / "plugins", folder / "cache")
for _ in range(30):
    plugins.install(sys.argv[1])
"""
    run = [sys.executable, "-c", code]
    processes = [subprocess.Popen([*run, str(one)]) for one in versions]
    assert [one.wait() for one in processes] == [0, 0]
    plugins = Plugins(tmp_path / "plugins", tmp_path / "cache")
    assert [one.manifest.id for one in plugins.all()] == [ID]
    assert plugins.call(ID, "run")["command"] == "run"
    assert len(list((tmp_path / "plugins").glob("*.wasm"))) == 1
    plugins.close()


def test_only_what_was_asked_for_is_granted(plugins: Plugins, tmp_path: Path) -> None:
    asked = ["network:*.example.com", "read:*", "local:*", "process"]
    plugins.install(written(tmp_path, WASM, permissions=asked))
    assert len(plugins.installed(ID).missing) == 4
    for wrong, message in {
        "network:example.org": "does not ask for network:example.org",
        "network:*": "does not ask",
        "write:/films": "does not ask",
        "read:*": "name a folder",
        "local:*": "name a host",
        "process": "never granted",
        "films": "no permission",
    }.items():
        with pytest.raises(PluginError, match=message):
            plugins.grant(ID, wrong)
    assert plugins.installed(ID).granted == ()
    found = plugins.grant(ID, "network:api.example.com", "read:/films")
    assert [str(one) for one in found.granted] == [
        "network:api.example.com",
        "read:/films",
    ]
    assert found.level == "standard"


def test_a_grant_at_install_is_all_or_nothing(plugins: Plugins, tmp_path: Path) -> None:
    path = written(tmp_path, WASM, permissions=["ui:panel"])
    with pytest.raises(PluginError, match="does not ask"):
        plugins.install(path, ["ui:panel", "ui:message"])
    assert plugins.all() == []
    plugins.install(path, ["ui:panel"])
    assert len(plugins.installed(ID).granted) == 1


def test_what_is_taken_back_is_gone_at_once(plugins: Plugins, tmp_path: Path) -> None:
    wasm = wasm_of(ASKING)
    path = written(tmp_path, wasm, commands=[ASK], permissions=["system:info"])
    plugins.install(path, ["system:info"])
    request = {"request": {"call": "system"}}
    assert "cpus" in plugins.call(ID, "ask", request)
    plugins.revoke(ID, "system:info")
    with pytest.raises(PluginError, match="not granted"):
        plugins.call(ID, "ask", request)
    assert [one.what for one in plugins.denials(ID)] == ["system"]


@pytest.mark.parametrize("way", ["revoke", "remove"])
def test_what_another_process_takes_back_is_gone_here(
    plugins: Plugins, tmp_path: Path, way: str
) -> None:
    wasm = wasm_of(ASKING)
    asks = {"commands": [ASK], "permissions": ["system:info"]}
    plugins.install(written(tmp_path, wasm, **asks), ["system:info"])
    asked = {"request": {"call": "system"}}
    assert "cpus" in plugins.call(ID, "ask", asked)
    other = Plugins(tmp_path / "plugins", tmp_path / "cache")
    if way == "revoke":
        other.revoke(ID, "system:info")
    else:
        other.remove(ID)
    other.close()
    with pytest.raises(PluginError, match=r"not granted|no plugin"):
        plugins.call(ID, "ask", asked)


def test_what_another_process_takes_back_ends_a_call(
    plugins: Plugins, tmp_path: Path
) -> None:
    hanging = (
        '(func (export "tnb_call") (param i32 i32) (result i64) '
        "(loop $again (br $again)) i64.const 0)"
    )
    path = written(tmp_path, wasm_of(BODY + hanging), permissions=["level:full"])
    plugins.install(path, ["level:full"])
    other = Plugins(tmp_path / "plugins", tmp_path / "cache")
    begun = threading.Event()

    def revoke() -> None:
        begun.wait()
        other.revoke(ID, "level:full")

    thread = threading.Thread(target=revoke)
    thread.start()
    with pytest.raises(PluginError, match="stopped"):
        plugins.call(ID, "run", check=begun.set)
    thread.join()
    other.close()


def test_to_take_back_what_was_not_granted_is_an_error(
    plugins: Plugins, tmp_path: Path
) -> None:
    asked = ["read:*", "network:*.example.com"]
    films = "read:/films"
    plugins.install(written(tmp_path, WASM, permissions=asked), [films])
    for wrong, message in {
        "read:/film": "was not granted read:/film; it was granted read:/films",
        "network:api.example.com": "was not granted",
        "read:/films/private": "since it was granted read:/films: take that back",
    }.items():
        with pytest.raises(PluginError, match=message):
            plugins.revoke(ID, films, wrong)
        assert list(map(str, plugins.installed(ID).granted)) == [films]
    assert plugins.revoke(ID, "read:/").granted == ()
    with pytest.raises(PluginError, match="it was granted nothing"):
        plugins.revoke(ID, films)


def test_a_module_of_two_plugins_is_refused(plugins: Plugins, tmp_path: Path) -> None:
    asks = {"permissions": ["ui:message"]}
    plugins.install(written(tmp_path / "a", WASM, **asks), ["ui:message"])
    second = written(tmp_path / "b", WASM, id="org.example.copy", **asks)
    with pytest.raises(PluginError, match=f"same module as {ID}"):
        plugins.install(second)
    assert [one.manifest.id for one in plugins.all()] == [ID]
    plugins.remove(ID)
    assert plugins.install(second).granted == ()


@pytest.mark.parametrize("data", [None, b"", b"{}"])
def test_one_with_a_damaged_manifest_can_be_removed(
    plugins: Plugins, tmp_path: Path, data: bytes | None
) -> None:
    found = plugins.install(written(tmp_path, WASM))
    path = tmp_path / "plugins" / f"{found.manifest.sha256}.json"
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(PluginError, match=f"install {ID} again, or remove it"):
        plugins.all()
    plugins.remove(ID)
    assert plugins.all() == []


def test_a_new_module_of_the_id_has_no_grants(plugins: Plugins, tmp_path: Path) -> None:
    permissions = ["network:*.example.com"]
    plugins.install(written(tmp_path, WASM, permissions=permissions), permissions)
    other = wasm_of(BODY + answering('{"other": 1}'))
    plugins.install(written(tmp_path, other, version="1.0.1", permissions=permissions))
    found = plugins.installed(ID)
    assert (found.manifest.version, found.granted) == ("1.0.1", ())
    assert plugins.call(ID, "run") == {"other": 1}
    assert len(list((tmp_path / "plugins").glob("*.wasm"))) == 1


def test_a_module_that_was_changed_on_disk_does_not_run(
    plugins: Plugins, tmp_path: Path
) -> None:
    plugins.install(written(tmp_path, WASM))
    (path,) = (tmp_path / "plugins").glob("*.wasm")
    path.write_bytes(wasm_of(BODY + answering('{"evil": 1}')))
    with pytest.raises(PluginError, match="made for another module"):
        plugins.call(ID, "run")


def test_a_manifest_that_was_changed_on_disk_is_not_believed(
    plugins: Plugins, tmp_path: Path
) -> None:
    plugins.install(written(tmp_path, WASM))
    (path,) = [p for p in (tmp_path / "plugins").glob("*.json") if len(p.stem) == 64]
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "id": "org.example.other"}))
    with pytest.raises(PluginError, match="of another plugin"):
        plugins.call(ID, "run")
    path.write_text("{")
    with pytest.raises(PluginError, match="is damaged"):
        plugins.all()


@pytest.mark.parametrize("name", ["installed.json", "grants.json"])
@pytest.mark.parametrize("data", ["", "[]", '{"a": 1}', '{"org.example.test": "../x"}'])
def test_damaged_files_are_errors_that_name_them(
    plugins: Plugins, tmp_path: Path, name: str, data: str
) -> None:
    plugins.install(written(tmp_path, WASM))
    (tmp_path / "plugins" / name).write_text(data)
    with pytest.raises(PluginError, match=name):
        plugins.all()


def test_files_are_private(plugins: Plugins, tmp_path: Path) -> None:
    path = written(tmp_path, WASM, permissions=["ui:panel"])
    old = os.umask(0)
    try:
        plugins.install(path, ["ui:panel"])
    finally:
        os.umask(old)
    for found in (tmp_path / "plugins").iterdir():
        if found.suffix != ".lock":
            assert stat.S_IMODE(found.stat().st_mode) == 0o600, found
    assert stat.S_IMODE((tmp_path / "plugins").stat().st_mode) == 0o700


def test_grants_of_many_threads_are_all_kept(plugins: Plugins, tmp_path: Path) -> None:
    plugins.install(written(tmp_path, WASM, permissions=["network:*.example.com"]))
    names = [f"network:h{n}.example.com" for n in range(12)]
    threads = [
        threading.Thread(target=plugins.grant, args=(ID, name)) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(map(str, plugins.installed(ID).granted)) == sorted(names)


def test_wrong_commands_and_arguments_are_named(
    plugins: Plugins, tmp_path: Path
) -> None:
    schema = {
        "properties": {"n": {"type": "integer", "minimum": 1}, "m": {"default": 5}},
        "required": ["n"],
    }
    commands = [{"name": "blur", "args": schema}, {"name": "run"}]
    plugins.install(written(tmp_path, WASM, commands=commands))
    assert plugins.call(ID, "blur", {"n": 1})["args"] == {"n": 1, "m": 5}
    for args, message in (
        ({}, "'n' is missing"),
        ({"n": 0}, "n: 0 is below 1"),
        ({"n": 1, "k": 2}, "'k' is not known"),
    ):
        with pytest.raises(PluginError, match=message):
            plugins.call(ID, "blur", args)
    with pytest.raises(PluginError, match="did you mean 'blur'"):
        plugins.call(ID, "blurr")
    with pytest.raises(PluginError, match="'n' is not known"):
        plugins.call(ID, "run", {"n": 1})


def test_an_error_that_a_plugin_answers_is_raised(
    plugins: Plugins, tmp_path: Path
) -> None:
    wasm = wasm_of(BODY + answering('{"error": "no such\\nclip"}'))
    plugins.install(written(tmp_path, wasm))
    with pytest.raises(PluginError, match=f"run of the plugin {ID}: no such·clip"):
        plugins.call(ID, "run")
    assert plugins.installed(ID).state == "active"


def test_one_plugin_calls_another_that_it_requires(
    plugins: Plugins, tmp_path: Path
) -> None:
    wasm = wasm_of(ASKING)
    path = written(tmp_path, wasm, commands=[ASK], requires={"x.other": "1.0.0"})
    plugins.install(path)
    request = {
        "request": {"call": "plugin", "id": "x.other", "command": "run", "args": {}}
    }
    with pytest.raises(PluginError, match=r"requires x\.other 1\.0\.0, which is not"):
        plugins.call(ID, "ask", request)
    plugins.install(written(tmp_path, WASM, id="x.other"))
    answer = plugins.call(ID, "ask", request)
    assert answer == {"result": {"command": "run", "args": {}}}


def test_states(plugins: Plugins, tmp_path: Path) -> None:
    plugins.install(written(tmp_path, WASM))
    plugin = plugins.plugin(ID)
    seen = [plugin.state]
    plugin.start()
    seen.append(plugin.state)
    plugin.suspend()
    seen.append(plugin.state)
    with pytest.raises(PluginError, match="is suspended"):
        plugin.call("run")
    plugin.resume()
    seen.append(plugin.state)
    plugin.stop()
    seen.append(plugin.state)
    assert seen == ["loaded", "active", "suspended", "active", "stopped"]
    with pytest.raises(PluginError, match="is stopped, not suspended"):
        plugin.resume()
    plugin.start()
    assert plugin.call("run")["command"] == "run"


def test_many_threads_start_it_once(plugins: Plugins, tmp_path: Path) -> None:
    plugins.install(written(tmp_path, WASM))
    errors: list[Exception] = []

    def call(number: int) -> None:
        try:
            got = plugins.call(ID, "run", {"n": number})
            assert got["args"] == {"n": number}
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)

    threads = [threading.Thread(target=call, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []


def test_events_reach_those_that_asked(tmp_path: Path) -> None:
    # It passes what it is sent on as a message: {"event":...,"data":{"call":...}}.
    start = len('{"event":"render_completed","data":')
    text = (
        HOST
        + BODY
        + f"""(func (export "tnb_call") (param $at i32) (param $n i32) (result i64)
        (call $host (i32.add (local.get $at) (i32.const {start}))
        (i32.sub (local.get $n) (i32.const {start + 1}))))"""
    )
    shown: queue.Queue[tuple[str, str]] = queue.Queue()
    plugins = Plugins(tmp_path / "plugins", tmp_path / "cache")
    plugins.signals.message.connect(lambda name, text: shown.put((name, text)))
    asked: dict[str, Any] = {"permissions": ["ui:message"]}
    path = written(tmp_path, wasm_of(text), events=["render_completed"], **asked)
    plugins.install(path, ["ui:message"])
    plugin = plugins.plugin(ID)
    data = {"call": "message", "text": "rendered"}
    plugin.post("project_saved", data)
    plugin.post("render_completed", data)
    assert shown.get(timeout=120) == (ID, "rendered")
    assert shown.empty()
    plugins.close()


FORKED = """
import os, sys
from pathlib import Path
from timeline_nb.wasm_plugins.plugins import Plugins

folder = Path(sys.argv[1])
plugins = Plugins(folder / "plugins", folder / "cache")
plugins.install(sys.argv[2])
plugins.call("org.example.test", "run")
child = os.fork()
if child == 0:
    # Called, and compiled anew.
    got = plugins.call("org.example.test", "run", {"n": 3})
    other = Plugins(folder / "others", folder / "other_cache")
    other.install(sys.argv[2])
    got = other.call("org.example.test", "run", got["args"])
    os._exit(0 if got["args"] == {"n": 3} else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_calls_and_compiles(tmp_path: Path) -> None:
    path = written(tmp_path / "download", WASM)
    ended = run_script(FORKED, tmp_path, tmp_path, path, limit_s=60)
    assert (ended.code, ended.out.strip(), ended.left) == (0, "0", ()), ended.err


def test_listing_imports_no_wasmtime(plugins: Plugins, tmp_path: Path) -> None:
    plugins.install(written(tmp_path, WASM, commands=[{"name": "r", "args": ANYTHING}]))
    code = f"""
import sys
from pathlib import Path
from timeline_nb.wasm_plugins.plugins import Plugins
plugins = Plugins(Path({str(tmp_path)!r}) / "plugins", Path({str(tmp_path)!r}))
assert [one.manifest.id for one in plugins.all()] == [{ID!r}]
assert "wasmtime" not in sys.modules and "httpx" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_without_wasmtime_the_error_says_how_to_get_it(
    plugins: Plugins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    with pytest.raises(PluginError, match=r'pip install "timeline-nb\[plugins\]"'):
        plugins.install(written(tmp_path, WASM))


def test_nobody_takes_the_id_of_a_plugin_of_the_package(
    plugins: Plugins, tmp_path: Path
) -> None:
    with pytest.raises(PluginError, match=r"install\('blur'\) installs that one"):
        plugins.install(written(tmp_path, WASM, id="timeline-nb.blur"))
    assert plugins.all() == []
    assert plugins.install("blur").manifest.id == "timeline-nb.blur"
