"""Examples in docstrings of the public interface run as they are written."""

import doctest
import inspect
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import timeline_nb as tl
from timeline_nb.recognition.tables.accessor import DetectionAccessor


def _members(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a public name, and those of its methods that are the package's own."""
    yield name, value
    kind = value if inspect.isclass(value) else type(value)
    if isinstance(value, ModuleType) or inspect.isfunction(value):
        return
    for member, own in inspect.getmembers_static(kind):
        made = getattr(own, "fget", None) or getattr(own, "__func__", own)
        made = getattr(made, "func", made)
        is_ours = str(getattr(made, "__module__", "")).startswith("timeline_nb")
        if is_ours and not member.startswith("_"):
            yield f"{name}.{member}", made


def _public() -> Iterator[tuple[str, Any]]:
    for name in tl.__all__:
        yield from _members(name, getattr(tl, name))
    yield from _members("df.tl", DetectionAccessor)
    for name, own in inspect.getmembers_static(tl.Edit):
        returned = inspect.get_annotations(getattr(own, "func", None) or _none)
        kind = returned.get("return")
        if inspect.isclass(kind) and not name.startswith("_"):
            yield from _members(f"cut.{name}", kind)


def _none() -> None: ...


_PARSER = doctest.DocTestParser()
EXAMPLES = {
    name: found
    for name, value in _public()
    if (found := _PARSER.get_examples(inspect.getdoc(value) or ""))
}


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory, bikes: Path, bunny: Path) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    shutil.copy(bikes, folder / "bikes.mp4")
    shutil.copy(bunny, folder / "bunny.mp4")
    return folder


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_shows_what_it_says(
    name: str, footage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`src` is media, and `cut` an edit of two clips with a title."""
    monkeypatch.chdir(footage)
    src = tl.open("bikes.mp4")
    cut = tl.Edit("traffic", rate=25, size="360p")
    cut.append([src.clip("1s", "3s"), src.clip("5s", "7s")])
    given = {"tl": tl, "src": src, "cut": cut}
    test = doctest.DocTest(EXAMPLES[name], given, name, None, None, None)
    said: list[str] = []
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    runner = doctest.DocTestRunner(optionflags=options)
    runner.run(test, out=said.append)
    assert not runner.summarize(verbose=False).failed, "".join(said)
