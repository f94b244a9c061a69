"""New projects of plugins, and the test that they get."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from plugins_factory import BODY, ECHO, answering, wasm_of, written
from typer.testing import CliRunner

from timeline_nb.cli.app import app
from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.authoring.examples import picture_of, read_examples
from timeline_nb.wasm_plugins.authoring.scaffold import new_project
from timeline_nb.wasm_plugins.authoring.trial import try_plugin
from timeline_nb.wasm_plugins.manifest import read_manifest

LANGUAGES = ("assemblyscript", "c", "rust")
KINDS = [
    "effect",
    "transition",
    "generator",
    "analyzer",
    "importer",
    "exporter",
    "tool",
]
OFFERS = {
    one + "s": one for one in ["effect", "command", "analyzer", "importer", "exporter"]
}
FRAME = '(func (export "tnb_frame") (param i32 i32 i32 i32 i32 i32 i32) (result i32) '
# The third parameter is where the result goes, the second where the picture lies.
COPY = (
    FRAME
    + "(memory.copy (local.get 2) (local.get 1) (i32.mul (i32.const 3) "
    + "(i32.mul (local.get 3) (local.get 4)))) i32.const 0)"
)
GIVEN = {"pictures": [["010203"]]}
EFFECT = {"name": "same", "parameters": [{"name": "much", "default": 0.5}]}


def project(folder: Path, text: str, tests: Any = None, **fields: Any) -> Path:
    """A plugin of WebAssembly's text, with its examples."""
    written(folder, wasm_of(text), **fields)
    if tests is not None:
        (folder / "tests.json").write_text(json.dumps(tests))
    return folder


def lines(folder: Path, verdict: str) -> list[str]:
    found = try_plugin(folder).findings
    return [f"{one.what}: {one.text}" for one in found if one.verdict == verdict]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_project_is_complete(tmp_path: Path, language: str, kind: str) -> None:
    folder = new_project("org.example.my-blur", language, kind, parent=tmp_path)
    assert folder == tmp_path / "my-blur"
    texts = {path.name: path.read_text() for path in folder.iterdir()}
    assert not [name for name, text in texts.items() if re.search("@[A-Z]+@", text)]
    manifest = read_manifest(texts["manifest.json"].encode())
    assert (manifest.id, manifest.name) == ("org.example.my-blur", "My blur")
    examples = read_examples(folder / "tests.json")
    for plural, one in OFFERS.items():
        offered = {offer.name for offer in getattr(manifest, plural)}
        assert {getattr(each, one) for each in getattr(examples, plural)} == offered
    for name in texts:
        if name.endswith((".ts", ".c", ".h", ".rs", "manifest.json")):
            assert f"`{name}`" in texts["README.md"]


def test_a_word_is_a_local_name(tmp_path: Path) -> None:
    folder = new_project("sparkle", "c", parent=tmp_path)
    assert read_manifest((folder / "manifest.json").read_bytes()).id == "local.sparkle"
    with pytest.raises(PluginError, match="exists: choose another"):
        new_project("sparkle", "c", parent=tmp_path)


