"""Instagram: reels of professional accounts, by the Graph API's resumable uploads.

Sources: https://developers.facebook.com/docs/instagram-platform/content-publishing and
.../content-publishing/resumable-uploads. Meta documents uploads of local files for
accounts connected by Facebook Login for Business; it refuses those of others itself.
"""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.answers import (
    Dropped,
    PlatformAnswer,
    RefusedRequest,
    SessionLost,
    spoken,
)
from timeline_nb.publishing.caller import Caller, is_safe_address
from timeline_nb.publishing.film_file import FilmFile
from timeline_nb.publishing.processing import until_ready
from timeline_nb.publishing.resumable import Body, Received, send_film
from timeline_nb.publishing.settings import post_text
from timeline_nb.publishing.upload import Published, Upload
from timeline_nb.security.secret import Secret

__all__ = ["Instagram"]

_VERSION: Final = "v23.0"
# Tokens of Instagram Login begin so; those of Facebook Login with EAA.
_OWN_TOKENS: Final = "IG"
_ID: Final = re.compile(r"\d{1,32}")
_LOST: Final = {404, 410}
_DONE: Final = {"FINISHED", "PUBLISHED"}
_PROFESSIONAL: Final = Message(
    "make the Instagram account a professional one (Settings, Account type), link it "
    "to a Facebook page, and connect again with tl.accounts.connect('instagram'); or "
    "render the film and upload it in the Instagram app"
)
# Graph API error codes, and subcodes of content publishing.
_WORDS: Final = {
    "4": Message("the app sent too many requests: publish again in an hour"),
    "9": Message(
        "the account published as many posts in 24 hours as Instagram allows: "
        "publish again tomorrow"
    ),
    "10": Message(
        "the account may not publish by apps: {professional}",
        professional=_PROFESSIONAL,
    ),
    "100": Message(
        "it takes a local file only from professional accounts that Meta allows "
        "this (Facebook Login for Business): render the film with cut.render(..., "
        "profile='reels'), and upload it in the Instagram app or in Meta Business "
        "Suite"
    ),
    "190": Message(
        "the account's access ended: connect again with "
        "tl.accounts.connect('instagram')"
    ),
    "200": Message(
        "the account gave no right to publish: {professional}",
        professional=_PROFESSIONAL,
    ),
    "2207042": Message(
        "the account published as many posts in 24 hours as Instagram allows: "
        "publish again tomorrow"
    ),
    "2207026": Message(
        "it does not take films of this format: render with profile='reels'"
    ),
    "2207010": Message("the text is too long, or has too many tags"),
    "2207050": Message("the account is restricted: open the Instagram app"),
}


