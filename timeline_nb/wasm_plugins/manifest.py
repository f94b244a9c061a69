"""The manifest of a plugin: what it is, offers and asks for; read before it runs.

It is JSON in a file beside the module (`blur.wasm`, `blur.json`), or in the module's
custom section `timeline_nb.manifest`.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

import msgspec
from msgspec import Meta

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.module_file import (
    MAX_MODULE_BYTES,
    ModuleFacts,
    read_module,
)
from timeline_nb.wasm_plugins.offers import (
    PluginAnalyzer,
    PluginCommand,
    PluginEffect,
    PluginFormat,
    PluginParameter,
    Text,
    analyzer_fault,
    name_fault,
)
from timeline_nb.wasm_plugins.permissions import Permission, parse_permission
from timeline_nb.wasm_plugins.schema import check_schema

__all__ = [
    "ABI",
    "EventName",
    "PluginFile",
    "PluginManifest",
    "check_exports",
    "read_manifest",
    "read_plugin",
]

# The version of what a plugin exports and imports.
ABI: Final = 1
SECTION: Final = "timeline_nb.manifest"
IMPORT: Final = ("timeline_nb", "host_call", "function")
_MANIFEST_BYTES: Final = 256 << 10
# By how many pictures an effect takes.
_EFFECT_CALLS: Final = (
    "cut.titles.generate({!r}, start=0, end=5)",
    "cut.effects.add(clip, {!r})",
    "cut.add_transition({!r}, after=clip)",
)
# Controls, marks of direction (Unicode, Bidi_Control), and what has no width.
_UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
# Of a schema, whose values may be any.
_VALUES: Final = frozenset({"const", "default", "enum", "examples"})

Identifier: TypeAlias = Annotated[
    str, Meta(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)+$", max_length=100)
]
Version: TypeAlias = Annotated[
    str, Meta(pattern=r"^\d{1,5}\.\d{1,5}\.\d{1,5}$", max_length=17)
]
Word: TypeAlias = Annotated[str, Meta(max_length=200)]
PluginType: TypeAlias = Literal[
    "effect",
    "transition",
    "generator",
    "analyzer",
    "exporter",
    "importer",
    "service",
    "tool",
    "universal",
]
EventName: TypeAlias = Literal[
    "project_created",
    "project_opened",
    "project_saved",
    "project_closed",
    "media_imported",
    "media_processed",
    "render_started",
    "render_progress",
    "render_completed",
    "render_failed",
    "timeline_changed",
    "settings_changed",
    "all",
]


class PluginManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a plugin states about itself.

    Args:
        id: Unlike that of any other plugin: `org.example.blur`.
        version: Three numbers.
        abi: The version of the interface that it was made for.
        name: What a person calls it.
        about: What it is for.
        types: What it is.
        commands: What it can be asked to do.
        effects: What it does to pictures, in the order of their numbers.
        analyzers: What it measures in pictures or sound.
        importers: The files that it reads as edits.
        exporters: The files that it writes edits to.
        panel: The command that returns what its panel in the editor shows; empty if it
            has none.
        events: What it wants to know of.
        permissions: What it asks for, as in `wasm_plugins/permissions.py`.
        license: An SPDX expression.
        sha256: Of the module, in hex; left out in the module's own section.
        requires: Plugins that it calls, and the version that each has at least; of
            the same first number.
    """

    id: Identifier
    version: Version
    abi: int
    license: Annotated[str, Meta(min_length=1, max_length=200)]
    types: Annotated[tuple[PluginType, ...], Meta(min_length=1, max_length=9)]
    name: Word = ""
    about: Text = ""
    commands: Annotated[tuple[PluginCommand, ...], Meta(max_length=100)] = ()
    effects: Annotated[tuple[PluginEffect, ...], Meta(max_length=100)] = ()
    analyzers: Annotated[tuple[PluginAnalyzer, ...], Meta(max_length=100)] = ()
    importers: Annotated[tuple[PluginFormat, ...], Meta(max_length=100)] = ()
    exporters: Annotated[tuple[PluginFormat, ...], Meta(max_length=100)] = ()
    panel: Annotated[str, Meta(pattern=r"^([a-z][a-z0-9_]*)?$", max_length=60)] = ""
    events: Annotated[tuple[EventName, ...], Meta(max_length=13)] = ()
    permissions: Annotated[tuple[Word, ...], Meta(max_length=100)] = ()
    sha256: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    requires: Annotated[dict[Identifier, Version], Meta(max_length=50)] = {}

    @property
    def asked(self) -> tuple[Permission, ...]:
        """The permissions that it asks for."""
        return tuple(map(parse_permission, self.permissions))

    @property
    def uses(self) -> list[str]:
        """What a person can do with it, as calls."""
        calls = [
            _EFFECT_CALLS[one.inputs].format(f"{self.id}/{one.name}")
            for one in self.effects
        ]
        calls += [
            f"tl.plugins.call({self.id!r}, {one.name!r})" for one in self.commands
        ]
        calls += [
            f"media.analyze({f'{self.id}/{one.name}'!r})" for one in self.analyzers
        ]
        calls += [f"tl.load('NAME{own.suffixes[0]}')" for own in self.importers]
        return calls + [f"cut.export('NAME{o.suffixes[0]}')" for o in self.exporters]

    @property
    def wants(self) -> frozenset[str]:
        """The events that it is sent."""
        every = set(get_args(EventName)) - {"all"}
        return frozenset(every if "all" in self.events else self.events)


