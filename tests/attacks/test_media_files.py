import pytest
from attacks.media_files import faults_of_media, whole_files


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return whole_files(tmp_path_factory.mktemp("whole"))


def test_mutated_media_are_read_or_refused_by_name(whole: dict[str, bytes]) -> None:
    figures = faults_of_media(220, 1, whole)
    assert not figures.faults, figures.faults
    assert figures.accepted > 50


@pytest.mark.whole
def test_thousands_of_mutated_media(whole: dict[str, bytes]) -> None:
    figures = faults_of_media(3_000, 2, whole)
    assert not figures.faults, figures.faults
