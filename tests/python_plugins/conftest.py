import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import timeline_nb as tl
from timeline_nb.python_plugins.plugins import PythonPlugins


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages on the import path; what was imported of it is dropped."""
    folder = tmp_path / "site"
    folder.mkdir()
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(folder))
    # Two versions of a file that are written within a second have one bytecode.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield folder
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if Path(file).is_relative_to(tmp_path):
            del sys.modules[name]


@pytest.fixture
def plugins(tmp_path: Path) -> PythonPlugins:
    return PythonPlugins(tmp_path / "data" / "plugins")


@pytest.fixture
def studio(tmp_path: Path, site: Path) -> Iterator[tl.Studio]:
    assert site.exists()
    settings = tl.Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")
    with tl.open_studio(settings) as opened:
        yield opened
