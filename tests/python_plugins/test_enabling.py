"""Python plugins are listed unimported, and run only if a person enabled them."""

import json
import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from packages_factory import install, source_of, wheel

from timeline_nb.errors import PluginError
from timeline_nb.python_plugins.plugins import PythonPlugins

HELLO = """
    @plugin.command()
    def hello() -> str:
        return "hello"
"""


def leaving_a_mark(folder: Path, body: str = HELLO) -> str:
    mark = f"import pathlib\npathlib.Path({str(folder / 'imported')!r}).touch()\n"
    return mark + source_of(body)


def test_a_list_imports_nothing(site: Path, plugins: PythonPlugins) -> None:
    install(site, "acme_film", leaving_a_mark(site))
    (found,) = plugins.all()
    assert (found.name, found.package, found.version) == (
        "acme.film",
        "acme-film",
        "1.0",
    )
    assert (found.is_enabled, found.state) == (False, "not enabled")
    assert found.entry is not None
    assert found.entry.license == "MIT"
    plugins.enable("acme.film")
    assert plugins.found("acme.film").state == "enabled"
    assert not (site / "imported").exists()
    assert plugins.call("acme.film", "hello", {}) == "hello"
    assert (site / "imported").exists()
    assert plugins.found("acme.film").state == "loaded"


def test_one_that_is_not_enabled_is_not_imported(
    site: Path, plugins: PythonPlugins
) -> None:
    install(site, "acme_film", leaving_a_mark(site))
    with pytest.raises(PluginError, match=r"not enabled: tl\.plugins\.enable"):
        plugins.call("acme.film", "hello", {})
    plugins.enable("acme.film")
    plugins.disable("acme.film")
    with pytest.raises(PluginError, match="not enabled"):
        plugins.call("acme.film", "hello", {})
    assert not (site / "imported").exists()
    with pytest.raises(PluginError, match="not enabled"):
        plugins.disable("acme.film")


def test_what_is_enabled_is_kept_for_its_owner_alone(
    site: Path, plugins: PythonPlugins, tmp_path: Path
) -> None:
    install(site, "acme_film", source_of(HELLO))
    plugins.enable("acme.film")
    kept = tmp_path / "data" / "plugins" / "enabled_python.json"
    assert json.loads(kept.read_bytes()) == {
        "acme.film": {"package": "acme-film", "folder": str(site), "version": "1.0"}
    }
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    again = PythonPlugins(tmp_path / "data" / "plugins")
    assert again.call("acme.film", "hello", {}) == "hello"


def test_a_damaged_file_is_named(plugins: PythonPlugins, tmp_path: Path) -> None:
    kept = tmp_path / "data" / "plugins" / "enabled_python.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"acme.film": 1}')
    with pytest.raises(PluginError, match=r"enabled_python\.json is damaged"):
        plugins.all()


def test_another_package_of_that_name_is_not_enabled(
    site: Path, plugins: PythonPlugins
) -> None:
    install(site, "acme_film", source_of(HELLO))
    plugins.enable("acme.film")
    thief = leaving_a_mark(site, HELLO)
    install(site, "thief", thief, points={"acme.film": "thief"})
    states = {one.package: one.is_enabled for one in plugins.all()}
    assert states == {"acme-film": True, "thief": False}
    assert plugins.call("acme.film", "hello", {}) == "hello"
    plugins.disable("acme.film")
    with pytest.raises(PluginError, match="acme-film and thief both have a plugin"):
        plugins.enable("acme.film")
    plugins.enable("acme.film", "acme-film")
    assert plugins.found("acme.film").package == "acme-film"
    assert not (site / "imported").exists()


def test_code_in_another_folder_is_not_enabled(
    site: Path, plugins: PythonPlugins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "acme_film", source_of(HELLO))
    plugins.enable("acme.film")
    # As the folder of a notebook that a person was sent.
    sent = tmp_path / "sent"
    install(sent, "acme_film", leaving_a_mark(sent))
    monkeypatch.syspath_prepend(str(sent))
    with pytest.raises(PluginError, match=f"would be imported now lies in {sent}"):
        plugins.call("acme.film", "hello", {})
    assert not (sent / "imported").exists()


def test_a_package_that_is_gone_is_named(site: Path, plugins: PythonPlugins) -> None:
    install(site, "acme_film", source_of(HELLO))
    plugins.enable("acme.film")
    for path in sorted(site.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (found,) = plugins.all()
    assert (found.state, found.package) == ("not installed", "acme-film")
    with pytest.raises(PluginError, match="pip install acme-film"):
        plugins.call("acme.film", "hello", {})
    plugins.disable("acme.film")
    assert plugins.all() == []


def test_a_new_version_stays_enabled_and_is_used_after_a_restart(
    site: Path, plugins: PythonPlugins, tmp_path: Path
) -> None:
    install(site, "acme_film", source_of(HELLO))
    plugins.enable("acme.film")
    assert plugins.call("acme.film", "hello", {}) == "hello"
    newer = source_of(HELLO.replace('"hello"', '"newer"'))
    install(site, "acme_film", newer, version="1.1")
    (found,) = plugins.all()
    assert (found.version, found.state) == ("1.1", "replaced")
    assert "restart" in found.fault
    # What was imported goes on until Python ends.
    assert plugins.call("acme.film", "hello", {}) == "hello"
    code = (
        "from pathlib import Path; from timeline_nb.python_plugins.plugins import *; "
        f"plugins = PythonPlugins(Path({str(tmp_path / 'data' / 'plugins')!r})); "
        "print(plugins.call('acme.film', 'hello', {}))"
    )
    paths = ":".join([str(site), *sys.path])
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": paths},
    )
    assert run.stdout == "newer\n"


def test_faulty_metadata_hides_no_other_package(
    site: Path, plugins: PythonPlugins, caplog: pytest.LogCaptureFixture
) -> None:
    install(site, "acme_film", source_of(HELLO))
    points = {"Upper": "bad_name", "acme.bad": "no value:at all", "fine": "bad_name"}
    install(site, "bad_name", source_of(HELLO), points=points)
    broken = site / "broken-1.0.dist-info"
    broken.mkdir()
    (broken / "entry_points.txt").write_bytes(b"[timeline_nb.plugins]\n\xff\xfe = x")
    (broken / "METADATA").write_bytes(b"Name: broken\nVersion: 1.0\n")
    with caplog.at_level(logging.WARNING):
        assert [one.name for one in plugins.all()] == ["acme.film", "fine"]
    logged = [record.getMessage() for record in caplog.records]
    assert sum("bad-name 1.0 has the entry point" in one for one in logged) == 2
    assert sum(f"cannot be listed: {site}" in one for one in logged) == 1


def test_a_plugin_that_pip_installed(plugins: PythonPlugins, site: Path) -> None:
    made = wheel(site.parent, "acme_real", source_of(HELLO))
    pip = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--quiet"]
    subprocess.run([*pip, "--target", str(site), str(made)], check=True)
    plugins.enable("acme.real")
    assert plugins.call("acme.real", "hello", {}) == "hello"
