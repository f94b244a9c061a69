"""Write the interface's messages anew: `python tests/write_messages.py`."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

sys.path.insert(0, str(Path(__file__).parent))

from contract.test_words import messages

from timeline_nb.i18n import CATALOGUES

if __name__ == "__main__":
    catalogue = Catalog(project="timeline_nb", charset="utf-8")
    for message in sorted(messages()):
        catalogue.add(message)
    with (CATALOGUES / "messages.pot").open("wb") as file:
        write_po(file, catalogue, omit_header=True, width=0)
