"""Check the built documentation: `python tests/check_site.py out/docs/html`.

Every link within it leads somewhere, no page asks another site for anything, and its
search finds what newcomers ask.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from browser.lab import browser_page

# What newcomers asked, and the page that tells.
QUESTIONS = {
    "PNG of a frame": "questions",
    "loop over frames": "questions",
    "range between in and out": "questions",
    "switch live between cameras": "questions",
    "snapshot": "questions",
    "share without a kernel": "questions",
    "resize": "questions",
    "speed ramp": "questions",
    "templates": "templates",
    "styles": "questions",
    "own YOLO": "questions",
    "GPU": "rendering",
    "own font": "questions",
    "only the sound": "questions",
    "bit rate": "questions",
    "EDL": "exchange",
    "MoviePy": "coming_from",
}


class _Page(HTMLParser):
    """The ids of a page, and the addresses that it links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"id", "name"} and value:
                self.ids.add(value)
            if name in {"href", "src"} and value and tag != "link":
                self.links.append(value)


def broken_links(site: Path) -> list[str]:
    """Return the links of all pages that lead nowhere within the site."""
    # The theme brings a template of pages, too.
    files = (path for path in site.rglob("*.html") if "_static" not in path.parts)
    pages = {path.resolve(): _Page(path.read_text()) for path in files}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            is_there = to.exists() and (
                to not in pages
                or not parts.fragment
                or unquote(parts.fragment) in pages[to].ids
            )
            if not is_there:
                broken.append(f"{path.relative_to(site.resolve())}: {link}")
    return broken


def unanswered(site: Path) -> list[str]:
    """Return the questions for which the search does not show their page."""
    missed = []
    with browser_page() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for question, wanted in QUESTIONS.items():
            page.goto(f"{site.resolve().as_uri()}/search.html?q={quote(question)}")
            page.wait_for_selector("#search-results li a, .search-summary")
            page.wait_for_function(
                "() => !document.querySelector('#search-progress')?.textContent"
            )
            found = page.eval_on_selector_all(
                "#search-results li a", "links => links.map(link => link.href)"
            )
            if not any(f"/{wanted}.html" in link for link in found[:5]):
                missed.append(f"{question}: {found[:5]}")
        foreign = {url for url in asked if not url.startswith(("file:", "data:"))}
        missed += [f"a page asks for {url}" for url in sorted(foreign)]
    return missed


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    faults = broken_links(folder) + unanswered(folder)
    print("\n".join(faults) or f"{len(QUESTIONS)} questions are answered.")
    sys.exit(bool(faults))
