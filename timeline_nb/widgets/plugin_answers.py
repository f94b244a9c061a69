"""Messages about plugins: their panels, what they say, and what they may do."""

from typing import Literal

import msgspec

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.refusal import Text

__all__ = [
    "AskView",
    "PanelItemView",
    "PanelView",
    "PermissionsView",
    "PluginMessage",
    "PluginPanels",
    "RequirementView",
]


class PanelItemView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An item of a panel; which fields it has depends on its kind."""

    kind: Literal["text", "value", "progress", "table", "field", "button"]
    label: str = ""
    text: str = ""
    fraction: float = 0.0
    columns: list[str] = []
    rows: list[list[str]] = []
    name: str = ""
    type: Literal["", "text", "number", "choice", "checkbox", "file"] = ""
    value: str | float | bool = ""
    choices: list[str] = []
    low: float | None = None
    high: float | None = None


class PanelView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The panel of a plugin.

    Args:
        plugin: The plugin's id.
        name: Its name; the id if it has none.
        title: Of the panel.
        version: Grows when the items change.
        items: What it shows.
        left_out: How many more items there are.
        running: What a button has started; empty if nothing runs.
        problem: What went wrong last.
        refused: What the plugin asked for and was refused, the last one last.
    """

    plugin: str
    name: str
    title: str
    version: int
    items: list[PanelItemView]
    left_out: int
    running: str
    problem: Text
    refused: list[Text]


class PluginPanels(Answer, frozen=True, kw_only=True, tag="pluginPanels"):
    """The panels of all plugins that have one, by id."""

    panels: list[PanelView]


class PluginMessage(Answer, frozen=True, kw_only=True, tag="pluginMessage"):
    """A plugin says something to the person."""

    plugin: str
    text: str


class AskView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A permission that a plugin asks for.

    Args:
        permission: As the manifest has it.
        sentence: What it allows.
        target: What may be narrowed by a person: a folder, a host; empty if nothing.
        example: Of what a person writes there.
        is_never: Whether nobody can grant it.
        is_granted: Whether all of it is granted.
        granted: What was granted of it.
    """

    permission: str
    sentence: Text
    target: Literal["", "folder", "host", "address"]
    example: str
    is_never: bool
    is_granted: bool
    granted: list[str]


class RequirementView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A plugin that another one needs."""

    sentence: Text
    is_met: bool


class PermissionsView(Answer, frozen=True, kw_only=True, tag="permissions"):
    """A plugin, what it asks for, and what it was refused.

    Args:
        plugin: Its id.
        name: Its name; the id if it has none.
        facts: Version, license, limits and hash, in a line.
        about: What it is for.
        asks: Its permissions.
        requires: The plugins that it needs.
        refused: What it asked for and was refused, the last one last.
        is_removed: Whether it is not installed any more.
    """

    plugin: str
    name: str
    facts: Text
    about: Text
    asks: list[AskView]
    requires: list[RequirementView]
    refused: list[Text]
    is_removed: bool = False
