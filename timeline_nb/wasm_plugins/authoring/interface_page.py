"""The page that documents the interface of plugins."""

from pathlib import Path

__all__ = ["interface_page"]


def interface_page() -> str:
    """Return the page, in Markdown.

    Example:
        >>> interface_page().splitlines()[0]
        '# The interface of plugins, version 1'
    """
    return (Path(__file__).parent / "ABI.md").read_text(encoding="utf-8")
