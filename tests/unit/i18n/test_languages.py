"""Which language a person reads, by their page or their environment."""

import pytest

from timeline_nb.i18n import (
    LANGUAGES,
    environment_language,
    is_right_to_left,
    matching_language,
)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("pt_BR.UTF-8", "pt"),
        ("zh-Hans-CN", "zh"),
        ("sr@latin", "en"),
        ("ZH_tw", "zh"),
        ("iw", "he"),
        ("nl", "en"),
        ("", "en"),
        ("C.UTF-8", "en"),
        ("../de", "en"),
        ("de\0", "en"),
    ],
)
def test_a_tag_finds_its_language(tag: str, language: str) -> None:
    assert matching_language(tag) == language


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "ja_JP"}, "ja"),
        # GNU gettext's list of languages, the best first.
        ({"LANGUAGE": "nl:de:fr", "LANG": "fr_FR"}, "de"),
        ({"LANGUAGE": "en:de"}, "en"),
        ({"LANGUAGE": "", "LANG": "tr_TR"}, "tr"),
        ({"TIMELINE_NB_LANGUAGE": "ar", "LANG": "tr_TR"}, "ar"),
        ({"TIMELINE_NB_LANGUAGE": "tlh"}, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides(
    variables: dict[str, str], language: str
) -> None:
    assert environment_language(variables) == language


def test_arabic_and_hebrew_are_written_from_right_to_left() -> None:
    assert [tag for tag in LANGUAGES if is_right_to_left(tag)] == ["ar", "he"]
    assert len(LANGUAGES) == 15
