"""Every public name has an example in its docstring, which runs as it is written.

What needs none: errors, enumerations and aliases; fields, which the example of their
class shows; methods of another library's class; and what says `:meta private:`, which
the reference leaves out, too. A property needs none of its own if an example of its
class, or of what the class can do, shows it.
"""

import doctest
import enum
import inspect
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import packages_factory
import pytest
from plugins_factory import (
    ANYTHING,
    BODY,
    ECHO,
    EFFECT_ENTRIES,
    EFFECTS,
    wasm_of,
    written,
)
from reference_pages import RETURNED, accessors
from runners import notebook

import timeline_nb as tl
from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.custom import forget_custom_effect
from timeline_nb.security.passphrase import PASSPHRASE_VARIABLE

ROOT = Path(__file__).parents[2]
_PACKAGE = packages_factory.source_of("""
@plugin.effect(group="film", amount=tl.parameters.number(0.5, 0, 1))
def fade_red(rgb, amount):
    "Take red away."
    rgb[..., 0] = rgb[..., 0] * (1 - amount)
    return rgb
""")


def _is_ours(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).startswith("timeline_nb")


def _members(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a public name, and those of its methods that are the package's own."""
    yield name, value
    kind = value if inspect.isclass(value) else type(value)
    if isinstance(value, ModuleType) or inspect.isfunction(value):
        return
    for member, own in inspect.getmembers_static(kind):
        made = getattr(own, "fget", None) or getattr(own, "__func__", own)
        made = getattr(made, "func", made)
        if _is_ours(made) and not member.startswith("_"):
            yield f"{name}.{member}", made


def _public() -> Iterator[tuple[str, Any]]:
    for name in tl.__all__:
        yield from _members(name, getattr(tl, name))
    for name, kind in accessors():
        yield from _members(f"cut.{name}", kind)
    for returned in RETURNED.values():
        for name, kind in returned.items():
            yield from _members(name, kind)


_PARSER = doctest.DocTestParser()


def _examples(value: Any) -> list[doctest.Example]:
    return _PARSER.get_examples(inspect.getdoc(value) or "")


PUBLIC = dict(_public())
# They need a platform, a person, a server, another machine or kernel, or a model or
# package that tests do not have.
_NOT_RUN = {
    "DetectionResult.people",
    "Edit.publish",
    "Edit.recover",
    "Edit.share",
    "Edit.start_publish",
    "Media.analyze",
    "Media.start_analysis",
    "Media.url",
    "accounts.connect",
    "accounts.disconnect",
    "accounts.start_connect",
    "accounts.start_disconnect",
    "accounts.token",
    "models.pull",
    "models.start_pull",
    "publish",
    "recover",
    "start_publish",
    "vault.check",
    "vault.start_check",
}
EXAMPLES = {
    name: found for name, value in PUBLIC.items() if (found := _examples(value))
}


def _needs_none(name: str, value: Any) -> bool:
    """Return whether a thing is known by its name, or no part of the interface."""
    owner, _, member = name.rpartition(".")
    found = PUBLIC.get(owner)
    kind = found if inspect.isclass(found) else type(found)
    if any(member in vars(one) for one in kind.__mro__ if not _is_ours(one)):
        return True
    if isinstance(value, enum.Enum) or hasattr(value, "__value__"):
        return True
    if inspect.isclass(value) and issubclass(value, (BaseException, enum.Enum)):
        return True
    return ":meta private:" in (inspect.getdoc(value) or "")


def _is_property(name: str) -> bool:
    """Return whether a public name is read as an attribute."""
    owner, _, member = name.rpartition(".")
    found = PUBLIC.get(owner)
    kind = found if inspect.isclass(found) else type(found)
    own = inspect.getattr_static(kind, member, None)
    return isinstance(own, property) or hasattr(own, "func")


def _is_shown(name: str) -> bool:
    """Return whether an example of a class, or of its methods, reads a property."""
    owner, _, member = name.rpartition(".")
    used = re.compile(rf"\.{member}\b(?!\()")
    return any(
        used.search(example.source)
        for other, examples in EXAMPLES.items()
        if other == owner or other.startswith(f"{owner}.")
        for example in examples
    )


def test_every_public_name_has_an_example() -> None:
    without = {
        name
        for name, value in PUBLIC.items()
        if name not in EXAMPLES
        and not _needs_none(name, value)
        and not (_is_property(name) and _is_shown(name))
    }
    assert not without, "these have no example"


def test_examples_run_but_for_those_that_cannot() -> None:
    idle = {
        name
        for name, examples in EXAMPLES.items()
        if all(one.options.get(doctest.SKIP) for one in examples)
    }
    assert idle == _NOT_RUN


@pytest.fixture(scope="module")
def footage(
    tmp_path_factory: pytest.TempPathFactory, bikes: Path, bunny: Path
) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("examples")
    put_files(folder, bikes, bunny)
    with pytest.MonkeyPatch.context() as patch:
        # For the package with a plugin.
        patch.syspath_prepend(str(folder))
        yield folder
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "").is_relative_to(folder):
            del sys.modules[name]


