"""A notebook that publishes, and fails at it, holds no byte of a key or a token."""

from pathlib import Path

import pytest
from leaks.notebook import run_parts
from leaks.publish_part import publish_part
from leaks.search import leaks_in


@pytest.mark.whole
def test_no_byte_of_a_token_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "searched"
    folder.mkdir()
    known = run_parts(folder, [publish_part()])
    assert leaks_in(folder, known) == []
    assert "look in the chat before" in (folder / "leaks.ipynb").read_text()
