"""Write the interface's messages anew: `python tests/write_messages.py [LANGUAGE ...]`.

`messages.pot` gets every message of the sources. Each catalog keeps the translations of
those that are still there; the others go, and the new ones are left empty. A language
that is named gets a catalog if it has none.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).parent))

from messages import template

from timeline_nb.i18n import CATALOGUES, LANGUAGES


def catalog_of(language: str, messages: Catalog) -> Catalog:
    """Return a language's catalog: these messages, as translated before."""
    path = CATALOGUES / f"{language}.po"
    known = Catalog(locale=language)
    if path.is_file():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    made = Catalog(locale=language, project="timeline_nb", charset="utf-8")
    for message in messages:
        if not message.id:
            continue
        old = known.get(message.id)
        same = old is not None and type(old.id) is type(message.id)
        string = old.string if old is not None and same else None
        made.add(message.id, string, auto_comments=message.auto_comments)
    return made


def write(path: Path, catalog: Catalog) -> None:
    """Write a catalog without names and dates, which only make differences."""
    text = BytesIO()
    write_po(text, catalog, omit_header=True, width=0, no_location=True)
    language = catalog.locale_identifier
    header = ['msgid ""', 'msgstr ""']
    if language:
        header.append(rf'"Language: {language}\n"')
        header.append(rf'"Plural-Forms: {catalog.plural_forms}\n"')
    header.append(r'"Content-Type: text/plain; charset=utf-8\n"')
    path.write_bytes("\n".join((*header, "", "")).encode() + text.getvalue())


if __name__ == "__main__":
    messages = template()
    write(CATALOGUES / "messages.pot", messages)
    for language in LANGUAGES:
        path = CATALOGUES / f"{language}.po"
        if path.is_file() or language in sys.argv[1:]:
            write(path, catalog_of(language, messages))
