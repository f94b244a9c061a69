"""Steps wait until they are written, however busy the machine is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import timeline_nb as tl
from timeline_nb.collaboration import autosave


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_WAIT_S", "_LONG_WAIT_S"):
        monkeypatch.setattr(autosave, name, 60.0)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tl.Studio]:
    """A studio with data of its own, as kernels that the test starts have."""
    monkeypatch.setenv("TIMELINE_NB_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TIMELINE_NB_ROOTS", str(tmp_path))
    with tl.open_studio() as studio:
        yield studio
