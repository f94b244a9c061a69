"""The template lists every message, and each language translates all of them."""

import re
from gettext import c2py
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from messages import Message, all_messages, messages

from timeline_nb.i18n import CATALOGUES, LANGUAGES, translations

TRANSLATED: Final = sorted(set(LANGUAGES) - {"en"})
# What a translation may say without: "one clip", "both".
_COUNT: Final = "{count}"
_NAMES: Final = re.compile(r"\{(\w+)\}")


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _ids(message_id: object) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)  # type: ignore[arg-type]


def test_the_template_lists_every_message() -> None:
    listed = {
        Message(ids[0], "".join(ids[1:]), str(message.auto_comments[0]))
        for message in _read(CATALOGUES / "messages.pot")
        if message.id
        for ids in [_ids(message.id)]
    }
    assert listed == set(messages()), "run: python tests/write_messages.py"
    assert len(listed) > 300


def test_a_message_that_counts_does_so_wherever_it_stands() -> None:
    """Catalogs have one entry for it, and it is looked up among those that count."""
    plurals: dict[str, set[str]] = {}
    for one in all_messages():
        plurals.setdefault(one.text, set()).add(one.plural)
    assert [text for text, forms in plurals.items() if len(forms) > 1] == []


def test_every_language_has_a_catalog_and_there_are_no_others() -> None:
    assert sorted(path.stem for path in CATALOGUES.glob("*.po")) == TRANSLATED


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_message_is_translated_and_none_is_left_over(language: str) -> None:
    wanted = {(one.text, one.plural) for one in messages()}
    catalog = _read(CATALOGUES / f"{language}.po")
    found, faults = set(), []
    for message in catalog:
        if not message.id:
            continue
        ids = _ids(message.id)
        forms = _ids(message.string or "")
        found.add((ids[0], "".join(ids[1:])))
        if message.fuzzy or not all(form.strip() for form in forms):
            faults.append(f"not translated: {ids[0]}")
        for form in forms:
            names = set(_NAMES.findall(form))
            expected = set(_NAMES.findall(ids[-1]))
            if names - expected or expected - names - {"count"}:
                faults.append(f"{ids[0]!r} has other names in {form!r}")
            if form != form.strip():
                faults.append(f"{form!r} has blanks around it")
    assert faults == []
    assert found == wanted


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    catalog = _read(CATALOGUES / f"{language}.po")
    place_of = c2py(catalog.plural_expr)
    # Babel has the rules of Unicode's CLDR.
    known = Catalog(locale=language)
    assert catalog.num_plurals == known.num_plurals
    known_place_of = c2py(known.plural_expr)
    for count in (*range(130), 1_000, 1_000_000):
        assert place_of(count) == known_place_of(count)
    for message in catalog:
        if not isinstance(message.id, str) and message.id:
            assert len(_ids(message.string)) == catalog.num_plurals


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_package_reads_it_whole(language: str) -> None:
    texts = translations(language)
    wanted = messages()
    assert len(texts.texts) == sum(not one.plural for one in wanted)
    for one in wanted:
        if one.plural:
            said = [texts.counted(one.text, one.plural, n) for n in (0, 1, 2, 5, 21)]
            assert all(said)
            assert not any(_COUNT in text for text in said)
