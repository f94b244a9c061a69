"""The editor in other languages: all is translated, fits, and has its direction."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.alone_page import enter
from browser.lab import becomes, browser_page
from media_factory import Recipe, make
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl
from timeline_nb.i18n import LANGUAGES

pytestmark = pytest.mark.browser

CANVAS = "canvas[data-testid=timeline]"
# What a person sees or hears that is not in brackets, but names, numbers and signs.
UNTRANSLATED = r"""() => {
    const root = document.querySelector('dialog[open]')
        ?? document.querySelector('[data-testid=editor-widget]');
    const found = new Set();
    const check = (text) => {
        let [own, before] = [text ?? '', undefined];
        // A message may have another within it.
        while (own !== before) {
            before = own;
            own = own.replace(/⟦[^⟦⟧]*⟧/g, '');
        }
        // Paths of files, and keys of commands.
        own = own.replace(/^\/.*/, '').replace(/[(][^)]*[)]$/, '');
        for (const word of own.match(/[A-Za-z]{3,}/g) ?? []) found.add(word);
    };
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const { parentElement } = walk.currentNode;
        if (parentElement.closest('style, kbd, code, [data-name]')) continue;
        check(walk.currentNode.data);
    }
    for (const element of root.querySelectorAll('*')) {
        for (const name of ['aria-label', 'placeholder', 'title']) {
            check(element.getAttribute(name));
        }
    }
    return [...found];
}"""
# Controls whose text is wider than they are, and is cut.
CUT_OFF = """() => [...document.querySelectorAll(
        '.tnb button, .tnb [role=tab], .tnb label > span, .tnb h3, .tnb summary')]
    .filter((one) => one.checkVisibility() && one.innerText.trim())
    .filter((one) => one.scrollWidth > one.clientWidth + 1
        && getComputedStyle(one).overflow !== 'visible'
        && getComputedStyle(one).textOverflow !== 'ellipsis')
    .map((one) => `${one.innerText.trim()}: ${one.scrollWidth} > ${one.clientWidth}`)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("languages")
    make(folder, Recipe("film.mp4", frames=150, size=(640, 360), clicks=True))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
        film = tl.open(folder / "film.mp4", studio=studio)
        cut.append([film.clip("1s", "3s"), film.clip("3s", "5s")])
        cut.dissolve(after=0, duration="12f")
        cut.effects.add(0, "vignette", amount=0.5)
        cut.save(folder / "cut.tlp")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with alone(folder) as site:
        yield site


def _open(page: Page, site: Site, language: str) -> None:
    page.add_init_script(
        f"Object.defineProperty(navigator, 'language', {{ get: () => '{language}' }})"
    )
    enter(page, site, "cut.tlp")
    page.wait_for_selector(f"[data-testid=editor-widget][lang={language}]")
    page.wait_for_selector(f"{CANVAS}[data-duration='4']")
    page.focus(CANVAS)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-group=transform]")


def _panels_and_dialogs(page: Page) -> Iterator[None]:
    """Bring each panel of the editor into sight, and then each dialog."""
    for tab in page.locator(".tnb-layout [role=tab]:visible").all():
        tab.click()
        yield
    timeline = page.locator(".tnb-layout [role=tab][data-tab=timeline]:visible")
    if timeline.count():
        timeline.click()
    for command in ("settings.open", "export.open"):
        page.locator(f"[data-command='{command}']:visible").first.click()
        page.wait_for_selector("dialog[open]")
        yield
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")


@pytest.mark.parametrize(
    "language",
    [
        tag if tag in {"de", "ar"} else pytest.param(tag, marks=pytest.mark.whole)
        for tag in LANGUAGES
        if tag != "en"
    ],
)
def test_texts_fit_their_controls_and_run_in_their_direction(
    site: Site, language: str
) -> None:
    with browser_page() as page:
        _open(page, site, language)
        rtl = language in {"ar", "he"}
        root = page.locator("[data-testid=editor-widget]")
        expect(root).to_have_attribute("dir", "rtl" if rtl else "ltr")
        for width, shape in ((1600, "wide"), (1100, "medium"), (760, "narrow")):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_selector(f".tnb-layout[data-shape={shape}]")
            for _ in _panels_and_dialogs(page):
                becomes(lambda: page.evaluate(CUT_OFF), [])
                names = page.locator(".tnb-two .tnb-name")
                assert names.evaluate_all(CLIPPED) == []
        if rtl:
            page.set_viewport_size({"width": 1600, "height": 900})
            # Names of files and sizes have the direction of their own letters.
            page.locator("[data-command='export.open']:visible").first.click()
            page.wait_for_selector(".tnb-export-facts li")
            for part in (".tnb-export-facts li", ".tnb-medium-text b"):
                own = page.locator(part).first
                assert own.evaluate("(e) => getComputedStyle(e).direction") == "ltr"
            page.keyboard.press("Escape")
        # Time runs from left to right in every language.
        box = page.locator("[data-testid=scrub]").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 4, box["y"] + box["height"] / 2)
        page.wait_for_function(
            "() => Number(document.querySelector('[data-testid=picture]')"
            ".dataset.frame) < 5"
        )


CLIPPED = """(all) => all.filter((one) => one.checkVisibility()
    && one.scrollWidth > one.clientWidth).map((one) => one.textContent)"""
# Every message in brackets, in place of what the kernel would send.
PSEUDO = """
const bracketed = (text) => typeof text === 'string' ? `⟦${text}⟧` : undefined;
const texts = new Proxy({}, { get: (_, text) => bracketed(text) });
const plurals = new Proxy({}, { get: (_, text) => ({ other: bracketed(text) }) });
const found = Promise.resolve({ language: 'de', isRightToLeft: false, texts, plurals });
globalThis.timelineNbTexts = { get: () => found, set() {}, delete() {} };
"""
# Names of the edit, its files and the kind of its effect, and units: no messages.
NAMES = {"film", "mp4", "cut", "tlp", "fps", "vignette"}


def test_every_text_of_the_editor_is_a_message(site: Site) -> None:
    with browser_page() as page:
        page.add_init_script(PSEUDO)
        _open(page, site, "de")
        for _ in _panels_and_dialogs(page):
            becomes(lambda: set(page.evaluate(UNTRANSLATED)) - NAMES, set())


# Whether the number comes after its word, as one reads from right to left, a unit after
# its number, and a bracket as it stands on the key.
RIGHT_TO_LEFT = """() => {
    const label = document.querySelector('.tnb-frame-label');
    const word = document.createRange();
    word.selectNode(label.firstChild);
    const [unit, number] = ['.tnb-unit', 'input'].map((part) => document
        .querySelector(`.tnb-box:has(.tnb-unit) ${part}`).getBoundingClientRect());
    return [
        label.querySelector('output').getBoundingClientRect().right
            <= word.getBoundingClientRect().left + 1,
        number.left < unit.left,
    ];
}"""


def test_numbers_and_keys_keep_their_order_from_right_to_left(site: Site) -> None:
    with browser_page() as page:
        _open(page, site, "he")
        becomes(lambda: page.evaluate(RIGHT_TO_LEFT), [True, True])
        page.keyboard.press("?")
        keys = page.locator("dialog[open] kbd").filter(has_text="[")
        becomes(keys.first.text_content, "\u2066[\u2069")
