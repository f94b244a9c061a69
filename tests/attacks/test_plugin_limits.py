"""Each attack of a plugin is stopped by its own limit, and its neighbors go on."""

import threading
from pathlib import Path
from typing import Any

import pytest
from attacks.hostile_web import hostile_web
from attacks.plugin_limits import GROUPS
from attacks.plugin_scene import Attack, Figures, Scene, plugin_of, tried
from plugins_factory import BODY, ECHO

from timeline_nb.core.worker_threads import threads_left_behind
from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.calls import run_interruptibly

# Seconds each, or a gigabyte: `python tests/attacks/plugin_limits.py` has them.
SLOW = (
    "function of 2 MB",
    "300,000 nested blocks",
    "1 GiB filled",
    "60 pictures",
    "a fork while",
)


def of(name: str, *, is_slow: bool) -> list[Attack]:
    return [one for one in GROUPS[name] if one.name.startswith(SLOW) == is_slow]


def faults_of(attacks: list[Attack], folder: Path) -> list[str]:
    figures = Figures()
    with hostile_web() as port:
        for number, attack in enumerate(attacks):
            place = folder / str(number)
            place.mkdir()
            figures.outcomes.append(tried(attack, Scene(place, port)))
    return figures.faults


@pytest.mark.parametrize("name", GROUPS)
def test_each_attack_is_stopped(name: str, tmp_path: Path) -> None:
    assert faults_of(of(name, is_slow=False), tmp_path) == []


@pytest.mark.whole
@pytest.mark.parametrize("name", ["code", "modules", "together"])
def test_each_slow_attack_is_stopped(name: str, tmp_path: Path) -> None:
    assert faults_of(of(name, is_slow=True), tmp_path) == []


def test_each_attack_has_a_name_of_its_own() -> None:
    names = [attack.name for attacks in GROUPS.values() for attack in attacks]
    assert len(set(names)) == len(names)


def test_what_no_clock_ends_is_left_behind() -> None:
    before = len(threads_left_behind())
    plugin = plugin_of(BODY + ECHO)
    plugin.start()
    lost: Any = plugin._commands
    ended = threading.Event()

    def stuck() -> bool:
        # As one instruction that fills a gigabyte.
        lost._until, lost._is_running = 0.0, True
        return ended.wait(200)

    with pytest.raises(PluginError, match="ran longer than 10 s"):
        run_interruptibly(lost, stuck)
    assert lost.is_lost
    assert len(threads_left_behind()) == before + 1
    # Another instance takes its place: a store is one thread's.
    assert plugin.call("run", {"n": 1})["args"] == {"n": 1}
    assert plugin._commands is not lost
    ended.set()
