"""Finds signals that are emitted while a lock is held, in the sources alone.

What a name is of is known where it was annotated or made there; a call of what is not
known is left to the tests that watch locks.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

__all__ = ["Sources"]

_MAKERS = {"new_lock", "new_rlock", "new_condition"}
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
# A class, which is empty of a function of a module, and the function.
_Key: TypeAlias = tuple[str, str]

_EMIT: Final = ("", "emit")


@dataclass
class _Class:
    """A class of the package.

    Args:
        bases: The names of the classes that it is derived from.
        functions: Its methods by their names.
        kinds: The names of the classes of its attributes.
        locks: Its attributes that are locks.
    """

    bases: list[str]
    functions: dict[str, _Function] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    locks: set[str] = field(default_factory=set)


class Sources:
    """The classes and functions of modules, and what they call.

    Args:
        texts: The sources, by what the modules are called in what is found.
    """

    def __init__(self, texts: dict[str, str]) -> None:
        self._trees = {name: ast.parse(text) for name, text in texts.items()}
        self._classes: dict[str, _Class] = {}
        self._functions: dict[str, _Function | None] = {}
        self._known_calls: dict[_Key, list[_Key]] = {}
        for tree in self._trees.values():
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    bases = [kind for base in node.bases for kind in _names(base)]
                    self._classes[node.name] = _Class(bases)
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    # One of several of a name is not known.
                    is_new = node.name not in self._functions
                    self._functions[node.name] = node if is_new else None
        for tree in self._trees.values():
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    self._read(node)

    @classmethod
    def of(cls, package: Path) -> "Sources":
        """Return those of a package."""
        paths = sorted(package.rglob("*.py"))
        return cls({str(one.relative_to(package)): one.read_text() for one in paths})

    def _read(self, node: ast.ClassDef) -> None:
        own = self._classes[node.name]
        for part in node.body:
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                own.functions[part.name] = part
            elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                own.kinds[part.target.id] = self._kind(part.annotation)
        for function in own.functions.values():
            known = self._arguments(function)
            for inner in ast.walk(function):
                target, value, kind = _assigned(inner)
                if not (isinstance(target, ast.Attribute) and _is_self(target.value)):
                    continue
                if isinstance(value, ast.Call) and _maker(value) in _MAKERS:
                    own.locks.add(target.attr)
                found = self._kind(kind) or self._kind_made(value, known)
                own.kinds.setdefault(target.attr, found)

    def emitted_under_locks(self) -> Iterator[str]:
        """Yield where a signal is emitted while a lock is held: file, line and call."""
        for module, tree in self._trees.items():
            for owner, function in _functions_of(tree):
                if not any(self._classes[one].locks for one in self._line(owner)):
                    continue
                for part in ast.walk(function):
                    if isinstance(part, ast.With) and self._holds(owner, part):
                        known = self._local_kinds(owner, function)
                        for call in _calls(part.body):
                            if self._emits(self._key(call, owner, known)):
                                yield f"{module}:{call.lineno} {ast.unparse(call)}"

    def _holds(self, owner: str, block: ast.With) -> bool:
        """Whether a block holds a lock of its object."""
        named = [one.context_expr for one in block.items]
        locks = {one for key in self._line(owner) for one in self._classes[key].locks}
        return any(
            isinstance(one, ast.Attribute) and _is_self(one.value) and one.attr in locks
            for one in named
        )

    def _line(self, name: str) -> list[str]:
        """Return a class and those that it is derived from."""
        line = [name] if name in self._classes else []
        for one in line:
            bases = self._classes[one].bases
            line += [
                base for base in bases if base in self._classes and base not in line
            ]
        return line

    def _emits(self, key: _Key | None) -> bool:
        """Whether a function emits, itself or by what it calls."""
        waiting = [key]
        for one in waiting:
            if one == _EMIT:
                return True
            if one is not None:
                waiting += [
                    called for called in self._called(one) if called not in waiting
                ]
        return False

    def _called(self, key: _Key) -> list[_Key]:
        """Return the functions that a function calls, as far as is known."""
        if key not in self._known_calls:
            owner, name = key
            own = self._classes[owner].functions if owner else self._functions
            function = own[name]
            assert function is not None
            known = self._local_kinds(owner, function)
            keys = {self._key(call, owner, known) for call in _calls(function.body)}
            self._known_calls[key] = sorted(one for one in keys if one is not None)
        return self._known_calls[key]

    def _key(self, call: ast.Call, owner: str, known: dict[str, str]) -> _Key | None:
        """Return the function that a call runs, as far as is known."""
        called = call.func
        if isinstance(called, ast.Name):
            is_known = self._functions.get(called.id) is not None
            return ("", called.id) if is_known else None
        if not isinstance(called, ast.Attribute):
            return None
        if called.attr == "emit":
            return _EMIT
        kind = self._kind_of(called.value, owner, known)
        for name in self._line(kind):
            if called.attr in self._classes[name].functions:
                return name, called.attr
        return None

    def _kind_of(self, value: ast.expr, owner: str, known: dict[str, str]) -> str:
        """Return the name of the class of a value, or an empty one."""
        if isinstance(value, ast.Name):
            return owner if value.id == "self" else known.get(value.id, "")
        if isinstance(value, ast.Attribute):
            for name in self._line(self._kind_of(value.value, owner, known)):
                one = self._classes[name]
                if one.kinds.get(value.attr):
                    return one.kinds[value.attr]
                getter = one.functions.get(value.attr)
                if getter is not None:
                    return self._kind(getter.returns)
        if isinstance(value, ast.Call):
            return self._kind_made(value, known)
        return ""

    def _local_kinds(self, owner: str, function: _Function) -> dict[str, str]:
        known = self._arguments(function)
        for part in ast.walk(function):
            target, value, kind = _assigned(part)
            if isinstance(target, ast.Name) and value is not None:
                found = self._kind(kind) or self._kind_of(value, owner, known)
                known.setdefault(target.id, found)
        return known

    def _arguments(self, function: _Function) -> dict[str, str]:
        given = function.args
        every = (*given.posonlyargs, *given.args, *given.kwonlyargs)
        return {one.arg: self._kind(one.annotation) for one in every}

    def _kind_made(self, value: ast.expr | None, known: dict[str, str]) -> str:
        if isinstance(value, ast.Name):
            return known.get(value.id, "")
        is_made = isinstance(value, ast.Call) and _maker(value) in self._classes
        return _maker(value) if is_made and isinstance(value, ast.Call) else ""

    def _kind(self, annotation: ast.expr | None) -> str:
        """Return the one class of the package that an annotation names."""
        if annotation is None:
            return ""
        found = {name for name in _names(annotation) if name in self._classes}
        return found.pop() if len(found) == 1 else ""


def _names(node: ast.expr) -> Iterator[str]:
    """Yield the names in an annotation, also in one that is written as a string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _names(ast.parse(node.value, mode="eval").body)
    elif isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Subscript):
        # Of `list[Edit]` the value is no `Edit`.
        yield from _names(node.value)
    elif isinstance(node, ast.BinOp):
        yield from _names(node.left)
        yield from _names(node.right)


def _assigned(
    node: ast.AST,
) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    """Return what an assignment assigns to, the value, and its annotation."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        return node.targets[0], node.value, None
    if isinstance(node, ast.AnnAssign):
        return node.target, node.value, node.annotation
    return None, None, None


def _maker(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _functions_of(tree: ast.Module) -> Iterator[tuple[str, _Function]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield node.name, part


def _calls(body: Iterable[ast.AST]) -> Iterator[ast.Call]:
    """Yield the calls of a body, without those of functions that it makes."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting += ast.iter_child_nodes(node)
