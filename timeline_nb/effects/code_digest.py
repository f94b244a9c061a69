"""Digest functions with all that their results depend on, as far as it can be read.

Code, constants, defaults, closures, globals, and the functions and classes that it uses
count by what they contain; line numbers and names of files do not. Those of installed
packages count by name and version.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from importlib import import_module
from importlib.util import resolve_name
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, Final

from timeline_nb.effects.code_references import references_of
from timeline_nb.effects.content_digest import Digester, contents_of, encoded, joined
from timeline_nb.effects.identity import Identity
from timeline_nb.effects.installed_packages import installed_package

__all__ = ["identify"]

_MOST_REASONS: Final = 2
# What returns something else at each call, or reads what is not seen here.
_CHANGING_BUILTINS: Final = {
    "__import__",
    "eval",
    "exec",
    "globals",
    "input",
    "locals",
    "open",
    "vars",
}
_CHANGING: Final = (
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "io.open",
    "numpy.random",
    "os.environ",
    "os.getenv",
    "os.listdir",
    "os.scandir",
    "os.stat",
    "os.urandom",
    "random",
    "secrets",
    "time",
    "uuid",
)
# Attributes of classes and modules that only Python reads.
_DUNDER: Final = "__"


def identify(function: Callable[..., Any], *, also: Iterable[Any] = ()) -> Identity:
    """Identify a function by what it does now.

    Args:
        function: Any callable.
        also: Other values that its results depend on.
    """
    digester = Digester()
    name = getattr(function, "__name__", type(function).__name__)
    parts = digester.digest(function, name), digester.digest(list(also), name)
    why = "; ".join(digester.reasons[:_MOST_REASONS])
    return Identity(joined("identity", *parts).hex(), why)


@contents_of.register
def _function(value: FunctionType, digester: Digester) -> bytes:
    code = value.__code__
    cells = zip(code.co_freevars, value.__closure__ or (), strict=True)
    held = {name: _cell(cell) for name, cell in cells}
    package = installed_package(str(value.__globals__.get("__name__", "")))
    if package is not None:
        where = f"{package} {value.__module__} {value.__qualname__}"
        return joined("installed", encoded(where), digester.digest_named(held))
    return joined(
        "function",
        _code(code, digester),
        digester.digest(value.__defaults__, "defaults"),
        digester.digest_named(value.__kwdefaults__ or {}),
        digester.digest_named(held),
        digester.digest_named(vars(value)),
        *_referred(value, digester),
    )


def _cell(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        # Not assigned yet.
        return None


def _code(code: CodeType, digester: Digester) -> bytes:
    """Digest instructions and constants, without the places they stand at."""
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount)
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    constants = (
        _code(one, digester) if isinstance(one, CodeType) else digester.digest(one)
        for one in code.co_consts
    )
    facts = repr((*counts, code.co_flags, *names))
    return joined(
        "code", code.co_code, code.co_exceptiontable, encoded(facts), *constants
    )


def _referred(function: FunctionType, digester: Digester) -> Iterator[bytes]:
    """Yield the digests of globals and imports."""
    known = function.__globals__
    references = references_of(function.__code__)
    for chain in references.names:
        yield encoded(".".join(chain))
        if chain[0] in known:
            yield _resolved(known[chain[0]], chain, digester)
        elif chain[0] in _CHANGING_BUILTINS:
            yield digester.refuse(f"calls {chain[0]}()")
    for name in references.imports:
        yield encoded(name)
        yield _imported(name, str(known.get("__package__") or ""), digester)


def _is_changing(value: Any, attributes: Iterable[str]) -> bool:
    """Return whether what a global gives is another at each call."""
    if isinstance(value, ModuleType):
        name = value.__name__
    elif isinstance(value, (type, FunctionType, BuiltinFunctionType)):
        name = f"{value.__module__}.{value.__qualname__}"
    else:
        return False
    whole = ".".join((name, *attributes)) + "."
    return any(whole.startswith(f"{one}.") for one in _CHANGING)


def _resolved(value: Any, chain: tuple[str, ...], digester: Digester) -> bytes:
    """Digest a global, or what is read of it where it is a module."""
    name, *attributes = chain
    if _is_changing(value, attributes):
        return digester.refuse(f"uses {'.'.join(chain)}")
    while isinstance(value, ModuleType) and attributes:
        if installed_package(value.__name__) is not None:
            break
        attribute = attributes.pop(0)
        name = f"{name}.{attribute}"
        if not hasattr(value, attribute):
            return joined("missing")
        value = getattr(value, attribute)
    return digester.digest(value, name)


def _imported(name: str, package: str, digester: Digester) -> bytes:
    """Digest a module that a function imports when it runs."""
    try:
        whole = resolve_name(name, package) if name.startswith(".") else name
        if whole in _CHANGING:
            return digester.refuse(f"imports {whole}")
        installed = installed_package(whole)
        if installed is not None:
            return joined("installed", encoded(f"{installed} {whole}"))
        return digester.digest(import_module(whole), whole)
    except Exception:  # noqa: BLE001 - a module's own code runs
        return digester.refuse(f"imports {name}, which cannot be imported now")


@contents_of.register
def _class(value: type, digester: Digester) -> bytes:
    package = installed_package(value.__module__)
    if package is not None:
        where = f"{package} {value.__module__} {value.__qualname__}"
        return joined("installed", encoded(where))
    own = {n: v for n, v in tuple(vars(value).items()) if _counts(n, v)}
    bases = (digester.digest(base) for base in value.__bases__)
    return joined("class", encoded(value.__name__), *bases, digester.digest_named(own))


def _counts(name: str, value: Any) -> bool:
    """Return whether an attribute of a class says what its objects do."""
    if name in {"_abc_impl", "__doc__", "__module__", "__qualname__"}:
        return False
    if name.startswith("__annotat") or name == "__static_attributes__":
        return False
    if name.startswith("_") and name.endswith("_"):
        kept = (FunctionType, staticmethod, classmethod, property, tuple, str, int)
        return isinstance(value, kept) and name != "__firstlineno__"
    return True


@contents_of.register
def _module(value: ModuleType, digester: Digester) -> bytes:
    package = installed_package(value.__name__)
    if package is not None:
        return joined("installed", encoded(f"{package} {value.__name__}"))
    attributes = tuple(vars(value).items())
    own = {n: v for n, v in attributes if not n.startswith(_DUNDER)}
    return joined("module", digester.digest_named(own))


@contents_of.register
def _builtin(value: BuiltinFunctionType, digester: Digester) -> bytes:
    owner = value.__self__
    package = installed_package(value.__module__ or "builtins")
    where = encoded(f"{package} {value.__module__} {value.__qualname__}")
    if owner is None or isinstance(owner, ModuleType):
        return joined("built in", where)
    return joined("built in", where, digester.digest(owner))


@contents_of.register
def _method(value: MethodType, digester: Digester) -> bytes:
    parts = digester.digest(value.__func__), digester.digest(value.__self__, "self")
    return joined("method", *parts)


@contents_of.register
def _property(value: property, digester: Digester) -> bytes:
    parts = (value.fget, value.fset, value.fdel)
    return joined("property", *map(digester.digest, parts))


@contents_of.register(staticmethod)
@contents_of.register(classmethod)
def _static(value: Any, digester: Digester) -> bytes:
    return joined(type(value).__name__, digester.digest(value.__func__))


@contents_of.register(cached_property)
def _cached(value: Any, digester: Digester) -> bytes:
    return joined("cached", digester.digest(value.func))


@contents_of.register(GetSetDescriptorType)
@contents_of.register(MemberDescriptorType)
@contents_of.register(MethodDescriptorType)
@contents_of.register(WrapperDescriptorType)
def _slot(value: Any, _: Digester) -> bytes:
    return joined("slot", encoded(value.__name__))
