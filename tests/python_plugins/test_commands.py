"""Python plugins on the command line and in a cell, and a new one's project."""

import json
import runpy
from pathlib import Path

import pytest
from packages_factory import install, source_of
from typer.testing import CliRunner

import timeline_nb as tl
from timeline_nb.cli.app import app
from timeline_nb.errors import PluginError
from timeline_nb.notebook import python_plugins as cells
from timeline_nb.notebook.plugins import NotebookPlugins
from timeline_nb.python_plugins.plugins import FULL_RIGHTS, PythonPlugins
from timeline_nb.python_plugins.scaffold import new_python_project
from timeline_nb.python_plugins.signature import schema_of

PRESETS = """
    from fractions import Fraction
    from pathlib import Path

    @plugin.command()
    def presets(at: Fraction, folder: Path, count: int = 2, names: list[str] = ["a"]):
        '''Return what it was given.

        Args:
            at: Seconds,
                exactly.
            count: How many.
        '''
        print("this is no JSON")
        return {"at": at, "kind": type(folder).__name__, "count": count, "names": names}

    @plugin.command()
    def odd() -> object:
        return object()
"""


@pytest.fixture
def runner(tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    install(site, "acme_film", source_of(PRESETS))
    monkeypatch.setenv("TIMELINE_NB_DATA_DIR", str(tmp_path / "data"))
    return CliRunner()


def test_the_command_line_says_what_full_rights_are_before(runner: CliRunner) -> None:
    plugins = ["plugins"]
    refused = runner.invoke(app, [*plugins, "enable", "acme.film"], input="n\n")
    assert refused.exit_code == 1
    assert FULL_RIGHTS in refused.stderr
    assert "keys and accounts" in FULL_RIGHTS
    listed = runner.invoke(app, [*plugins, "list", "--json"])
    assert json.loads(listed.stdout) == [
        {
            "id": "acme.film",
            "version": "1.0",
            "package": "acme-film",
            "license": "MIT",
            "runs": "with full rights",
            "state": "not enabled",
        }
    ]
    agreed = runner.invoke(app, [*plugins, "enable", "acme.film"], input="y\n")
    assert agreed.exit_code == 0
    assert "with full rights: enabled" in agreed.stdout
    args = '{"at": "1/25", "folder": "x", "names": []}'
    called = runner.invoke(app, [*plugins, "call", "acme.film", "presets", args])
    # What the plugin prints does not mix with the JSON.
    assert json.loads(called.stdout) == {
        "at": "1/25",
        "kind": "PosixPath",
        "count": 2,
        "names": [],
    }
    assert "this is no JSON" in called.stderr
    odd = runner.invoke(app, [*plugins, "call", "acme.film", "odd"])
    assert "has no form in JSON" in str(odd.exception)
    assert runner.invoke(app, [*plugins, "disable", "acme.film"]).exit_code == 0
    again = runner.invoke(app, [*plugins, "call", "acme.film", "presets", args])
    assert "is not enabled" in str(again.exception)


def test_a_cell_asks_before(
    site: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "acme_film", source_of(PRESETS))
    plugins = NotebookPlugins(studio)
    asked: list[str] = []

    def answer(text: str) -> str:
        asked.append(text)
        return answers.pop()

    answers = ["yes", "why"]
    monkeypatch.setattr("timeline_nb.security.prompt.has_person", lambda: True)
    monkeypatch.setattr(cells, "input", answer, raising=False)
    assert plugins.enable("acme.film").state == "not enabled"
    assert plugins.enable("acme.film").state == "enabled"
    assert all(FULL_RIGHTS in text for text in asked)
    monkeypatch.setattr("timeline_nb.security.prompt.has_person", lambda: False)
    with pytest.raises(PluginError, match=r"full_rights=True") as caught:
        plugins.enable("acme.film")
    assert FULL_RIGHTS in str(caught.value)
    shown = plugins.load("acme.film")
    assert shown.offers == {"commands": ["odd", "presets"]}
    assert "A test." in repr(shown)
    assert "<b>acme.film 1.0" in shown._repr_html_()
    assert list(plugins.table()["state"]) == ["loaded"]
    found = plugins.call("acme.film", "presets", {"at": 0.5, "folder": "x"})
    assert found["names"] == ["a"]
    with pytest.raises(PluginError, match="pip uninstall acme-film"):
        plugins.remove("acme.film")
    with pytest.raises(PluginError, match=r"no plugin 'acme\.flim'; did you mean"):
        plugins.call("acme.flim", "presets")


def test_arguments_are_described_and_checked(
    site: Path, plugins: PythonPlugins
) -> None:
    install(site, "acme_film", source_of(PRESETS))
    plugins.enable("acme.film")
    one = plugins.loaded("acme.film").declared.commands["presets"]
    schema = schema_of(one.function, one.arguments)
    assert schema["required"] == ["at", "folder"]
    assert schema["properties"]["at"]["description"] == "Seconds, exactly."
    assert schema["properties"]["count"] == {
        "type": "integer",
        "description": "How many.",
        "default": 2,
    }
    for args, said in (
        ({}, "missing required field `at`"),
        ({"at": 1, "folder": "x", "count": "2"}, "Expected `int`, got `str`"),
        ({"at": "soon", "folder": "x"}, r"`\$.at`"),
        ({"at": 1, "folder": 2}, "Expected `Path`, got int"),
        ({"at": 1, "folder": "x", "cuont": 2}, "did you mean 'count'"),
    ):
        with pytest.raises(PluginError, match=said):
            plugins.call("acme.film", "presets", args)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("@plugin.effect(a=3)\ndef f(rgb, a): ...", "a=3: give what tl.parameters"),
        (
            "@plugin.effect()\ndef f(rgb, a): ...",
            r"f: it cannot be called with",
        ),
        ("@plugin.effect()\ndef F(rgb): ...", "F: the name has up to 60 lower case"),
        ("@plugin.transition()\ndef f(rgb): ...", "with .first, second, progress"),
        ("@plugin.detector(labels=[])\ndef f(rgb): ...", "give the names of what"),
        ("@plugin.command()\ndef f(a: object): ...", "has no form in JSON"),
        ("@plugin.command()\ndef f(*a): ...", "cannot be given by name"),
        ("@plugin.command()\ndef f(a: 'Nix'): ...", "type hints cannot be read"),
        ("@plugin.importer(suffixes=['x'])\ndef f(path): ...", "endings of names"),
        ("@plugin.exporter(suffixes='.x')\ndef f(path): ...", "timeline, path"),
        ("@plugin.importer(suffixes='.x')\ndef f(p, start: int): ...", "'start'"),
        ("@plugin.analyzer(columns={'pts': 'integer'})\ndef f(s, p): ...", "'pts'"),
        ("@plugin.analyzer(columns={'a': 'int'})\ndef f(s, p): ...", "with the types"),
        (
            "@plugin.listener('render_done')\ndef f(event): ...",
            "'render_done'; did",
        ),
        ("@plugin.command()\ndef f(): ...\n" * 2, "another one of this name"),
        (
            "@plugin.command\ndef f(): ...",
            r"ArgumentError: command takes 0 arguments.*\(.*acme_bad.*, line \d+\)",
        ),
    ],
)
def test_a_wrong_declaration_names_plugin_and_function(
    tmp_path: Path, site: Path, body: str, said: str
) -> None:
    install(site, "acme_bad", source_of(body))
    plugins = PythonPlugins(tmp_path / "data")
    plugins.enable("acme.bad")
    with pytest.raises(PluginError, match=said) as caught:
        plugins.loaded("acme.bad")
    assert "the plugin 'acme.bad' of the package acme-bad 1.0" in str(caught.value)


def test_a_new_project_works(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.exists()
    folder = new_python_project("acme.sparkle", parent=tmp_path)
    monkeypatch.syspath_prepend(str(folder))
    own = runpy.run_path(str(folder / "tests" / "test_acme_sparkle.py"))
    tests = [one for name, one in own.items() if name.startswith("test_")]
    assert len(tests) == 3
    for test in tests:
        test()
    stated = (folder / "pyproject.toml").read_text()
    assert '"acme.sparkle" = "acme_sparkle:plugin"' in stated
    points = {"acme.sparkle": "acme_sparkle"}
    (folder / "acme_other.py").touch()
    install(folder, "acme_other", "", package="acme-sparkle", points=points)
    plugins = PythonPlugins(tmp_path / "data")
    plugins.enable("acme.sparkle")
    assert plugins.call("acme.sparkle", "amounts", {"count": 2}) == [0.5, 1.0]
    for name in ("Acme", "1st", "import", "a b", "x" * 200):
        with pytest.raises(PluginError, match="is no name of a Python plugin"):
            new_python_project(name, parent=tmp_path)
    with pytest.raises(PluginError, match="exists: choose another name"):
        new_python_project("acme.sparkle", parent=tmp_path)
