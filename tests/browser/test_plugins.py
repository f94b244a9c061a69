"""The permissions of a plugin and its panel, in JupyterLab."""

from pathlib import Path

import pytest
from browser.conftest import Opener
from browser.lab import Lab, becomes, run_code, wait_until_still
from browser.test_editor import AXE
from playwright.sync_api import Locator, Page, expect
from plugins_factory import PANEL_COMMANDS, panelled, wasm_of, written

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ID = "org.example.uploads"
EVIL = "<img src=x onerror=\"document.title='evil'\">"
ITEMS = (
    {"kind": "text", "text": "Uploads films to a place of yours.\nTwo lines."},
    {"kind": "text", "text": EVIL},
    {"kind": "value", "label": "Connected as", "value": "Ada \u202eadA"},
    {"kind": "progress", "label": "bikes.mp4", "fraction": 0.4},
    {
        "kind": "table",
        "columns": ["film", "state"],
        "rows": [["bikes.mp4", "uploading"], ["trees.mp4", EVIL]],
    },
    {"kind": "field", "name": "film", "label": "Film", "type": "file"},
    {"kind": "field", "name": "title", "label": "Title", "type": "text", "value": "B"},
    {
        "kind": "field",
        "name": "privacy",
        "label": "Privacy",
        "type": "choice",
        "value": "private",
        "choices": ["public", "private"],
    },
    {"kind": "field", "name": "parts", "label": "Parts", "type": "number", "value": 2},
    {
        "kind": "field",
        "name": "notify",
        "label": "Notify",
        "type": "checkbox",
        "value": True,
    },
    {"kind": "button", "label": "Upload", "command": "run"},
    {"kind": "button", "label": "Say something", "command": "say"},
    {"kind": "button", "label": "Ask for more", "command": "ask"},
    {"kind": "button", "label": "Fail", "command": "fail"},
)


def plugin_in(folder: Path) -> Path:
    return written(
        folder / "plugins",
        wasm_of(panelled(*ITEMS, title="Uploads")),
        id=ID,
        name="Uploader",
        about="Uploads films over your accounts.",
        types=["service"],
        commands=PANEL_COMMANDS,
        panel="panel",
        permissions=[
            "ui:panel",
            "ui:message",
            "network:*.example.com",
            "read:*",
            "process",
        ],
    )


def snap(page: Page, selector: str, lab: Lab, name: str) -> None:
    """Keep pictures of an element in both themes, for who wants to look."""
    wait_until_still(page)
    page.locator(selector).first.screenshot(path=str(lab.folder / f"{name}.png"))


def granted(page: Page) -> str:
    code = f"print(*tl.plugins.show({ID!r}).granted)"
    return run_code(page, code)


def test_a_person_allows_a_part_and_works_in_the_panel(
    show: Opener, lab: Lab, tmp_path: Path
) -> None:
    path = plugin_in(lab.folder)
    private = (
        "tl.plugins._studio = tl.open_studio(tl.Settings("
        f"data_dir={str(tmp_path / 'data')!r}, roots=[{str(lab.folder)!r}]))"
    )
    editor = (
        "cut = tl.Edit('cut', rate=25, size=(320, 180), studio=tl.plugins._studio)\n"
        "cut.titles.add('Hello', start=0, end='2s')\ncut"
    )
    install = f"tl.plugins.install({str(path)!r})"
    page = show(private, install, editor, widget="permissions-widget")
    dialog = page.locator(".tnb-permissions")
    allow_a_part(page, dialog, lab)
    panel = page.locator(f".tnb-plugin[data-plugin='{ID}']")
    panel.wait_for()
    panel.scroll_into_view_if_needed()
    use_panel(page, panel, lab)
    dialog.get_by_text("system:info is not granted").wait_for()
    for theme in ("Dark", "Light"):
        change_theme(page, theme)
        snap(page, ".tnb-editor-widget", lab, f"editor-{theme}")
        snap(page, ".tnb-permissions", lab, f"dialog-{theme}")
        assert faults_of_access(page) == []
    dialog.get_by_role("button", name="Take back ui:panel").click()
    panel.wait_for(state="detached")
    dialog.locator("[data-testid=nothing]").click()
    page.wait_for_function("() => !document.querySelector('.tnb-granted')")
    becomes(lambda: granted(page), "")


