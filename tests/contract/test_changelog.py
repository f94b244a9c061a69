"""The changelog has a section for each release, and the version stands at one place."""

from itertools import pairwise

import pytest
from check_release import ROOT, faults, sections

import timeline_nb

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
RELEASED = "# Changelog\n\n## [1.2.0] - 2026-11-27\n\n## [1.1.0] - 2026-10-01\n"


def test_the_newest_section_is_of_the_version_that_is_next() -> None:
    assert sections(CHANGELOG)[0].version == timeline_nb.__version__
    assert all(section.date for section in sections(CHANGELOG)[1:])


def test_sections_are_listed_from_the_newest_to_the_oldest() -> None:
    numbers = [
        tuple(map(int, section.version.split("."))) for section in sections(CHANGELOG)
    ]
    assert all(newer > older for newer, older in pairwise(numbers))


@pytest.mark.parametrize(
    ("text", "version", "reason"),
    [
        (RELEASED, "1.2.0", ""),
        (RELEASED, "1.3.0", "begins with 1.2.0"),
        ("## [1.2.0] - unreleased\n", "1.2.0", "date"),
        ("# Changelog\n", "1.2.0", "no section"),
    ],
)
def test_what_is_no_release_is_refused(text: str, version: str, reason: str) -> None:
    found = " ".join(faults(text, version))
    assert reason in found
    assert bool(found) == bool(reason)