class PluginFile(msgspec.Struct, frozen=True):
    """A plugin as it was read: nothing of it has run.

    Args:
        manifest: What it states; `sha256` is filled in.
        wasm: The module.
    """

    manifest: PluginManifest
    wasm: bytes

    def __repr__(self) -> str:
        manifest = self.manifest
        return f"<PluginFile {manifest.id} {manifest.version}>"


def read_plugin(path: Path | str) -> PluginFile:
    """Read a plugin: its module, and its manifest beside or within it.

    Args:
        path: The `.wasm` file; its manifest is the `.json` file of the same name, or
            the module's custom section.

    Raises:
        PluginError: It cannot be read, or is not what it states.
    """
    path = Path(path)
    wasm = _bytes_of(path, MAX_MODULE_BYTES)
    beside = path.with_suffix(".json")
    given = _bytes_of(beside, _MANIFEST_BYTES) if beside.exists() else None
    try:
        return plugin_of(wasm, given)
    except PluginError as error:
        raise PluginError(
            f"{path.name} is no plugin that can be used: {error}"
        ) from error


def plugin_of(wasm: bytes, beside: bytes | None) -> PluginFile:
    """Return a plugin of its module and the manifest beside it, if there is one.

    Raises:
        PluginError: It is not what it states.
    """
    facts = read_module(wasm)
    within = facts.custom.get(SECTION)
    given = within if beside is None else beside
    if given is None:
        raise PluginError(
            f"it has no manifest: no .json file beside it, and no section {SECTION}"
        )
    manifest = read_manifest(given)
    digest = hashlib.sha256(wasm).hexdigest()
    if beside is None and manifest.sha256:
        raise PluginError("sha256: a module cannot state its own hash; leave it out")
    if beside is not None and manifest.sha256 != digest:
        raise PluginError(
            f"sha256: the manifest was made for another module; this one has {digest}"
        )
    check_exports(manifest, facts)
    return PluginFile(msgspec.structs.replace(manifest, sha256=digest), wasm)


def read_manifest(data: bytes) -> PluginManifest:
    """Read a manifest and check all that it states of itself.

    Raises:
        PluginError: A field is missing, unknown or wrong; the message names it.
    """
    if len(data) > _MANIFEST_BYTES:
        raise PluginError(f"the manifest has more than {_MANIFEST_BYTES:,} bytes")
    try:
        manifest = msgspec.json.decode(data, type=PluginManifest)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise PluginError(f"the manifest cannot be read: {error}") from error
    except RecursionError:
        raise PluginError("the manifest is nested too deeply") from None
    if manifest.abi != ABI:
        raise PluginError(
            f"abi: it was made for version {manifest.abi} of the interface, and this "
            f"is version {ABI}"
        )
    _check_texts(data)
    _check_names(manifest)
    _check_offers(manifest)
    for number, text in enumerate(manifest.permissions):
        try:
            parse_permission(text)
        except PluginError as error:
            raise PluginError(f"permissions[{number}]: {error}") from error
    return manifest


def _check_offers(manifest: PluginManifest) -> None:
    for what, check in _OFFERS.items():
        for number, one in enumerate(getattr(manifest, what)):
            fault = _schema_fault(one.args) or check(one)
            if fault:
                raise PluginError(f"{what}[{number}].{fault}")
    _check_effects(manifest)


