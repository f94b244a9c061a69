"""How Sphinx builds the documentation, of a copy of the folder of notebooks."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from docutils import nodes
from reference_pages import write_reference
from sphinx.application import Sphinx

import timeline_nb

project = "timeline_nb"
author = "The timeline_nb authors"
copyright = f"2026, {author}"  # noqa: A001 - Sphinx names it so
release = version = timeline_nb.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
exclude_patterns = ["**/.ipynb_checkpoints"]
root_doc = "index"
# What docstrings have in single backticks is code.
default_role = "code"

# Pages with cells are run where `make docs` says so; elsewhere they have no outputs.
nb_execution_mode = os.environ.get("TIMELINE_NB_DOCS_RUN", "off")
nb_execution_cache_path = os.environ.get("TIMELINE_NB_DOCS_CACHE", "")
nb_execution_timeout = 900
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True
# Progress bars.
nb_output_stderr = "remove"
suppress_warnings = ["mystnb.unknown_mime_type"]
# A page has no kernel: pictures stand in the place of widgets.
nb_mime_priority_overrides = [
    ("html", "application/vnd.jupyter.widget-view+json", None),
    ("html", "application/vnd.timeline-nb.widget+json", None),
]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_inherit_docstrings = False
napoleon_numpy_docstring = False
napoleon_use_admonition_for_examples = False
# "One row per visit: `zone`, ..." has no type before its colon.
napoleon_use_rtype = False
# Of examples, the code is copied.
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "pydata_sphinx_theme"
html_title = "timeline_nb"
html_static_path = ["static"]
html_css_files = ["pages.css"]
# Pages that are not part of a section have nothing to list beside them.
html_sidebars = {"index": [], "docs/*": []}
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "show_toc_level": 2,
    "show_prev_next": True,
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}

write_reference(Path(__file__).parent / "reference")

_WIDGET = "application/vnd.jupyter.widget-view+json"


def _drop_progress(_app: Sphinx, page: nodes.document) -> None:
    """Leave out widgets that have no picture: bars of what was done long ago."""
    for bundle in list(page.findall(nodes.container)):
        if bundle.get("nb_element") != "mime_bundle":
            continue
        kinds = {child.get("mime_type") for child in bundle.children}
        if _WIDGET in kinds and kinds <= {_WIDGET, "text/plain"}:
            bundle.parent.remove(bundle)


def setup(app: Sphinx) -> None:
    """Connect what this project does with its pages."""
    app.connect("doctree-read", _drop_progress)
