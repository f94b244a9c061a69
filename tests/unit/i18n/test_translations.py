"""Texts of a catalog, counted as the language counts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from timeline_nb.core.and_more import and_more
from timeline_nb.i18n import Message, Translations, translations

Written = Callable[[str, str], Translations]
# Unicode's rules for Russian: 1, 21 are "one"; 2 to 4, 22 "few"; the others "many".
RUSSIAN = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "Lock {name}"
msgstr "Закрыть {name}"

#, fuzzy
msgid "Pause"
msgstr "Стоп?"

msgid "Play"
msgstr ""

msgid "{count} clip"
msgid_plural "{count} clips"
msgstr[0] "{count} клип"
msgstr[1] "{count} клипа"
msgstr[2] "{count} клипов"
"""  # noqa: E501 - a header is one line


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    def read(language: str, text: str) -> Translations:
        (tmp_path / f"{language}.po").write_text(text, "utf-8")
        monkeypatch.setattr("timeline_nb.i18n.catalog.CATALOGUES", tmp_path)
        return translations(language)

    return read


def test_what_is_translated_is_used_and_the_rest_is_english(written: Written) -> None:
    texts = written("ru", RUSSIAN)
    assert texts.text("Lock {name}", name="V1") == "Закрыть V1"
    assert texts.text("Lock {name}", name="{name}") == "Закрыть {name}"
    assert texts.text("Pause") == "Pause"
    assert texts.text("Play") == "Play"
    assert texts.text("Not there") == "Not there"


def test_counts_take_the_form_of_the_language(written: Written) -> None:
    texts = written("ru", RUSSIAN)
    said = [
        texts.counted("{count} clip", "{count} clips", count)
        for count in (1, 3, 5, 11, 21, 22, 1_000)
    ]
    assert said == [
        "1 клип",
        "3 клипа",
        "5 клипов",
        "11 клипов",
        "21 клип",
        "22 клипа",
        "1000 клипов",
    ]
    english = Translations("en")
    assert english.counted("{count} clip", "{count} clips", 1) == "1 clip"
    assert english.counted("{count} clip", "{count} clips", 0) == "0 clips"


@pytest.mark.parametrize(
    "bytes_", [b"msgid", b'msgid "a"\nmsgstr "b', b"\0", b'msgid "a"\nmsgstr "\xff"\n']
)
def test_a_catalog_that_cannot_be_read_is_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_: bytes
) -> None:
    (tmp_path / "fr.po").write_bytes(bytes_)
    monkeypatch.setattr("timeline_nb.i18n.catalog.CATALOGUES", tmp_path)
    assert translations("fr").text("Play") == "Play"


def test_a_message_is_said_with_the_messages_in_it(written: Written) -> None:
    texts = written("ru", RUSSIAN)
    clips = Message.counted("{count} clip", "{count} clips", 3)
    assert texts.said(Message("Lock {name}", name=clips)) == "Закрыть 3 клипа"
    # What a value says in braces is no name of the message.
    values = {"message": "{name}", "name": "V1"}
    assert texts.said(Message("{message} of {name}", **values)) == "{name} of V1"
    assert texts.said("Lock {name}") == "Lock {name}"
    assert Translations("en").said(clips) == "3 clips"


def test_what_a_list_leaves_out_is_translated() -> None:
    assert and_more("a, b", 0) == "a, b"
    assert translations("de").said(and_more("a, b", 3)) == "a, b und 3 weitere"
