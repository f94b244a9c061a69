"""Steps wait until they are written, however busy the machine is."""

import pytest

from timeline_nb.collaboration import autosave


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_WAIT_S", "_LONG_WAIT_S"):
        monkeypatch.setattr(autosave, name, 60.0)
