"""Labels of the history's steps, as they are sent to the page."""

import msgspec
from widgets.wire import in_words

from timeline_nb.widgets.step_labels import step_label


def test_a_restored_version_keeps_its_name_in_every_language() -> None:
    label = msgspec.to_builtins(step_label("restore last {name}"))
    assert label == {"text": "restore {version}", "values": {"version": "last {name}"}}
    assert in_words(label) == "restore last {name}"


def test_other_labels_are_looked_up_by_the_page() -> None:
    assert step_label("ripple delete") == "ripple delete"