def _check_effects(manifest: PluginManifest) -> None:
    for number, effect in enumerate(manifest.effects):
        if effect.inputs == 2 and "progress" not in effect.given:
            raise PluginError(
                f"effects[{number}].parameters: a transition, which takes 2 pictures, "
                "needs the parameter 'progress'"
            )
        for parameter in effect.parameters:
            if fault := _parameter_fault(parameter):
                raise PluginError(f"effects[{number}].{parameter.name}: {fault}")


def _schema_fault(schema: dict[str, Any]) -> str:
    if fault := check_schema(schema):
        return f"args: {fault}"
    is_object = schema.get("type", "object") == "object"
    return "" if is_object else "args: arguments are an object"


# What is wrong with each thing that has arguments.
_OFFERS: Final[dict[str, Callable[[Any], str]]] = {
    "commands": lambda _: "",
    "analyzers": analyzer_fault,
    "importers": name_fault,
    "exporters": name_fault,
}


def _check_names(manifest: PluginManifest) -> None:
    for what, entries in (
        ("commands", [one.name for one in manifest.commands]),
        ("effects", [one.name for one in manifest.effects]),
        *(
            (f"effects[{number}].parameters", [one.name for one in effect.parameters])
            for number, effect in enumerate(manifest.effects)
        ),
        ("analyzers", [one.name for one in manifest.analyzers]),
        ("importers", [one.name for one in manifest.importers]),
        ("exporters", [one.name for one in manifest.exporters]),
    ):
        twice = next((one for one in entries if entries.count(one) > 1), None)
        if twice is not None:
            raise PluginError(f"{what}: there are two of the name {twice!r}")
    if manifest.panel and manifest.panel not in {c.name for c in manifest.commands}:
        raise PluginError(f"panel: there is no command {manifest.panel!r}")
    if manifest.id in manifest.requires:
        raise PluginError("requires: a plugin cannot require itself")


def _check_texts(data: bytes) -> None:
    """Refuse texts that would show a person something else than they say.

    A line break or a mark of direction in a license or a path could hide what is asked
    for. What a schema has as values is a command's own, and is not shown.
    """
    stack: list[tuple[object, str]] = [(msgspec.json.decode(data), "")]
    while stack:
        one, path = stack.pop()
        if isinstance(one, str) and _UNSEEN.search(one):
            raise PluginError(f"{path}: it holds characters that cannot be seen")
        if isinstance(one, dict):
            for name, inner in one.items():
                if _UNSEEN.search(name):
                    raise PluginError(
                        f"{path or 'a field'}: a name in it holds characters that "
                        "cannot be seen"
                    )
                if name not in _VALUES:
                    stack.append((inner, f"{path}.{name}".lstrip(".")))
        elif isinstance(one, list):
            stack += [(inner, f"{path}[{n}]") for n, inner in enumerate(one)]


def _parameter_fault(one: PluginParameter) -> str:
    if one.type == "boolean" and (one.choices or one.default not in {0, 1}):
        return "a boolean has no choices, and is 0 or 1"
    if one.choices:
        is_one = one.default in range(len(one.choices))
        return "" if is_one else "the default is the number of a choice"
    is_within = one.low <= one.default <= one.high
    return "" if is_within else "low, default and high are not in that order"


def check_exports(manifest: PluginManifest, facts: ModuleFacts) -> None:
    """Check that a module has what its manifest states, and imports nothing else.

    Raises:
        PluginError: It has not, or does.
    """
    foreign = [one for one in facts.imports if one != IMPORT]
    if foreign:
        names = ", ".join(f"{module}.{name}"[:100] for module, name, _ in foreign[:5])
        raise PluginError(
            f"it imports {names}: a plugin gets timeline_nb.host_call and nothing else"
        )
    wanted = {"memory": "memory", "tnb_abi": "function", "tnb_alloc": "function"}
    asked = (manifest.commands, manifest.events, manifest.analyzers)
    if any((*asked, manifest.importers, manifest.exporters)):
        wanted["tnb_call"] = "function"
    if manifest.effects:
        wanted["tnb_frame"] = "function"
    for analyzer in manifest.analyzers:
        wanted[f"tnb_{analyzer.of}"] = "function"
    for name, kind in wanted.items():
        if facts.exports.get(name) != kind:
            raise PluginError(f"it exports no {kind} {name!r}")


def _bytes_of(path: Path, most: int) -> bytes:
    with file_errors(path, PluginError, verb="read"), open_file(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise PluginError(f"{path} is larger than {most:,} bytes")
    return data
