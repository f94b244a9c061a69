"""What plugins that misuse events and panels cost those who edit and render."""

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from plugins_factory import BODY, PANEL_COMMANDS, answering, wasm_of, written

import timeline_nb as tl
from timeline_nb.settings import Settings
from timeline_nb.studio import open_studio
from timeline_nb.widgets.editor import Editor

__all__ = ["HOSTILE", "cost_of_events", "print_costs"]

_CALL = '(func (export "tnb_call") (param i32 i32) (result i64) '
_ITEM = {"kind": "text", "text": "\u202e<b>" * 2_000}
_MANY = {"title": "x" * 10_000, "items": [_ITEM] * 30}

# By what it does with each event, and with each question for its panel.
HOSTILE = {
    "none": "",
    "answers": BODY + answering("{}"),
    "loops": BODY + _CALL + "(loop (br 0)) i64.const 0)",
    "crashes": BODY + _CALL + "unreachable)",
    "answers what is no JSON": BODY + answering("{" * 60_000),
    "shows giant texts": BODY + answering(json.dumps(_MANY)),
}


def cost_of_events(text: str, edits: int = 300) -> dict[str, Any]:
    """Edit and render while a plugin is sent all events and shows a panel.

    Args:
        text: The plugin's WebAssembly, empty for no plugin.
        edits: How many changes are made.

    Returns:
        Microseconds of the median and the slowest edit, seconds of a render of 100
        frames, and how many events the plugin was not sent.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        settings = Settings(cache_dir=folder / "cache", data_dir=folder / "data")
        with open_studio(settings) as studio:
            if text:
                asked: dict[str, Any] = {"permissions": ["ui:panel"], "panel": "panel"}
                path = written(
                    folder / "p",
                    wasm_of(text),
                    events=["all"],
                    commands=PANEL_COMMANDS,
                    **asked,
                )
                studio.plugins.install(path, ["ui:panel"])
            cut = tl.Edit("cut", rate=25, size=(320, 180), studio=studio)
            cut.titles.add("Hello", start=0, end="4s")
            editor = Editor(cut)
            editor._receive(
                editor,
                {"kind": "hello", "id": 1, "view": "v"},
                [],
            )
            steps = []
            for number in range(edits):
                began = time.perf_counter()
                cut.markers.add(number % 4, name=f"{number}")
                steps.append(time.perf_counter() - began)
            began = time.perf_counter()
            cut.render(folder / "film.mp4").wait()
            seconds = time.perf_counter() - began
            editor.close()
            plugin = studio.plugins.plugin("org.example.test") if text else None
            return {
                "edit_us": round(statistics.median(steps) * 1e6),
                "slowest_edit_us": round(max(steps) * 1e6),
                "render_s": round(seconds, 2),
                "dropped": plugin.dropped_events if plugin else 0,
                "state": plugin.state if plugin else "",
            }


def print_costs() -> None:
    """Print what each hostile plugin costs, beside no plugin."""
    cost_of_events("", 20)
    for name, text in HOSTILE.items():
        print(f"{name:<24} {cost_of_events(text)}")


if __name__ == "__main__":
    print_costs()
