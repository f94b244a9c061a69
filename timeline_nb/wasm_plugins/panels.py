"""What a plugin's panel shows: a description that its command returns, within bounds.

A panel is an object with `title` and `items`. Each item has a `kind`:

| kind | with |
|---|---|
| `text` | `text`, whose line breaks are kept |
| `value` | `label`, and `value`: text, a number or a boolean |
| `progress` | `label`, and `fraction` from 0 to 1 |
| `table` | `columns`, and `rows` of as many texts, numbers, booleans or nulls |
| `field` | `name`, `label`, `type`: `text`, `number` (`low`, `high`), `choice` (`choices`), `checkbox` or `file`; and `value`, which a `file` has not |
| `button` | `label`, `command`: one of the plugin's own, and `args` |

A button runs its command with `args` and the fields' values that the command takes. The
path of a file comes from a field of the type `file`, which a person fills in: what a
plugin writes there is no permission to read it.
"""  # noqa: E501 - a table

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.denials import printable
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.offers import Name, PluginCommand
from timeline_nb.wasm_plugins.schema import is_file

__all__ = [
    "Panel",
    "PanelButton",
    "PanelField",
    "PanelProgress",
    "PanelTable",
    "PanelText",
    "PanelValue",
    "arguments_of",
    "read_panel",
]

_MOST_ITEMS: Final = 100
_MOST_ROWS: Final = 100
_MOST_COLUMNS: Final = 12
_MOST_CHOICES: Final = 100
_MOST_LINES: Final = 40
# Letters of a label or cell, of a text, and of all of a panel.
_SHORT: Final = 120
_LONG: Final = 2_000
_WHOLE: Final = 60_000

Number: TypeAlias = Annotated[float, Meta(ge=-1e15, le=1e15)]
Integer: TypeAlias = Annotated[int, Meta(ge=-(10**15), le=10**15)]
Value: TypeAlias = str | bool | Integer | Number


