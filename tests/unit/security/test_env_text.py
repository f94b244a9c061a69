"""The text of `.env` files is read as python-dotenv reads it."""

import json

import pytest
from attacks.env_texts import ANSWERS, SAMPLES, random_text, read_here

from timeline_nb.security.env_text import assignments, commented_out

ROWS = json.loads(ANSWERS.read_text())


def test_all_samples_have_an_answer() -> None:
    assert [text for text, _ in ROWS[: len(SAMPLES)]] == list(SAMPLES)
    assert len(ROWS) > 300
    assert sum(bool(pairs) for _, pairs in ROWS) > 200


def test_texts_are_read_as_python_dotenv_reads_them() -> None:
    assert [text for text, pairs in ROWS if read_here(text) != pairs] == []


@pytest.mark.parametrize(
    ("text", "name", "changed"),
    [
        ("A=b\nC=d\n", "A", "# A=b\nC=d\n"),
        ("A=b\r\nC=d\r\n", "C", "A=b\r\n# C=d\r\n"),
        ("A=b", "A", "# A=b"),
        ("\n\n  export A=b # c\n", "A", "\n\n#   export A=b # c\n"),
        ("A='b\nc'\nD=e", "A", "# A='b\n# c'\nD=e"),
        ("A='b\r\nc'\r\nD=e", "A", "# A='b\r\n# c'\r\nD=e"),
        ("A=b\rC=d\r", "C", "A=b\r# C=d\r"),
        ("A=b\nC=d\nA=e\n", "A", "# A=b\nC=d\n# A=e\n"),
    ],
)
def test_a_line_is_commented_out(text: str, name: str, changed: str) -> None:
    chosen = [found for found in assignments(text) if found.name == name]
    assert commented_out(text, chosen) == changed


def test_what_is_commented_out_is_gone_and_the_rest_stays() -> None:
    tried = 0
    for text in [*SAMPLES, *map(random_text, range(2000, 3500))]:
        found = assignments(text)
        for name in {one.name for one in found}:
            tried += 1
            chosen = [one for one in found if one.name == name]
            changed = commented_out(text, chosen)
            rest = [pair for pair in read_here(text) if pair[0] != name]
            assert read_here(changed) == rest, text
            assert changed.replace("# ", "") == text.replace("# ", "")
    assert tried > 1000


def test_a_long_line_of_spaces_is_read_in_one_pass() -> None:
    """python-dotenv takes minutes for it: each space begins a search to the end."""
    hostile = ["A=b" + " " * 260_000 + "c", "A='" + "\\'" * 130_000, "A='b\n" * 60_000]
    hostile += ['A="' + "'A=" * 80_000, "#" * 260_000, "A=" + "b#" * 130_000]
    for text in hostile:
        assert len(assignments(text)) <= 60_000
