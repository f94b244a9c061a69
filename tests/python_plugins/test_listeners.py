"""Listeners of Python plugins hear of what happens, and hold nobody up."""

import logging
import sys
import threading
from pathlib import Path

import pytest
from packages_factory import install, source_of
from states import until

import timeline_nb as tl

HEARING = """
    import sys

    @plugin.listener("project_created", "settings_changed")
    def hear(event):
        sys.acme_heard.append((event.kind, getattr(event, "name", "")))
"""


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(sys, "acme_heard", said, raising=False)
    return said


def test_it_hears_the_kinds_that_it_states(
    site: Path, studio: tl.Studio, heard: list[tuple[str, str]]
) -> None:
    install(site, "acme_ear", source_of(HEARING))
    studio.python_plugins.enable("acme.ear")
    cut = tl.Edit("first", rate=25, size=(64, 36), studio=studio)
    cut.markers.add(0, name="not heard")
    tl.Edit("second", rate=25, size=(64, 36), studio=studio)
    until(lambda: len(heard) >= 3)
    assert heard == [
        ("settings_changed", ""),
        ("project_created", "first"),
        ("project_created", "second"),
    ]
    studio.python_plugins.disable("acme.ear")
    tl.Edit("third", rate=25, size=(64, 36), studio=studio)
    studio.close()
    assert ("project_created", "third") not in heard


def test_one_that_hangs_or_fails_holds_up_no_other(
    site: Path,
    studio: tl.Studio,
    heard: list[tuple[str, str]],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free = threading.Event()
    monkeypatch.setattr(sys, "acme_free", free, raising=False)
    bad = """
        import sys

        @plugin.listener()
        def fails(event):
            raise SystemExit(4)

        @plugin.listener("project_created")
        def hangs(event):
            sys.acme_free.wait()
    """
    install(site, "acme_bad", source_of(bad))
    install(site, "acme_ear", source_of(HEARING))
    studio.python_plugins.enable("acme.bad")
    studio.python_plugins.enable("acme.ear")
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            tl.Edit(f"number {number}", rate=25, size=(64, 36), studio=studio)
        until(lambda: len(heard) >= 3)
        until(lambda: "SystemExit: 4" in caplog.text)
    assert "the listener fails of the plugin 'acme.bad' of the package" in caplog.text
    free.set()


def test_one_without_listeners_is_loaded_for_events_once(
    site: Path, studio: tl.Studio, tmp_path: Path
) -> None:
    loads = str(tmp_path / "loads")
    count = f"with open({loads!r}, 'a') as file: file.write('x')\n"
    install(site, "acme_deaf", count + source_of(""))
    studio.python_plugins.enable("acme.deaf")
    tl.Edit("first", rate=25, size=(64, 36), studio=studio)

    def is_silent() -> bool:
        return bool(studio.python_plugins.enabled()["acme.deaf"].silent)

    until(is_silent)
    assert studio.python_plugins._listening() == []
    # Another version may listen.
    install(site, "acme_deaf", count + source_of(HEARING), version="2.0")
    assert studio.python_plugins._listening() == ["acme.deaf"]
    assert (tmp_path / "loads").read_text() == "x"