@pytest.fixture(scope="module", autouse=True)
def _own_effects() -> Iterator[None]:
    """Take out of the catalog what examples put in."""
    before = {one.kind for one in catalog("picture")}
    yield
    for one in catalog("picture"):
        if one.kind not in before:
            forget_custom_effect(one.kind)


def put_files(folder: Path, bikes: Path, bunny: Path) -> None:
    """Put the files there that examples open."""
    shutil.copy(bikes, folder / "bikes.mp4")
    shutil.copy(bunny, folder / "bunny.mp4")
    shutil.copy(next(ROOT.glob("models/*.onnx")), folder / "detector.onnx")
    client = {"installed": {"client_id": "123.apps.example", "client_secret": "abc"}}
    (folder / "client_secret.json").write_text(json.dumps(client))
    tint = wasm_of(BODY + EFFECTS + ECHO)
    commands = [{"name": "run", "args": ANYTHING}]
    fields = {"id": "org.example.tint", "name": "Tint", "permissions": ["ui:panel"]}
    written(folder, tint, effects=EFFECT_ENTRIES, commands=commands, **fields)
    packages_factory.install(folder, "acme_film", _PACKAGE)
    greeting = "import shutil\nshutil.copy('bikes.mp4', film)"
    made = notebook(folder, greeting, parameters="name = 'you'\nfilm = 'you.mp4'")
    made.rename(folder / "greeting.ipynb")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tl.Studio]:
    folder = tmp_path_factory.mktemp("studio")
    settings = tl.Settings(cache_dir=folder / "cache", data_dir=folder / "data")
    with tl.open_studio(settings) as own:
        yield own


def given(text: str, studio: tl.Studio) -> dict[str, Any]:
    """Return what examples find.

    `src` is media, `cut` an edit of two clips with a title, `result` what was detected
    in the media, `table` its table, and `studio` one of its own.
    """
    src = tl.open("bikes.mp4")
    cut = tl.Edit("traffic", rate=25, size=(320, 180))
    cut.append([src.clip("1s", "3s"), src.clip("5s", "7s")])
    cut.titles.add("Traffic", start=0, end="2s")
    if "tl.vault" in text:
        for name in tl.vault.names():
            tl.vault.delete(name)
    named: dict[str, Any] = {"tl": tl, "src": src, "cut": cut, "studio": studio}
    if re.search(r"\b(result|table)\b", text):
        named["result"] = src.detect(every=5, end="2s")
        named["table"] = named["result"].to_dataframe()
    return named


def use(patch: pytest.MonkeyPatch, folder: Path, studio: tl.Studio) -> None:
    """Work in a folder, with secrets, accounts, models and plugins of a studio."""
    patch.chdir(folder)
    patch.setenv(PASSPHRASE_VARIABLE, "correct horse battery staple")
    for owner in (tl.vault, tl.accounts, tl.models, tl.plugins):
        patch.setattr(owner, "_studio", studio)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_shows_what_it_says(
    name: str, footage: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, footage, studio)
    named = given("".join(example.source for example in EXAMPLES[name]), studio)
    test = doctest.DocTest(EXAMPLES[name], named, name, None, None, None)
    said: list[str] = []
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    runner = doctest.DocTestRunner(optionflags=options)
    runner.run(test, out=said.append)
    assert not runner.summarize(verbose=False).failed, "".join(said)
