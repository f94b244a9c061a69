"""A plugin that fails in any way is named, and nothing else suffers."""

import logging
import sys
import threading
from pathlib import Path

import pytest
from packages_factory import install, source_of
from states import until

from timeline_nb.errors import PluginError
from timeline_nb.python_plugins import load
from timeline_nb.python_plugins.plugins import PythonPlugins

HELLO = """
    @plugin.command()
    def hello() -> str:
        return "hello"
"""
# What a module does when it is imported, and what is said of it.
FAULTS = {
    "raises": ("1 / 0", "ZeroDivisionError: division by zero"),
    "exits": ("raise SystemExit(3)", "SystemExit: 3"),
    "quits": ("quit()", "SystemExit"),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "own": ("class Odd(BaseException): pass\nraise Odd('odd')", "Odd: odd"),
    "mute": (
        "class Mute(Exception):\n    def __str__(self): 1 / 0\nraise Mute",
        "Mute",
    ),
    "syntax": ("def", "SyntaxError"),
    "missing": ("import no_such_module_x", "No module named 'no_such_module_x'"),
    "other": ("plugin = 3", "is of the type int, not a tl.PythonPlugin"),
    "none": ("pass", "has no attribute 'plugin'"),
    "deep": ("def f(): f()\nf()", "RecursionError"),
}


def test_each_fault_is_named_and_another_plugin_works(
    site: Path, plugins: PythonPlugins, caplog: pytest.LogCaptureFixture
) -> None:
    install(site, "acme_fine", source_of(HELLO))
    plugins.enable("acme.fine")
    for name, (source, said) in FAULTS.items():
        install(site, f"bad_{name}", source)
        plugins.enable(f"bad.{name}")
        with caplog.at_level(logging.CRITICAL), pytest.raises(PluginError) as caught:
            plugins.call(f"bad.{name}", "hello", {})
        text = str(caught.value)
        assert said in text, name
        assert f"the plugin 'bad.{name}' of the package bad-{name} 1.0" in text
        assert "\n" not in text
        found = plugins.found(f"bad.{name}")
        assert (found.state, found.fault) == ("failed", text)
    assert plugins.call("acme.fine", "hello", {}) == "hello"


def test_one_that_failed_is_tried_again_when_it_is_enabled_again(
    site: Path, plugins: PythonPlugins, caplog: pytest.LogCaptureFixture
) -> None:
    install(site, "acme_late", "import acme_needs\n" + source_of(HELLO))
    plugins.enable("acme.late")
    with caplog.at_level(logging.CRITICAL), pytest.raises(PluginError, match="needs"):
        plugins.call("acme.late", "hello", {})
    (site / "acme_needs.py").touch()
    with pytest.raises(PluginError, match="needs"):
        plugins.call("acme.late", "hello", {})
    plugins.enable("acme.late")
    assert plugins.call("acme.late", "hello", {}) == "hello"


def test_one_that_never_ends_is_left_behind(
    site: Path,
    plugins: PythonPlugins,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(load, "_LOADS_WITHIN_S", 0.3)
    wait = "import sys, time\nwhile not hasattr(sys, 'acme_ends'): time.sleep(0.01)\n"
    install(site, "acme_slow", wait + source_of(HELLO))
    install(site, "acme_fine", source_of(HELLO))
    plugins.enable("acme.slow")
    plugins.enable("acme.fine")
    with caplog.at_level(logging.CRITICAL), pytest.raises(PluginError) as caught:
        plugins.call("acme.slow", "hello", {})
    assert "importing acme_slow takes longer than 0.3 s" in str(caught.value)
    monkeypatch.setattr(load, "_LOADS_WITHIN_S", 200.0)
    assert plugins.call("acme.fine", "hello", {}) == "hello"
    monkeypatch.setattr(sys, "acme_ends", True, raising=False)
    until(
        lambda: not any("plugin acme.slow" in one.name for one in threading.enumerate())
    )


def test_one_that_asks_for_itself_while_it_is_loaded_does_not_hang(
    site: Path, plugins: PythonPlugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "acme_plugins", plugins, raising=False)
    itself = """
        import sys
        try:
            sys.acme_plugins.call("acme.self", "hello", {})
        except tl.PluginError as error:
            said = str(error)
        @plugin.command()
        def hello() -> str:
            return said
    """
    install(site, "acme_self", source_of(itself))
    plugins.enable("acme.self")
    said = plugins.call("acme.self", "hello", {})
    label = "the plugin 'acme.self' of the package acme-self 1.0"
    assert said == f"{label} cannot be used while {label} is loaded"


def test_many_threads_load_it_once(site: Path, plugins: PythonPlugins) -> None:
    count = "import sys\nsys.acme_count = getattr(sys, 'acme_count', 0) + 1\n"
    install(site, "acme_once", count + source_of(HELLO))
    plugins.enable("acme.once")
    said: list[str] = []

    def call() -> None:
        said.append(plugins.call("acme.once", "hello", {}))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["hello"] * 8
    assert sys.acme_count == 1  # type: ignore[attr-defined]
    del sys.acme_count  # type: ignore[attr-defined]


def test_what_a_command_raises_names_it_and_the_line(
    site: Path, plugins: PythonPlugins
) -> None:
    path = install(
        site,
        "acme_bad",
        source_of(
            """
            @plugin.command()
            def fails() -> None:
                raise SystemExit(3)
            """
        ),
    )
    plugins.enable("acme.bad")
    with pytest.raises(PluginError) as caught:
        plugins.call("acme.bad", "fails", {})
    assert str(caught.value) == (
        "fails of the plugin 'acme.bad' of the package acme-bad 1.0 failed: "
        f"SystemExit: 3 ({path}, line 6)"
    )
