"""Benches run as their docstrings say: `python tests/bench/NAME.py`."""

import ast
from pathlib import Path

import pytest

_TESTS = Path(__file__).parents[1]
_BENCHES = sorted((_TESTS / "bench").glob("*.py"))
# What a script finds in its own folder is not what the tests import.
_OURS = {path.stem for path in _TESTS.iterdir()}


@pytest.mark.parametrize("path", _BENCHES, ids=lambda path: path.stem)
def test_a_script_finds_what_it_imports_of_the_tests(path: Path) -> None:
    text = path.read_text()
    if "__main__" not in text:
        return
    tree = ast.parse(text)
    for place, node in enumerate(tree.body):
        module = node.module if isinstance(node, ast.ImportFrom) else None
        if (module or "").partition(".")[0] in _OURS:
            before = [ast.unparse(one) for one in tree.body[:place]]
            assert any(line.startswith("sys.path.insert") for line in before)
