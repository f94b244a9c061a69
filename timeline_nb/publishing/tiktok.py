"""TikTok: the Content Posting API, as a draft for the app or as a post.

Sources: https://developers.tiktok.com/doc/content-posting-api-reference-upload-video,
and content-posting-api-reference-direct-post, content-posting-api-media-transfer-guide,
content-posting-api-reference-get-video-status beside it.
"""

import re
from typing import Any, Final

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

__all__ = ["TikTok", "parts_of"]

# A part has 5 to 64 MB; the last one takes the rest, too, up to 128 MB.
_PART_BYTES: Final = 10_000_000
_MOST_PARTS: Final = 1000
_LEVELS: Final = {
    "private": "SELF_ONLY",
    "friends": "MUTUAL_FOLLOW_FRIENDS",
    "followers": "FOLLOWER_OF_CREATOR",
    "public": "PUBLIC_TO_EVERYONE",
}
_WHOLE: Final = {"SEND_TO_USER_INBOX", "PUBLISH_COMPLETE"}
_LOST: Final = {403, 404, 410}
_RANGE_DIFFERS: Final = 416
_NAME: Final = re.compile(r"[\w.~-]{1,128}")
_CONNECT: Final = Message("connect again with tl.accounts.connect('tiktok')")
_WORDS: Final = {
    "access_token_invalid": Message(
        "the account's access ended: {connect}", connect=_CONNECT
    ),
    "scope_not_authorized": Message(
        "the account was connected without the right to do this: {connect}",
        connect=_CONNECT,
    ),
    "rate_limit_exceeded": Message(
        "too many requests were sent: publish again in a minute"
    ),
    "spam_risk_too_many_posts": Message(
        "the account posted as much as TikTok allows in a day: publish again tomorrow"
    ),
    "spam_risk_too_many_pending_share": Message(
        "five drafts wait in the TikTok app, and it takes no more: finish or "
        "delete them there"
    ),
    "spam_risk_user_banned_from_posting": Message(
        "the account may not post now: open the TikTok app"
    ),
    "reached_active_user_cap": Message(
        "the app reached its day's number of people who post: publish again tomorrow"
    ),
    "unaudited_client_can_only_post_to_private_accounts": Message(
        "TikTok has not audited the app yet: make the TikTok account private and "
        "publish with privacy='private', or send a draft with privacy='draft' and "
        "post it in the TikTok app"
    ),
    "privacy_level_option_mismatch": Message(
        "this account does not offer that privacy: choose another"
    ),
    "file_format_check_failed": Message(
        "it does not take films of this format: render with profile='tiktok'"
    ),
    "duration_check_failed": Message(
        "the film is too long or too short for this account"
    ),
    "frame_rate_check_failed": Message("it takes 23 to 60 frames a second"),
    "picture_size_check_failed": Message("it takes 360 to 4096 pixels a side"),
}


