"""YouTube: the Data API v3, and Google's protocol of resumable uploads.

Sources: https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
and the reference of videos.insert, thumbnails.set, captions.insert and errors.
"""

import re
from typing import Any, Final
from uuid import uuid4

import msgspec

from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.answers import (
    PlatformAnswer,
    RefusedRequest,
    SessionLost,
    spoken,
)
from timeline_nb.publishing.caller import Caller, is_safe_address
from timeline_nb.publishing.extras import add, warn_of_language
from timeline_nb.publishing.film_file import FilmFile
from timeline_nb.publishing.resumable import Body, Received, send_film
from timeline_nb.publishing.settings import PublishSettings
from timeline_nb.publishing.upload import Published, Upload
from timeline_nb.security.secret import Secret

__all__ = ["YouTube"]

# Parts are multiples of 256 KiB, but for the last one.
_UNIT_BYTES: Final = 1 << 18
_PART_BYTES: Final = 32 * _UNIT_BYTES
_INCOMPLETE: Final = 308
_LOST: Final = {404, 410}
_EXISTS: Final = 409
_RANGE: Final = re.compile(r"bytes=0-(\d{1,15})")
_ID: Final = re.compile(r"[\w-]{1,64}")
_CONNECT: Final = Message("connect again with tl.accounts.connect('youtube')")
_WORDS: Final = {
    "quotaExceeded": Message(
        "the day's quota of the app's Google project is used up: it is renewed at "
        "midnight, Pacific Time; publish again then"
    ),
    "dailyLimitExceeded": Message(
        "the day's quota of the app's Google project is used up: publish again tomorrow"
    ),
    "rateLimitExceeded": Message(
        "too many requests were sent: publish again in some minutes"
    ),
    "userRateLimitExceeded": Message(
        "too many requests were sent: publish again in some minutes"
    ),
    "uploadLimitExceeded": Message(
        "this channel may upload no more videos today: publish again tomorrow, or "
        "verify the channel at youtube.com/verify"
    ),
    "uploadRateLimitExceeded": Message(
        "this channel uploaded too many videos in short time: publish again later"
    ),
    "youtubeSignupRequired": Message(
        "this Google account has no YouTube channel: make one at youtube.com, and "
        "connect again"
    ),
    "authenticatedUserAccountSuspended": Message("this YouTube account is suspended"),
    "authenticatedUserAccountClosed": Message("this YouTube account is closed"),
    "insufficientPermissions": Message(
        "the account was connected without the right to do this: {connect}",
        connect=_CONNECT,
    ),
    "accessNotConfigured": Message(
        "the YouTube Data API is not enabled in the app's Google project: enable "
        "it in the Google Cloud console"
    ),
    "forbiddenPrivacySetting": Message("this privacy is not allowed for this channel"),
    "invalidTitle": Message("the title is not taken: change title="),
    "invalidDescription": Message("the description is not taken: change description="),
    "invalidTags": Message("the tags are not taken: change tags="),
    "invalidCategoryId": Message("the category is not taken here: change category="),
    "invalidPublishAt": Message(
        "the time of publication is not taken: change publish_at="
    ),
    "mediaBodyRequired": Message("it says the film is empty"),
}


