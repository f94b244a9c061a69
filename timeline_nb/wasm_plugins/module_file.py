"""What a WebAssembly file states about itself, read without compiling or running it.

The binary format: https://webassembly.github.io/spec/core/binary/modules.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message

__all__ = ["MAX_MODULE_BYTES", "ModuleFacts", "read_module"]

# One function of 5.9 MB took 7.6 s to compile.
MAX_MODULE_BYTES: Final = 2 << 20
_MAGIC: Final = b"\0asm"
_VERSION: Final = b"\x01\0\0\0"
_CUSTOM, _IMPORTS, _EXPORTS = 0, 2, 7
# How many entries a section may have, by its id. The engine limits memories and tables
# of an instance, but not globals, whose bytes count to no memory.
_MOST: Final = {
    1: ("types", 10_000),
    2: ("imports", 16),
    3: ("functions", 50_000),
    4: ("tables", 4),
    5: ("memories", 1),
    6: ("globals", 10_000),
    7: ("exports", 1_000),
    9: ("element segments", 10_000),
    10: ("function bodies", 50_000),
    11: ("data segments", 10_000),
}
_SECTIONS: Final = 200
_NAME_BYTES: Final = 200
_KINDS: Final = ("function", "table", "memory", "global")


@dataclass(frozen=True)
class ModuleFacts:
    """What a module imports, exports and carries.

    Args:
        imports: Module, name and kind of each import.
        exports: Names, and their kinds: `function`, `memory`, `table` or `global`.
        custom: Custom sections by name; of several with one name, the first.
    """

    imports: tuple[tuple[str, str, str], ...]
    exports: dict[str, str]
    custom: dict[str, bytes]


def read_module(data: bytes) -> ModuleFacts:
    """Read the sections of a module.

    Args:
        data: The whole file.

    Raises:
        PluginError: It is no WebAssembly module, or too large.
    """
    if len(data) > MAX_MODULE_BYTES:
        raise PluginError(
            Message(
                "the module has {data} bytes, more than {max_module_bytes}",
                data=f"{len(data):,}",
                max_module_bytes=f"{MAX_MODULE_BYTES:,}",
            )
        )
    if data[:4] != _MAGIC:
        raise PluginError(Message("it is not a WebAssembly module"))
    if data[4:8] != _VERSION:
        raise PluginError(
            Message(
                "it is a WebAssembly component, or of another version of the "
                "format: a plugin is a core module of version 1"
            )
        )
    try:
        return _facts(data)
    except (IndexError, UnicodeDecodeError) as error:
        raise PluginError(Message("the WebAssembly module is damaged")) from error


def _facts(data: bytes) -> ModuleFacts:
    imports: list[tuple[str, str, str]] = []
    exports: dict[str, str] = {}
    custom: dict[str, bytes] = {}
    for number, section in _sections(data):
        reader = _Reader(section)
        if number == _CUSTOM:
            name = reader.name()
            custom.setdefault(name, section[reader.at :])
            continue
        if number in _MOST:
            what, most = _MOST[number]
            count = reader.number()
            if count > most:
                raise PluginError(
                    Message(
                        "the module has {count} {what}, more than {most}",
                        count=f"{count:,}",
                        what=what,
                        most=f"{most:,}",
                    )
                )
            if number == _IMPORTS:
                imports += _imports(reader, count)
            elif number == _EXPORTS:
                for _ in range(count):
                    name = reader.name()
                    exports[name] = reader.kind()
                    reader.number()
    return ModuleFacts(tuple(imports), exports, custom)


def _imports(reader: "_Reader", count: int) -> Iterator[tuple[str, str, str]]:
    for _ in range(count):
        module, name, kind = reader.name(), reader.name(), reader.kind()
        yield module, name, kind
        if kind != "function":
            return  # it is refused: what follows need not be read
        reader.number()


def _sections(data: bytes) -> Iterator[tuple[int, bytes]]:
    reader, seen = _Reader(data, at=8), 0
    while reader.at < len(data):
        number, size = reader.byte(), reader.number()
        start = reader.at
        if start + size > len(data):
            raise IndexError
        seen += 1
        if seen > _SECTIONS:
            raise PluginError(
                Message(
                    "the module has more than {sections} sections", sections=_SECTIONS
                )
            )
        yield number, data[start : start + size]
        reader.at = start + size


class _Reader:
    """Reads numbers and names; an IndexError says that the data ends."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data, self.at = data, at

    def byte(self) -> int:
        value = self._data[self.at]
        self.at += 1
        return value

    def number(self) -> int:
        """Read an unsigned LEB128 number of 32 bits."""
        value = 0
        for shift in range(0, 35, 7):
            part = self.byte()
            value |= (part & 0x7F) << shift
            if not part & 0x80:
                return value
        raise IndexError

    def name(self) -> str:
        size = self.number()
        if size > _NAME_BYTES or self.at + size > len(self._data):
            raise IndexError
        self.at += size
        return self._data[self.at - size : self.at].decode("utf-8")

    def kind(self) -> str:
        number = self.byte()
        return _KINDS[number] if number < len(_KINDS) else f"kind {number}"
