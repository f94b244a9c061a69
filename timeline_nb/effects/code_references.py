"""Find what the code of a function refers to: globals, their attributes, imports."""

import dis
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Final

__all__ = ["References", "nested_codes", "references_of"]

# A global by its name: in functions, in class bodies, in class bodies within functions.
_LOADS: Final = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}
_ATTRIBUTES: Final = {"LOAD_ATTR", "LOAD_METHOD"}


@dataclass(frozen=True)
class References:
    """What a code object and those within it refer to by name.

    Args:
        names: Globals with the attributes that are read of them at once, sorted:
            `("np", "roll")` for `np.roll`, `("gain",)` for `gain`.
        imports: Modules that the code itself imports, sorted; relative ones begin with
            a dot for each level.
    """

    names: tuple[tuple[str, ...], ...]
    imports: tuple[str, ...]


@lru_cache(maxsize=1024)
def references_of(code: CodeType) -> References:
    """Return what a code object refers to; which of it exists is not looked up."""
    names: set[tuple[str, ...]] = set()
    imports: set[str] = set()
    for one in nested_codes(code):
        chain: tuple[str, ...] = ()
        before: list[object] = [0, None]
        for step in dis.get_instructions(one):
            if step.opname == "EXTENDED_ARG":
                continue
            if step.opname in _ATTRIBUTES and chain:
                chain = (*chain, str(step.argval))
                continue
            if chain:
                names.add(chain)
            chain = (str(step.argval),) if step.opname in _LOADS else ()
            if step.opname == "IMPORT_NAME":
                # The level and the names imported are the constants before it.
                level = before[0] if isinstance(before[0], int) else 0
                imports.add("." * level + str(step.argval))
            before = [before[1], step.argval]
    return References(tuple(sorted(names)), tuple(sorted(imports)))


def nested_codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object, and those of functions and classes within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from nested_codes(constant)
