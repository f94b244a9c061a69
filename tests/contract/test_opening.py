"""Files that a project may name are opened under the scope in use."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import timeline_nb

PACKAGE = Path(timeline_nb.__file__).parent
# What reads files by paths of projects, messages and tables.
READERS = (
    "compose effects media multicam preview project recognition segments subtitles"
)
# Calls that open a path by its name; `.open` only where its mode is that of reading.
OPENS = {
    "open",
    "read_bytes",
    "read_text",
    "truetype",
    "TTFont",
    "TTCollection",
    "load",
}
# The only modules that may, and what they open.
ALLOWED = {
    "effects/installed_packages.py": "code of packages that Python has imported",
    "effects/titles/fonts.py": "names of descriptors, by same_file",
    "media/_pyav.py": "descriptors",
    "media/apart/broken.py": "the cache",
    "media/damage_log.py": "the cache",
    "media/exif.py": "an open file",
    "media/file_identification.py": "bytes in memory",
    "media/hardware.py": "a sample of its own, in memory",
    "media/index_file.py": "the cache",
    "media/self_test.py": "a sample of its own, in the cache",
    "media/trimming.py": "a temporary file, for writing",
    "preview/proxies.py": "the cache",
    "preview/stream.py": "a stream in memory, for writing",
    "project/document.py": "the project that a person replaces",
    "recognition/detection_arrays.py": "the cache, and what a person names",
    "recognition/inference/trial.py": "the cache",
    "recognition/measure_cache.py": "the cache",
    "recognition/models/download.py": "the data folder",
    "recognition/models/manifest.py": "models of the package",
    "recognition/models/registry.py": "the data folder",
    "recognition/signals/curves.py": "the cache",
    "segments/file.py": "the cache",
    "segments/journal.py": "the cache",
}


def _opening(tree: ast.AST) -> Iterator[int]:
    """Yield the lines of calls that open a path by its name."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        if isinstance(call.func, ast.Name) and call.func.id in {"open", "TTFont"}:
            yield call.lineno
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in OPENS:
            continue
        of = call.func.value
        module = of.id if isinstance(of, ast.Name) else ""
        first = call.args[0] if call.args else None
        mode = first.value if isinstance(first, ast.Constant) else None
        if call.func.attr == "open":
            known = module in {"av", "Image", "os", "io"}
            if known or (isinstance(mode, str) and mode.startswith("r")):
                yield call.lineno
        elif call.func.attr == "load":
            if module in {"np", "onnx"}:
                yield call.lineno
        else:
            yield call.lineno


def _modules() -> list[str]:
    paths = [p for name in READERS.split() for p in (PACKAGE / name).rglob("*.py")]
    return sorted(path.relative_to(PACKAGE).as_posix() for path in paths)


@pytest.mark.parametrize("module", _modules())
def test_readers_open_under_the_scope(module: str) -> None:
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    lines = list(_opening(tree))
    if module in ALLOWED:
        assert lines, f"{module} opens nothing any more: leave it out"
        return
    assert not lines, f"{module}:{lines}: open by timeline_nb.access.use"


def test_the_rule_sees_what_it_forbids() -> None:
    for code in (
        "open(path)",
        "path.open('rb')",
        "av.open(name)",
        "Image.open(path)",
        "path.read_bytes()",
        "np.load(path)",
        "ImageFont.truetype(path, 10)",
        "os.open(path, 0)",
    ):
        assert list(_opening(ast.parse(code))), code
    for code in ("store.open(key)", "context.open()", "open_file(path)", "x.load()"):
        assert not list(_opening(ast.parse(code))), code