def change_theme(page: Page, theme: str) -> None:
    page.evaluate(
        "name => window.jupyterapp.commands.execute('apputils:change-theme',"
        " { theme: name })",
        f"JupyterLab {theme}",
    )
    is_light = str(theme == "Light").lower()
    shown = f"body[data-jp-theme-light={is_light}]"
    page.wait_for_selector(shown, state="attached")


def faults_of_access(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds in the dialog and the panel."""
    wait_until_still(page)
    page.add_script_tag(path=AXE)
    shown = "{ include: [['.tnb-permissions'], ['.tnb-plugins']] }"
    found = page.evaluate(f"() => axe.run({shown})")
    return [
        (fault["id"], [node["html"][:120] for node in fault["nodes"]])
        for fault in found["violations"]
        if fault["impact"] in {"serious", "critical"}
    ]


def allow_a_part(page: Page, dialog: Locator, lab: Lab) -> None:
    expect(dialog).to_contain_text("may do nothing else than what you allow")
    expect(dialog).to_contain_text("start programs (never granted)")
    allow = dialog.locator("[data-testid=allow]")
    expect(allow).to_be_disabled()
    expect(dialog.locator("[data-permission=process]")).to_be_disabled()
    # By keys alone: a box, a folder that is named, and the button.
    dialog.locator("[data-permission='ui:panel']").focus()
    page.keyboard.press("Space")
    dialog.locator("[data-permission='ui:message']").check()
    folder = dialog.locator("li:has([data-permission='read:*']) .tnb-text")
    folder.fill("films")
    host = dialog.locator("li:has([data-permission='network:*.example.com'])")
    host.locator("input[type=checkbox]").check()
    expect(host.locator(".tnb-text")).to_have_value("*.example.com")
    host.locator(".tnb-text").fill("api.example.com")
    allow.press("Enter")
    problem = dialog.locator(".tnb-problem:visible")
    problem.wait_for()
    expect(problem).to_contain_text("whole path")
    assert granted(page) == ""
    folder.fill(str(lab.folder))
    problem.wait_for(state="hidden")
    snap(page, ".tnb-permissions", lab, "dialog")
    allow.press("Enter")
    dialog.get_by_text("allowed:").first.wait_for()
    wanted = f"ui:panel ui:message network:api.example.com read:{lab.folder}"
    becomes(lambda: sorted(granted(page).split()), sorted(wanted.split()))
    snap(page, ".tnb-permissions", lab, "dialog-allowed")


def use_panel(page: Page, panel: Locator, lab: Lab) -> None:
    # What a plugin writes is text.
    for text in ("Uploader: Uploads", EVIL, "Ada ·adA"):
        expect(panel).to_contain_text(text)
    assert panel.locator("img").count() == 0
    assert page.title() != "evil"
    snap(page, ".tnb-plugins", lab, "panel")
    panel.locator("input[placeholder='path of a file']").fill("bikes.mp4")
    title = panel.locator("label:has-text('Title') input")
    title.fill("Two bikes")
    panel.locator("label:has-text('Notify') input").uncheck()
    panel.get_by_role("button", name="Upload", exact=True).press("Enter")
    panel.get_by_text("'title':'Two bikes'").wait_for()
    for part in ("'privacy':'private'", "'parts':2", "'notify':false"):
        expect(panel).to_contain_text(part)
    expect(title).to_have_value("Two bikes")

    panel.get_by_role("button", name="Say something").click()
    page.locator(f".tnb-notice:has-text('{ID} says: hello')").wait_for()
    panel.get_by_role("button", name="Ask for more").click()
    panel.locator("summary").click()
    panel.get_by_text("system:info is not granted").wait_for()
    panel.get_by_role("button", name="Fail").click()
    panel.get_by_text(f"fail of the plugin {ID}: no way").wait_for()