class _Item(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """The base class of what a panel shows."""


class PanelText(_Item, frozen=True, tag="text"):
    """A paragraph."""

    text: str


class PanelValue(_Item, frozen=True, tag="value"):
    """A value with its name."""

    label: str
    value: Value


class PanelProgress(_Item, frozen=True, tag="progress"):
    """How far something is."""

    fraction: Annotated[float, Meta(ge=0, le=1)]
    label: str = ""


class PanelTable(_Item, frozen=True, tag="table"):
    """Rows of cells under names of columns."""

    columns: list[str]
    rows: list[list[Value | None]] = []


class PanelField(_Item, frozen=True, tag="field"):
    """Something that a person fills in."""

    name: Name
    type: Literal["text", "number", "choice", "checkbox", "file"] = "text"
    label: str = ""
    value: Value = ""
    choices: list[str] = []
    low: Number | None = None
    high: Number | None = None


class PanelButton(_Item, frozen=True, tag="button"):
    """Something that a person can start."""

    label: str
    command: Name
    args: dict[str, Any] = {}


PanelItem: TypeAlias = (
    PanelText | PanelValue | PanelProgress | PanelTable | PanelField | PanelButton
)


class Panel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a panel shows.

    Args:
        title: Stands above it, after the plugin's name.
        items: From top to bottom.
        left_out: How many items were more than a panel has.
    """

    title: str = ""
    items: list[PanelItem] = []
    left_out: int = 0


def read_panel(manifest: PluginManifest, answer: Mapping[str, Any]) -> Panel:
    """Return the panel that a command returned, with what is too long cut short.

    Args:
        manifest: The plugin's.
        answer: What its command returned.

    Raises:
        PluginError: It is no panel, or a button runs what is no command of the plugin.
    """
    whose = f"the panel of the plugin {manifest.id}"
    given = dict(answer)
    items = given.get("items", [])
    count = len(items) if isinstance(items, list) else 0
    if count > _MOST_ITEMS:
        given["items"] = items[:_MOST_ITEMS]
    given["left_out"] = max(0, count - _MOST_ITEMS)
    try:
        panel = msgspec.convert(given, type=Panel)
    except msgspec.ValidationError as error:
        raise PluginError(f"{whose}: {printable(str(error))}") from None
    commands = {one.name for one in manifest.commands}
    seen: set[str] = set()
    for number, item in enumerate(panel.items):
        if fault := _fault(item, commands, seen):
            raise PluginError(f"{whose}: items[{number}]: {fault}")
    return _cut(panel)


def _fault(item: PanelItem, commands: set[str], seen: set[str]) -> str:
    if isinstance(item, PanelButton) and item.command not in commands:
        return f"it has no command {item.command!r}"
    if isinstance(item, PanelTable) and any(
        len(row) != len(item.columns) for row in item.rows[:_MOST_ROWS]
    ):
        return f"each row has {len(item.columns)} cells, as many as there are columns"
    if isinstance(item, PanelField):
        if item.name in seen:
            return f"there are two fields {item.name!r}"
        seen.add(item.name)
        return _field_fault(item)
    return ""


def _field_fault(field: PanelField) -> str:
    if field.type == "file" and field.value != "":
        return f"{field.name}: a person names the file, so it has no value"
    if field.type == "choice" and field.value not in field.choices[:_MOST_CHOICES]:
        return f"{field.name}: its value is none of its choices"
    is_number = isinstance(field.value, (int, float)) and not isinstance(
        field.value, bool
    )
    if field.type == "number" and not is_number:
        return f"{field.name}: its value is no number"
    if field.type == "checkbox" and not isinstance(field.value, bool):
        return f"{field.name}: its value is neither true nor false"
    if field.type == "text" and not isinstance(field.value, str):
        return f"{field.name}: its value is no text"
    return ""


def _cut(panel: Panel) -> Panel:
    """Return a panel of printable texts, each short enough and all together too."""
    left = _WHOLE
    items: list[PanelItem] = []
    for item in panel.items:
        short = _cut_item(item)
        left -= len(msgspec.json.encode(short))
        if left < 0:
            break
        items.append(short)
    left_out = panel.left_out + len(panel.items) - len(items)
    return Panel(printable(panel.title, _SHORT), items, left_out)


def _cut_item(item: PanelItem) -> PanelItem:
    replace = msgspec.structs.replace
    match item:
        case PanelText(text=text):
            return replace(item, text=_lines(text))
        case PanelValue(label=label, value=value):
            return replace(item, label=_short(label), value=_cell(value))
        case PanelProgress(label=label) | PanelButton(label=label):
            return replace(item, label=_short(label))
        case PanelTable(columns=columns, rows=rows):
            names = [_short(one) for one in columns[:_MOST_COLUMNS]]
            cells = [
                [_cell(cell) for cell in row[:_MOST_COLUMNS]]
                for row in rows[:_MOST_ROWS]
            ]
            return replace(item, columns=names, rows=cells)
        case _:
            value = item.value
            return replace(
                item,
                label=_short(item.label or item.name.replace("_", " ")),
                # A choice must be found again among the choices.
                value=_short(value) if isinstance(value, str) else value,
                choices=[_short(one) for one in item.choices[:_MOST_CHOICES]],
            )


def _short(text: str) -> str:
    return printable(text, _SHORT)


def _lines(text: str) -> str:
    lines = text[:_LONG].split("\n")
    shown = "\n".join(printable(line, _LONG) for line in lines[:_MOST_LINES])
    is_cut = len(text) > _LONG or len(lines) > _MOST_LINES
    return shown + "…" * is_cut


def _cell(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _short(value) if isinstance(value, str) else f"{value:.12g}"


def arguments_of(
    panel: Panel,
    button: PanelButton,
    command: PluginCommand,
    values: Mapping[str, str | float | bool],
) -> dict[str, Any]:
    """Return what a button's command is called with.

    Args:
        panel: What the person saw.
        button: What they pressed.
        command: The command that it runs.
        values: Of the fields, by name, as the person left them.

    Returns:
        The button's arguments, and the values of fields that the command takes. Files
        are those that a person named in a field of the type `file`.
    """
    fields = {one.name: one for one in panel.items if isinstance(one, PanelField)}
    schema: dict[str, dict[str, Any]] = command.args.get("properties", {})
    takes_any = command.args.get("additionalProperties", False)
    args = dict(button.args)
    for name, field in fields.items():
        if name in values and (name in schema or takes_any):
            args[name] = _typed(field, values[name], schema.get(name, {}))
    for name, inner in schema.items():
        named = name in fields and fields[name].type == "file" and name in values
        if is_file(inner) and not named:
            args.pop(name, None)
    return args


def _typed(field: PanelField, given: Value, schema: dict[str, Any]) -> Value:
    is_number = field.type == "number" and isinstance(given, float)
    # Browsers have one type of numbers.
    if is_number and float(given).is_integer() and schema.get("type") != "number":
        return int(given)
    return given