@pytest.mark.parametrize(
    ("name", "language", "kind", "message"),
    [
        ("../escape", "c", "effect", "no name of a plugin"),
        ("Big", "c", "effect", "small letters"),
        ("x" * 101, "c", "effect", "no name of a plugin"),
        ("good", "C", "effect", "There are assemblyscript, c, rust$"),
        ("good", "c", "efect", "did you mean 'effect'"),
    ],
)
def test_what_is_no_project(
    tmp_path: Path, name: str, language: str, kind: str, message: str
) -> None:
    with pytest.raises(PluginError, match=message):
        new_project(name, language, kind, parent=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_right_plugin_passes(tmp_path: Path) -> None:
    tests = {
        "effects": [
            {"effect": "same", "pictures": [["0102ff 00"]], "error": "is no picture"},
            {"effect": "same", "pictures": [["010203"]], "result": ["010203"]},
            {"effect": "same", "parameters": {"much": 2}, "pictures": [["010203"]],
             "error": "outside 0 to 1"},
        ],
        "commands": [{"command": "run", "result": {"command": "run", "args": {}}}],
    }  # fmt: skip
    folder = project(tmp_path, BODY + ECHO + COPY, tests, effects=[EFFECT])
    report = try_plugin(folder)
    assert {one.verdict for one in report.findings} == {"ok"}
    text = str(report)
    assert "320x180; 3 settings, each twice" in text
    # Two pictures of 6,220,800 bytes after 512 KiB, in 9 pages and 12 times 16 more.
    assert "memory: 12.6 MiB of 39.7" in text
    assert text.endswith("all passed")


@pytest.mark.parametrize(
    ("text", "tests", "message"),
    [
        (FRAME + "unreachable)", {}, "it stopped itself"),
        (FRAME + "i32.const 7)", {}, "failed with the code 7"),
        (
            COPY,
            {"effects": [{"effect": "same", **GIVEN, "result": ["010209"]}]},
            "6 levels from the result; it is 010203",
        ),
        (
            COPY,
            {"effects": [{"effect": "sane", **GIVEN, "result": ["010203"]}]},
            "did you mean 'same'",
        ),
        (
            COPY,
            {"effects": [{"effect": "same", "pictures": [["010203"]]}]},
            "neither a result nor an error",
        ),
        (
            COPY,
            {"effects": [{"effect": "same", "pictures": [["010203"]], "error": "no"}]},
            "it raised no error with 'no'",
        ),
        (
            COPY,
            {"commands": [{"command": "run", "result": {"a": 1}}]},
            r"the result is \{'a': 2\}",
        ),
        (
            COPY,
            {"commands": [{"command": "run", "args": {"a": 1}, "error": "nothing"}]},
            "it raised no error",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(
    tmp_path: Path, text: str, tests: Any, message: str
) -> None:
    body = BODY + answering('{"a": 2}') + text
    folder = project(tmp_path, body, tests, effects=[EFFECT])
    with pytest.raises(AssertionError, match=message):
        assert lines(folder, "FAILED") == []


def test_what_has_no_example_and_no_permission_is_noted(tmp_path: Path) -> None:
    asked = {"permissions": ["read:*", "level:standard"]}
    folder = project(tmp_path, BODY + ECHO, **asked)
    notes = lines(folder, "note")
    assert notes[0].startswith("asks for read:*")
    assert notes[-1] == "command run: tests.json has no example of it"
    granted = try_plugin(folder, grant=["level:standard"])
    assert "level standard: 64 MiB" in str(granted)


def test_an_analyzer_is_given_pictures(tmp_path: Path) -> None:
    # It answers each picture with the same row, which lies at 1024.
    row = '{"rows":[{"light":1.5}]}'
    body = (
        BODY + answering(row)
        + '(func (export "tnb_picture") (param i32 i32 i32 i32 i64 i64 i64) '
        + f"(result i64) i64.const {(1024 << 32) | len(row)})"
    )  # fmt: skip
    analyzer: dict[str, Any] = {"name": "light", "columns": [{"name": "light"}]}
    rows = [{"light": 1.5}] * 4
    example = {"analyzer": "light", "pictures": [["000000"], ["ffffff"]], "rows": rows}
    offered: dict[str, Any] = {"analyzers": [analyzer], "commands": []}
    folder = project(tmp_path, body, {"analyzers": [example]}, **offered)
    # Rows of the beginning and of the end, and of two pictures.
    assert lines(folder, "FAILED") == []
    wrong = {"analyzers": [{**example, "rows": rows[:3]}]}
    (folder / "tests.json").write_text(json.dumps(wrong))
    assert "the rows are" in lines(folder, "FAILED")[0]
    offered["analyzers"] = [
        {"name": "light", "columns": [{"name": "light", "type": "text"}]}
    ]
    other = project(tmp_path / "other", body, {"analyzers": [example]}, **offered)
    assert "of another type than its column" in lines(other, "FAILED")[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"effects": [{"effect": 1}]}', r"tests.json: .*effects\[0\].effect"),
        ('{"efects": []}', "unknown field `efects`"),
        ("[" * 100_000, "tests.json"),
        ("\xff", "tests.json"),
    ],
)
def test_examples_that_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "tests.json").write_text(text, encoding="latin-1")
    with pytest.raises(PluginError, match=message):
        read_examples(tmp_path / "tests.json")


@pytest.mark.parametrize(
    "rows", [("ff0000", "ff"), ("ff0000 00", "1"), ("gg0000",), ("",)]
)
def test_what_is_no_picture(rows: tuple[str, ...]) -> None:
    with pytest.raises(PluginError, match=r"is no picture|is not hexadecimal"):
        picture_of(rows)
    assert picture_of(("ff0001 000002", "000000 000000")).shape == (2, 2, 3)
    assert picture_of(("ff000180",)).tolist() == [[[255, 0, 1, 128]]]


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    command = ["plugins", "new", "org.example.wave", "--lang", "rust", "--type", "tool"]
    made = runner.invoke(app, command, catch_exceptions=False)
    assert made.exit_code == 0
    assert (tmp_path / "wave" / "plugin.rs").exists()
    # What build.sh would write.
    (tmp_path / "wave" / "build.sh").write_text("exit 4\n")
    with pytest.raises(PluginError, match="build it first"):
        runner.invoke(app, ["plugins", "test", "wave"], catch_exceptions=False)
    with pytest.raises(PluginError, match="failed with the code 4"):
        runner.invoke(
            app, ["plugins", "test", "wave", "--build"], catch_exceptions=False
        )
    tests = {"commands": [{"command": "run", "result": {"a": 2}}]}
    folder = project(tmp_path / "one", BODY + answering('{"a": 2}'), tests)
    tested = runner.invoke(app, ["plugins", "test", str(folder)])
    assert (tested.exit_code, tested.output.splitlines()[-1]) == (0, "all passed")
    tests["commands"][0]["result"] = {"a": 3}
    project(tmp_path / "one", BODY + answering('{"a": 2}'), tests)
    tested = runner.invoke(app, ["plugins", "test", str(folder)])
    assert (tested.exit_code, tested.output.splitlines()[-1]) == (1, "1 failed")


NEEDED = {"assemblyscript": "npm", "c": "clang-14", "rust": "/usr/bin/rustc"}


@pytest.mark.whole
@pytest.mark.timeout(300)  # npm fetches the compiler
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_project_builds_and_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, kind: str
) -> None:
    if shutil.which(NEEDED[language]) is None:
        pytest.skip(f"needs {NEEDED[language]}")
    monkeypatch.setenv("RUSTC", "/usr/bin/rustc")
    folder = new_project("org.example.own", language, kind, parent=tmp_path)
    subprocess.run(["sh", str(folder / "build.sh")], check=True)
    first = (folder / "own.wasm").read_bytes()
    report = try_plugin(folder)
    assert report.failures == 0, str(report)
    assert not [one for one in report.findings if "no example" in one.text]
    subprocess.run(["sh", str(folder / "build.sh")], check=True)
    assert (folder / "own.wasm").read_bytes() == first