class YouTube:
    """Uploads to YouTube.

    Args:
        caller: Sends the requests.
        base: The address of Google's interface.
        upload: What is uploaded; its parts are of multiples of 262,144 bytes.
    """

    base = "https://www.googleapis.com"

    def __init__(self, caller: Caller, base: str, upload: Upload) -> None:
        self._caller, self._base, self._upload = caller, base, upload
        self._settings = upload.settings
        wanted = upload.part_bytes or _PART_BYTES
        self._part_bytes = max(_UNIT_BYTES, wanted // _UNIT_BYTES * _UNIT_BYTES)

    async def run(self) -> Published:
        """Upload the film, its thumbnail and its captions."""
        upload, settings = self._upload, self._settings
        name = await send_film(self, upload.film, upload.entry, self._caller)
        if upload.thumbnail is not None:
            picture = upload.thumbnail
            await add(
                upload,
                "thumbnail",
                lambda: self._set_thumbnail(name, picture),
                self.explain,
            )
        if upload.captions:
            warn_of_language(upload)
            await add(
                upload,
                "captions",
                lambda: self._add_captions(name, upload.captions),
                self.explain,
            )
        if settings.privacy != "private":
            upload.warnings.append(
                Message(
                    "YouTube keeps it private if the app's Google project was not "
                    "audited: its privacy is seen at studio.youtube.com"
                )
            )
        if settings.made_for_kids is None:
            upload.warnings.append(
                Message(
                    "YouTube asks whether it is for children: say "
                    "made_for_kids=False or True, or choose it at "
                    "studio.youtube.com"
                )
            )
        return upload.published(f"https://youtu.be/{name}", name)

    async def begin(self, film: FilmFile) -> tuple[Secret, str]:
        """Begin a session (videos.insert)."""
        answer = await self._caller.call(
            "POST",
            f"{self._base}/upload/youtube/v3/videos",
            params={"uploadType": "resumable", "part": "snippet,status"},
            json=_resource(self._settings),
            headers={
                "X-Upload-Content-Length": str(film.size_bytes),
                "X-Upload-Content-Type": "video/*",
            },
        )
        address = Secret(answer.headers.get("location", ""))
        if not is_safe_address(address.reveal(), beside=self._base):
            raise PublishError(
                Message("YouTube named no address for the upload: publish again")
            )
        return address, ""

    def end_of_part(self, offset: int, size_bytes: int) -> int:
        """Return where a part ends: parts are multiples of 256 KiB but for the last."""
        return min(size_bytes, offset + self._part_bytes)

    async def received(self, session: Secret, film: FilmFile) -> Received:
        """Ask for what arrived, by an empty part."""
        headers = {
            "Content-Length": "0",
            "Content-Range": f"bytes */{film.size_bytes}",
        }
        return await self._put(session, film, headers=headers)

    async def send(
        self, session: Secret, film: FilmFile, start: int, end: int, body: Body
    ) -> Received:
        """Send a part."""
        headers = {
            "Content-Length": str(end - start),
            "Content-Range": f"bytes {start}-{end - 1}/{film.size_bytes}",
            "Content-Type": "video/*",
        }
        return await self._put(session, film, headers=headers, content=body)

    async def _put(self, session: Secret, film: FilmFile, **options: Any) -> Received:
        try:
            answer = await self._caller.once(
                "PUT",
                session,
                is_answered=lambda status: status == _INCOMPLETE,
                **options,
            )
        except RefusedRequest as refusal:
            if refusal.answer.status in _LOST:
                raise SessionLost from None
            raise
        if answer.status == _INCOMPLETE:
            # Without the header nothing was kept.
            found = _RANGE.fullmatch(answer.headers.get("range", ""))
            return Received(int(found[1]) + 1 if found else 0)
        name = answer.text_at("id")
        if not _ID.fullmatch(name):
            raise PublishError(
                Message(
                    "YouTube took the film and did not say its address: look for "
                    "it at studio.youtube.com"
                )
            )
        return Received(film.size_bytes, is_whole=True, film=name)

    async def _set_thumbnail(self, name: str, picture: bytes) -> None:
        await self._caller.call(
            "POST",
            f"{self._base}/upload/youtube/v3/thumbnails/set",
            params={"videoId": name, "uploadType": "media"},
            content=picture,
            headers={"Content-Type": "image/jpeg"},
        )

    async def _add_captions(self, name: str, text: str) -> None:
        """Add captions, by a request of two parts: facts and file (RFC 2387)."""
        snippet = {
            "videoId": name,
            "language": self._settings.language or "en",
            "name": "",
            "isDraft": False,
        }
        border = uuid4().hex
        facts = msgspec.json.encode({"snippet": snippet}).decode()
        body = (
            f"--{border}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
            f"{facts}\r\n--{border}\r\n"
            f"Content-Type: application/octet-stream\r\n\r\n{text}\r\n--{border}--\r\n"
        )
        try:
            await self._caller.call(
                "POST",
                f"{self._base}/upload/youtube/v3/captions",
                params={"uploadType": "multipart", "part": "snippet"},
                content=body.encode(),
                headers={"Content-Type": f"multipart/related; boundary={border}"},
            )
        except RefusedRequest as refusal:
            # Captions of this language and name: an answer that was lost.
            if refusal.answer.status != _EXISTS:
                raise

    @staticmethod
    def explain(answer: PlatformAnswer) -> str:
        """Return why YouTube refused, and what to do."""
        reason = answer.text_at("error", "errors", 0, "reason") or answer.text_at(
            "error", "details", 0, "reason"
        )
        if reason in _WORDS:
            return _WORDS[reason]
        challenge = answer.headers.get("www-authenticate", "")
        is_scope = reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
        if is_scope or "insufficient_scope" in challenge:
            return _WORDS["insufficientPermissions"]
        if answer.status == 401:
            return Message(
                "the account's access was withdrawn or ended: {connect}",
                connect=_CONNECT,
            )
        text = spoken(answer.text_at("error", "message"))
        return f"HTTP {answer.status} {reason} {text}".strip()


def _resource(settings: PublishSettings) -> dict[str, Any]:
    """Return the video resource that describes the film."""
    snippet: dict[str, Any] = {
        "title": settings.title,
        "description": settings.description,
        "tags": list(settings.tags),
        "categoryId": settings.category or "22",
    }
    if settings.language:
        snippet["defaultLanguage"] = settings.language
        snippet["defaultAudioLanguage"] = settings.language
    status: dict[str, Any] = {"privacyStatus": settings.privacy}
    if settings.made_for_kids is not None:
        status["selfDeclaredMadeForKids"] = settings.made_for_kids
    if settings.publish_at is not None:
        status["publishAt"] = settings.publish_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"snippet": snippet, "status": status}