def parts_of(size_bytes: int, part_bytes: int = _PART_BYTES) -> tuple[int, int]:
    """Return the size of a part and their number, as the media transfer guide has it.

    The number is rounded down; the last part takes what is left over.
    """
    if size_bytes <= part_bytes:
        return size_bytes, 1
    part_bytes = max(part_bytes, -(-size_bytes // _MOST_PARTS))
    return part_bytes, size_bytes // part_bytes


class TikTok:
    """Sends drafts and posts to TikTok.

    Args:
        caller: Sends the requests.
        base: The address of TikTok's interface.
        upload: What is uploaded.
    """

    base = "https://open.tiktokapis.com"

    def __init__(self, caller: Caller, base: str, upload: Upload) -> None:
        self._caller, self._base, self._upload = caller, base, upload
        self._part_bytes = upload.part_bytes or _PART_BYTES

    async def run(self) -> Published:
        """Upload the film; wait until it is a draft or a post."""
        upload = self._upload
        is_draft = upload.settings.privacy == "draft"
        if not is_draft and upload.entry.session is None:
            await self._check_creator(upload)
        name = await send_film(self, upload.film, upload.entry, self._caller)
        post = await until_ready(self._caller, lambda: self._status(name))
        if is_draft:
            text = post_text(upload.settings)
            upload.warnings.append(
                Message(
                    "it is a draft: open TikTok's notifications, and finish the "
                    "post there; its text is not sent with drafts, copy it: {text}",
                    text=repr(text),
                )
            )
        elif not post:
            upload.warnings.append(
                Message("TikTok names no address before it reviewed the post")
            )
        url = f"https://www.tiktok.com/video/{post}" if post else ""
        return upload.published(url, post or name)

    def _at(self, path: str) -> str:
        return f"{self._base}/v2/post/publish/{path}/"

    async def _check_creator(self, upload: Upload) -> None:
        """Check what the account allows, as TikTok asks of apps before each post.

        Raises:
            PublishError: The film is too long for it, or the privacy is not offered.
        """
        answer = await self._caller.call("POST", self._at("creator_info/query"))
        offered = answer.at("data", "privacy_level_options")
        level = _LEVELS[upload.settings.privacy]
        if isinstance(offered, list) and level not in offered:
            names = [name for name, code in _LEVELS.items() if code in offered]
            raise PublishError(
                Message(
                    "TikTok: this account does not offer privacy={privacy}: it "
                    "offers {names}",
                    privacy=repr(upload.settings.privacy),
                    names=", ".join(names),
                )
            )
        longest = answer.at("data", "max_video_post_duration_sec")
        if isinstance(longest, int) and upload.info.duration > longest:
            raise PublishError(
                Message(
                    "TikTok: this account posts films of up to {longest} s, and "
                    "this one has {duration} s",
                    longest=longest,
                    duration=f"{float(upload.info.duration):.0f}",
                )
            )

    async def begin(self, film: FilmFile) -> tuple[Secret, str]:
        """Begin a draft or a post."""
        settings = self._upload.settings
        part, count = parts_of(film.size_bytes, self._part_bytes)
        fields: dict[str, Any] = {
            "source_info": {
                "source": "FILE_UPLOAD",
                "video_size": film.size_bytes,
                "chunk_size": part,
                "total_chunk_count": count,
            }
        }
        if settings.privacy != "draft":
            info: dict[str, Any] = {
                "title": post_text(settings),
                "privacy_level": _LEVELS[settings.privacy],
            }
            if self._upload.thumbnail_at is not None:
                info["video_cover_timestamp_ms"] = round(
                    self._upload.thumbnail_at * 1000
                )
            fields["post_info"] = info
        kind = "inbox/video/init" if settings.privacy == "draft" else "video/init"
        answer = await self._caller.call("POST", self._at(kind), json=fields)
        name = answer.text_at("data", "publish_id")
        address = Secret(answer.text_at("data", "upload_url"))
        is_safe = is_safe_address(address.reveal(), beside=self._base)
        if not _NAME.fullmatch(name) or not is_safe:
            raise PublishError(
                Message("TikTok named no address for the upload: publish again")
            )
        return address, name

    def end_of_part(self, offset: int, size_bytes: int) -> int:
        """Return where a part ends: the last one takes what is left over."""
        part, count = parts_of(size_bytes, self._part_bytes)
        return size_bytes if offset // part >= count - 1 else offset + part

    async def received(self, session: Secret, film: FilmFile) -> Received:  # noqa: ARG002 - a PartSender's
        """Ask for what arrived; only whole parts count."""
        name = self._upload.entry.id
        answer = await self._fetch(name)
        status = answer.text_at("data", "status")
        if status == "FAILED":
            raise SessionLost
        sent = answer.at("data", "uploaded_bytes")
        sent = sent if isinstance(sent, int) else 0
        part, count = parts_of(film.size_bytes, self._part_bytes)
        is_whole = status in _WHOLE or sent >= film.size_bytes
        return Received(
            min(sent // part, count - 1) * part, is_whole=is_whole, film=name
        )

    async def send(
        self, session: Secret, film: FilmFile, start: int, end: int, body: Body
    ) -> Received:
        """Send a part."""
        try:
            await self._caller.once(
                "PUT",
                session,
                is_authorized=False,
                headers={
                    "Content-Type": "video/mp4",
                    "Content-Length": str(end - start),
                    "Content-Range": f"bytes {start}-{end - 1}/{film.size_bytes}",
                },
                content=body,
            )
        except RefusedRequest as refusal:
            if refusal.answer.status in _LOST:
                raise SessionLost from None
            if refusal.answer.status == _RANGE_DIFFERS:
                raise Dropped(Message("it answered {status}", status=416)) from None
            raise
        return Received(end, is_whole=end == film.size_bytes)

    async def _fetch(self, name: str) -> PlatformAnswer:
        return await self._caller.call(
            "POST", self._at("status/fetch"), json={"publish_id": name}
        )

    async def _status(self, name: str) -> str | None:
        """Return the post's number, empty for drafts; None while it is processed.

        Raises:
            PublishError: TikTok cannot use the film.
        """
        answer = await self._fetch(name)
        status = answer.text_at("data", "status")
        if status == "FAILED":
            self._upload.entry.forget()
            reason = answer.text_at("data", "fail_reason")
            raise PublishError(
                Message("TikTok: {why}", why=_WORDS.get(reason, spoken(reason)))
            )
        if status not in _WHOLE:
            return None
        # So misspelt in the reference.
        post = answer.text_at("data", "publicaly_available_post_id", 0)
        return post if post.isdecimal() else ""

    @staticmethod
    def explain(answer: PlatformAnswer) -> str:
        """Return why TikTok refused, and what to do."""
        code = answer.text_at("error", "code")
        if code in _WORDS:
            return _WORDS[code]
        said = spoken(answer.text_at("error", "message"))
        return f"HTTP {answer.status} {spoken(code)} {said}".strip()
