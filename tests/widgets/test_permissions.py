"""The dialog of a plugin's permissions, over its wire."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plugins_factory import ASK, ASKING, BODY, ECHO, wasm_of, written
from widgets.wire import Wire, in_words

from timeline_nb.errors import PluginError
from timeline_nb.notebook import plugin_view
from timeline_nb.notebook.plugins import NotebookPlugins
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio
from timeline_nb.widgets.permissions import PermissionsWidget

ID = "org.example.test"
ASKED = ["network:*.example.com", "read:*", "ui:message", "process"]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    settings = Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")
    with open_studio(settings) as made:
        path = written(
            tmp_path / "p",
            wasm_of(ASKING),
            commands=[ASK],
            permissions=ASKED,
            name="Blur",
            about="Blurs\ue000 pictures.",
            requires={"org.example.base": "1.2.0"},
        )
        made.plugins.install(path)
        yield made


@pytest.fixture
def wire(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    widget = PermissionsWidget(studio, ID)
    wire = Wire(widget, monkeypatch)
    wire.hello()
    yield wire
    widget.close()


def view(wire: Wire) -> dict[str, Any]:
    return wire.last("permissions")[0]


def granted(studio: Studio) -> list[str]:
    return list(map(str, studio.plugins.installed(ID).granted))


def test_it_says_what_a_plugin_asks_for_in_sentences(wire: Wire) -> None:
    shown = view(wire)
    assert shown["name"] == "Blur 1.0.0"
    assert shown["facts"]["values"]["id"] == ID
    assert shown["about"] == "Blurs· pictures."
    assert [one["permission"] for one in shown["asks"]] == ASKED
    network, read, message, process = shown["asks"]
    assert network["sentence"] == {
        "text": "exchange data with {host} on the internet",
        "values": {"host": "*.example.com"},
    }
    assert in_words(read["sentence"]) == "read files in folders that you name"
    assert [one["target"] for one in shown["asks"]] == ["host", "folder", "", ""]
    assert [one["isNever"] for one in shown["asks"]] == [False, False, False, True]
    assert "never granted" in in_words(process["sentence"])
    assert not any(one["isGranted"] for one in (network, read, message))
    (needs,) = shown["requires"]
    assert not needs["isMet"]
    missing = "org.example.base 1.2.0 or later, which is not installed"
    assert missing in in_words(needs["sentence"])


def test_a_part_is_allowed_and_taken_back(wire: Wire, studio: Studio) -> None:
    wanted = ["network:api.example.com", "read:/films"]
    assert wire.ask("allowPermissions", permissions=wanted)["kind"] == "done"
    assert granted(studio) == wanted
    network, read, *_ = view(wire)["asks"]
    assert (network["granted"], network["isGranted"]) == (wanted[:1], False)
    assert read["granted"] == wanted[1:]
    wire.ask("revokePermissions", permissions=["read:/films"])
    assert granted(studio) == wanted[:1]
    wire.ask("revokePermissions", permissions=[])
    assert granted(studio) == []
    assert view(wire)["asks"][0]["granted"] == []


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("process", "never granted"),
        ("network:evil.test", "does not ask for network:evil.test"),
        ("network:example.com", "does not ask"),
        ("read:*", "name a folder"),
        ("read:films", "whole path"),
        ("ui:panel", "does not ask for ui:panel"),
        ("nonsense", "no permission"),
    ],
)
def test_more_than_it_asks_for_is_refused_with_the_reason(
    wire: Wire, studio: Studio, wanted: str, why: str
) -> None:
    both = ["ui:message", wanted]
    refused = wire.ask("allowPermissions", permissions=both)
    assert refused["kind"] == "refused"
    assert why in refused["message"]
    assert granted(studio) == []


def test_what_it_is_refused_is_shown_as_it_happens(wire: Wire, studio: Studio) -> None:
    assert view(wire)["refused"] == []
    base = wasm_of(BODY + ECHO)
    folder = studio.settings.data_dir / "base"
    studio.plugins.install(
        written(folder, base, id="org.example.base", version="1.3.0")
    )
    for _ in range(2):
        with pytest.raises(PluginError):
            studio.plugins.call(ID, "ask", {"request": {"call": "system"}})
    (refused,) = view(wire)["refused"]
    assert in_words(refused) == "system: system:info is not granted (2 times)"
    wire.hello("again")
    (needs,) = view(wire)["requires"]
    assert (needs["isMet"], "1.3.0 is installed" in in_words(needs["sentence"])) == (
        True,
        True,
    )


def test_a_plugin_that_is_removed_is_said_to_be(wire: Wire, studio: Studio) -> None:
    studio.plugins.remove(ID)
    shown = view(wire)
    assert (shown["isRemoved"], shown["asks"]) == (True, [])
    assert "there is no plugin" in in_words(shown["about"])
    refused = wire.ask("allowPermissions", permissions=["ui:message"])
    assert "there is no plugin" in refused["message"]


def test_a_cell_shows_the_dialog_and_without_a_kernel_the_call(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = NotebookPlugins(studio).show(ID)
    data, _ = found._repr_mimebundle_()
    assert sorted(data) == ["text/html", "text/plain"]
    call = f"tl.plugins.grant('{ID}', 'network:*.example.com', 'read:*', 'ui:message')"
    assert call in data["text/plain"]
    assert "needs the plugin org.example.base 1.2.0 or later" in data["text/plain"]
    monkeypatch.setattr(plugin_view, "has_kernel", lambda: True)
    data, _ = found._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert call in data["text/plain"]
    assert repr(found.widget) == f"<Permissions of {ID}>"
