import pytest
from attacks.quoted_contents import MARK, READERS, quotes, said_by

from timeline_nb.errors import ProjectError


@pytest.mark.parametrize("name", READERS)
def test_no_reader_repeats_a_word_of_a_file(name: str) -> None:
    figures = quotes(25, 1, (name,))
    assert not figures.faults, figures.faults[0]
    assert figures.refused


def test_the_search_finds_a_word_in_a_cause_too() -> None:
    def read() -> None:
        try:
            float(MARK)
        except ValueError as error:
            raise ProjectError("a.tlp cannot be read") from error

    said, strange = said_by(read)
    assert f"'{MARK}'" in said
    assert not strange


@pytest.mark.whole
def test_no_reader_repeats_a_word_of_thousands_of_files() -> None:
    figures = quotes(3_000, 2)
    assert not figures.faults, figures.faults[0]
