"""Cells that publish with keys and tokens, and fail at it in every way."""

from typing import Final

from leaks.notebook import LeakPart, cells_of, random_key

__all__ = ["publish_part"]


def publish_part() -> LeakPart:
    """Return the part of uploads: a bot's token, and that of an account."""
    bot = random_key("123456:", 35)
    return LeakPart(
        cells=cells_of(_CELLS),
        failing=cells_of(_FAILING),
        secrets={"bot": bot, "account": random_key("ya29.", 60)},
    )


_CELLS: Final = """
# %% servers that play the platforms, and a publisher for them
from references import footage
from stand_ins.server import Fault
from stand_ins.telegram import TelegramStandIn, failed
from stand_ins.youtube import YouTubeStandIn, error as refusal
from timeline_nb.core.jobs import Reporter
from timeline_nb.publishing.patience import Patience
from timeline_nb.publishing.publisher import Publisher
from timeline_nb.publishing.tokens import authorizer

class Accounts:
    def token(self, provider, refused=None):
        return Secret(hidden("account"))

telegram, youtube = TelegramStandIn().__enter__(), YouTubeStandIn().__enter__()
telegram.tokens, youtube.tokens = {hidden("bot")}, {hidden("account")}
films = tl.open_studio()
films.publisher = Publisher(
    films.settings.data_dir / "uploads",
    films.library,
    authorizer(lambda: films.vault, Accounts),
    bases={"telegram": telegram.address, "youtube": youtube.address},
    patience=Patience(attempts=2, first_s=0.01, most_s=0.01, silence_s=20),
    part_bytes=262_144,
)
film = footage("bigbuckbunny.mp4")
# %%
films.vault.put("telegram", Secret(hidden("bot")))
tl.publish(film, "telegram", chat="@films", studio=films)
# %%
made = tl.publish(film, "youtube", thumbnail_at="1s", studio=films)
made
# %%
print(made, films.publisher, vars(made) if hasattr(made, "__dict__") else made.url)
job = tl.start_publish(film, "youtube", title="Again", studio=films)
print(job.wait(60), job, job.progress)
# %%
from rich import inspect as rich_inspect, print as rich_print
rich_print(made, films.publisher)
rich_inspect(made, all=True)
# %%
logging.getLogger("httpx").setLevel(logging.DEBUG)
logging.getLogger("httpcore").setLevel(logging.DEBUG)
tl.publish(film, "telegram", chat="@films", title="Logged", studio=films)
"""

_FAILING: Final = """
# %% refused
telegram.refusals.append(failed(403, "Forbidden: bot was kicked"))
tl.publish(film, "telegram", chat="@films", studio=films)
# %% the connection breaks
telegram.faults.append(Fault("POST", "sendVideo", lose_answer=True))
tl.publish(film, "telegram", chat="@films", studio=films)
# %% the token is not valid any more
youtube.tokens = set()
try:
    tl.publish(film, "youtube", title="Withdrawn", studio=films)
finally:
    youtube.tokens = {hidden("account")}
# %% the server is down in the middle
youtube.faults.append(Fault("PUT", skip=1, status=503, times=2))
tl.publish(film, "youtube", title="Down", studio=films)
# %% a cancelled upload
youtube.pace_bps = 4_000_000
job = tl.start_publish(film, "youtube", title="Cancelled", studio=films)
def stop(progress):
    if progress.stage == "upload":
        job.cancel()
job.progressed.connect(stop)
try:
    job.wait(60)
finally:
    youtube.pace_bps = 0
# %% an address that is none
bases = {"youtube": "http://example.com"}
Publisher(Path("uploads"), films.library, Accounts, bases=bases)
"""
