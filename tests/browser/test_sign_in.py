"""The sign-in widget in JupyterLab, against a stand-in's server."""

from pathlib import Path

import pytest
from browser.conftest import Opener
from browser.lab import Lab, run_code
from playwright.sync_api import expect
from stand_ins.signing_in import open_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

TESTS = Path(__file__).parents[1]
CELLS = (
    f"""
import sys
sys.path.insert(0, {str(TESTS)!r})
from stand_ins.authorization import AuthorizationServer
from stand_ins.signing_in import accounts_at
from timeline_nb.studio import default_studio
server = AuthorizationServer("youtube").__enter__()
default_studio().accounts = accounts_at(server, "youtube")
""",
    "view = tl.accounts.connect('youtube')\nview",
)


def test_a_browser_elsewhere_signs_in_by_pasting(show: Opener, lab: Lab) -> None:
    page = show(*CELLS, widget="signIn-widget")
    link = page.locator("[data-testid=open]:visible")
    link.wait_for()
    address = link.get_attribute("href")
    assert address is not None
    # The page of another machine ends at a port that is not there: only its address.
    _, ended = open_page(address)
    field = page.locator(".tnb-address")
    field.fill("http://127.0.0.1/callback?code=abcdef&state=another")
    field.press("Enter")
    problem = page.locator(".tnb-problem:visible")
    expect(problem).to_contain_text("does not belong to this sign-in")
    expect(field).to_have_value("")
    field.fill(ended)
    page.locator("[data-testid=send]").click()
    page.wait_for_selector("text=YouTube is connected: A channel of bikes")
    for gone in ("open", "send", "cancel"):
        expect(page.locator(f"[data-testid={gone}]:visible")).to_have_count(0)
    assert "A channel of bikes  connected" in run_code(page, "print(tl.accounts)")
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    secrets = run_code(page, "print(*server.log.secrets)").split()
    assert len(secrets) > 2
    saved = "".join(path.read_text() for path in lab.folder.glob("*.ipynb"))
    saved += (lab.folder / "lab.log").read_text()
    for secret in [*secrets, "abcdef&state"]:
        assert secret not in saved
