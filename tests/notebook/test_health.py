"""The health of a studio: each check does real work, and fails where that fails."""

from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pytest

import timeline_nb as tl
from timeline_nb.core.telemetry.health import HealthCheck
from timeline_nb.errors import MediaError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.self_test import prove_decoder
from timeline_nb.notebook import health_checks
from timeline_nb.notebook.health import health


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine have other work: a disk that takes two seconds is no fault."""
    monkeypatch.setattr(health_checks, "_QUICK_S", 200.0)
    monkeypatch.setattr(health_checks, "_SLOW_S", 200.0)


def found_by(studio: tl.Studio) -> dict[str, tuple[str, str]]:
    report = health(machine=False, studio=studio)
    return {one.name: (one.state, one.detail) for one in report.checks}


def test_all_works_on_this_machine(tmp_path: Path) -> None:
    settings = tl.Settings(cache_dir=tmp_path / "c", data_dir=tmp_path / "d")
    with tl.open_studio(settings) as studio:
        studio.health_checks.append(HealthCheck("server", lambda: "listens", 200))
        report = health(machine=False, studio=studio)
    states = {one.name: one.state for one in report.checks}
    # Where there is no keyring, that is a warning.
    states.pop("keyring")
    names = ["cache", "data", "disk", "decoder", "encoder", "detector", "queue"]
    assert states == dict.fromkeys([*names, "server"], "ok")
    assert report.is_ok
    assert "libx264" in report.to_json()["checks"]["encoder"]["detail"]
    assert "<td>✓ ok</td><td>detector</td>" in report._repr_html_()
    assert list(report.to_dataframe()["check"])[-1] == "server"
    # What was written to prove the folders is gone.
    left = [one.name for one in tmp_path.rglob("*") if "health" in one.name]
    assert left == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "c")) as studio:
        (tmp_path / "c").rmdir() if (tmp_path / "c").exists() else None
        (tmp_path / "c").write_text("a file")
        found = found_by(studio)
    state, detail = found["cache"]
    assert state == "failed"
    assert str(tmp_path / "c") in detail
    assert "tl.Settings(cache_dir=...)" in detail
    assert "Errno" not in detail
    assert found["encoder"][0] == "ok"


class _Usage(NamedTuple):
    free: int


class _Wrong:
    """A decoder that gives one gray for all frames."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def frame(self, _: int) -> Self:
        return self

    def to_rgb(self) -> Any:
        return np.full((2, 2, 3), 28, np.uint8)


def test_a_decoder_that_gives_other_frames_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = MediaLibrary(tmp_path)
    prove_decoder(library, tmp_path)
    monkeypatch.setattr(library, "video", lambda _: _Wrong())
    with pytest.raises(MediaError, match="are decoded as"):
        prove_decoder(library, tmp_path)


def test_the_little_that_is_left_of_a_disk_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = int(Fraction(3, 2) * 1_000_000_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: _Usage(free))
    with tl.open_studio(tl.Settings(cache_dir=tmp_path)) as studio:
        state, detail = found_by(studio)["disk"]
    assert (state, detail.partition(" free")[0]) == ("warning", "1.5 GB")
