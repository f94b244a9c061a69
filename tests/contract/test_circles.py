"""Modules of one package do not import each other in a circle.

Imports inside functions and for type checkers count too: a module is read, tested and
changed together with all that it imports, whenever that happens.
"""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "timeline_nb"
PACKAGES = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports_of(path: Path, names: set[str]) -> set[str]:
    """The modules among `names` that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            members = {f"{module}.{alias.name}" for alias in node.names}
            # `from package import module` names modules, others a module's content.
            found |= members & names or {module}
    return found & names


def graph_of(package: str) -> dict[str, set[str]]:
    paths = {name_of(path): path for path in (PACKAGE / package).rglob("*.py")}
    return {name: imports_of(path, {*paths}) - {name} for name, path in paths.items()}


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_of_a_package_import_each_other_in_no_circle(package: str) -> None:
    graph = graph_of(package)
    assert graph
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


def test_a_circle_is_found_in_functions_and_behind_type_checks(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("def f():\n    from pack.other import g\n")
    other.write_text("if TYPE_CHECKING:\n    from pack import one\n")
    names = {"pack.one", "pack.other", "pack"}
    assert imports_of(one, names) == {"pack.other"}
    assert imports_of(other, names) == {"pack.one"}