class Instagram:
    """Publishes reels on Instagram.

    Args:
        caller: Sends the requests.
        base: The address of the Graph API; by the kind of the token if it is `base`.
        upload: What is uploaded.
    """

    base = "https://graph.facebook.com"
    _own_base = "https://graph.instagram.com"

    def __init__(self, caller: Caller, base: str, upload: Upload) -> None:
        self._caller, self._base, self._upload = caller, base, upload
        self._is_own = False
        if caller.token.reveal().startswith(_OWN_TOKENS):
            self._is_own = True
            self._base = self._own_base if base == self.base else base
        self._account = ""

    async def run(self) -> Published:
        """Upload the film, wait until it is processed, and publish it."""
        upload = self._upload
        self._account = await self._professional_account()
        container = await send_film(self, upload.film, upload.entry, self._caller)
        status = await until_ready(self._caller, lambda: self._status(container))
        media = ""
        if status != "PUBLISHED":
            media = await self._publish(container)
        upload.entry.finish("published")
        return upload.published(await self._link(media), media or container)

    def _at(self, path: str) -> str:
        return f"{self._base}/{_VERSION}/{path}"

    async def _professional_account(self) -> str:
        """Return the number of the account that posts.

        Raises:
            PublishError: There is no professional account.
        """
        if self._is_own:
            answer = await self._get("me", "user_id,username")
            found = answer.text_at("user_id") or answer.text_at("id")
        else:
            answer = await self._get("me/accounts", "instagram_business_account")
            pages = answer.at("data")
            found = next(
                (
                    answer.text_at("data", n, "instagram_business_account", "id")
                    for n in range(len(pages) if isinstance(pages, list) else 0)
                    if answer.at("data", n, "instagram_business_account")
                ),
                "",
            )
        if not _ID.fullmatch(found):
            raise PublishError(
                Message(
                    "Instagram names no professional account: {professional}",
                    professional=_PROFESSIONAL,
                )
            )
        return found

    async def _get(self, path: str, fields: str) -> PlatformAnswer:
        return await self._caller.call("GET", self._at(path), params={"fields": fields})

    async def begin(self, film: FilmFile) -> tuple[Secret, str]:  # noqa: ARG002 - a PartSender's
        """Make a container that waits for its film."""
        fields = {
            "media_type": "REELS",
            "upload_type": "resumable",
            "caption": post_text(self._upload.settings),
        }
        if self._upload.thumbnail_at is not None:
            fields["thumb_offset"] = str(round(self._upload.thumbnail_at * 1000))
        answer = await self._caller.call(
            "POST", self._at(f"{self._account}/media"), data=fields
        )
        container = answer.text_at("id")
        address = Secret(answer.text_at("uri"))
        is_safe = is_safe_address(address.reveal(), beside=self._base)
        if not _ID.fullmatch(container) or not is_safe or not _is_meta(address):
            raise PublishError(
                Message(
                    "Instagram named no address for the upload: {professional}",
                    professional=_PROFESSIONAL,
                )
            )
        return address, container

    def end_of_part(self, offset: int, size_bytes: int) -> int:  # noqa: ARG002 - a PartSender's
        """Return the film's end: one request takes all that is missing."""
        return size_bytes

    async def received(self, session: Secret, film: FilmFile) -> Received:  # noqa: ARG002 - a PartSender's
        """Ask for what arrived."""
        container = self._upload.entry.id
        try:
            answer = await self._get(container, "status_code,video_status")
        except RefusedRequest as refusal:
            if refusal.answer.status in _LOST:
                raise SessionLost from None
            raise
        code = answer.text_at("status_code")
        if code in {"ERROR", "EXPIRED"}:
            raise SessionLost
        phase = answer.at("video_status", "uploading_phase")
        facts = phase if isinstance(phase, dict) else {}
        sent = facts.get("bytes_transferred")
        offset = sent if isinstance(sent, int) else 0
        is_whole = code in _DONE or facts.get("status") == "complete"
        is_whole = is_whole or offset == film.size_bytes
        return Received(offset, is_whole=is_whole, film=container)

    async def send(
        self, session: Secret, film: FilmFile, start: int, end: int, body: Body
    ) -> Received:
        """Send all bytes that are missing."""
        try:
            answer = await self._caller.once(
                "POST",
                session,
                headers={
                    "offset": str(start),
                    "file_size": str(film.size_bytes),
                    "Content-Length": str(end - start),
                    "Content-Type": "application/octet-stream",
                },
                content=body,
                scheme="OAuth ",
            )
        except RefusedRequest as refusal:
            if refusal.answer.status in _LOST:
                raise SessionLost from None
            if refusal.answer.at("debug_info", "retriable") is True:
                raise Dropped(Message("it kept a part")) from None
            raise
        if answer.at("success") is not True:
            raise Dropped(Message("it did not say that it has the film"))
        return Received(film.size_bytes, is_whole=True)

    async def _status(self, container: str) -> str | None:
        """Return the status of a container that was processed.

        Raises:
            PublishError: Instagram cannot use the film.
        """
        answer = await self._get(container, "status_code,status")
        code = answer.text_at("status_code")
        if code in {"ERROR", "EXPIRED"}:
            self._upload.entry.forget()
            said = spoken(answer.text_at("status"))
            raise PublishError(
                Message("Instagram cannot use the film: {said}", said=said or code)
            )
        return code if code in _DONE else None

    async def _publish(self, container: str) -> str:
        """Publish a container once, also where the answer is lost."""
        while True:
            try:
                answer = await self._caller.call(
                    "POST",
                    self._at(f"{self._account}/media_publish"),
                    is_repeatable=False,
                    data={"creation_id": container},
                )
            except Dropped:
                if await self._status(container) == "PUBLISHED":
                    return ""
            else:
                return answer.text_at("id")

    async def _link(self, media: str) -> str:
        if not _ID.fullmatch(media):
            return ""
        try:
            answer = await self._get(media, "permalink")
        except RefusedRequest:
            return ""
        link = answer.text_at("permalink")
        return (
            link if re.fullmatch(r"https://www\.instagram\.com/[\w/-]+", link) else ""
        )

    @staticmethod
    def explain(answer: PlatformAnswer) -> str:
        """Return why Instagram refused, and what to do."""
        for name in ("error_subcode", "code"):
            code = answer.text_at("error", name)
            if code in _WORDS:
                said = spoken(answer.text_at("error", "message"))
                why = _WORDS[code]
                return Message("{why} ({said})", why=why, said=said) if said else why
        said = spoken(
            answer.text_at("error", "message")
            or answer.text_at("debug_info", "message")
        )
        return f"HTTP {answer.status} {said}".strip()


def _is_meta(address: Secret) -> bool:
    """Return whether an address may see the token: Meta's, or on this machine."""
    parts = urlsplit(address.reveal())
    host: Any = parts.hostname or ""
    return host.endswith(".facebook.com") or parts.scheme == "http"
