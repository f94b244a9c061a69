"""`timeline-nb publish`: upload a film, or render a project and upload it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from timeline_nb.cli.output import print_json, print_rows, warn

if TYPE_CHECKING:
    from timeline_nb.publishing.upload import Published

__all__ = ["publish"]

File = Annotated[Path, typer.Argument(help="A film, or a .tlp project.")]
Platform = Annotated[
    str, typer.Argument(help="youtube, vimeo, telegram, instagram or tiktok.")
]
Title = Annotated[str, typer.Option(help="The file's or project's name if not given.")]
Description = Annotated[str, typer.Option(help="The text below the title.")]
Tags = Annotated[str, typer.Option(help="Words with commas between them.")]
Privacy = Annotated[str, typer.Option(help="private, unlisted, public; TikTok: draft.")]
Category = Annotated[str, typer.Option(help="YouTube's category.")]
ForKids = Annotated[
    bool | None,
    typer.Option(
        "--made-for-kids/--not-made-for-kids", help="What YouTube asks (COPPA)."
    ),
]
PublishAt = Annotated[
    str, typer.Option(help="When it becomes public: 2030-05-01T18:00+02:00.")
]
Language = Annotated[str, typer.Option(help="Such as en or pt-BR.")]
Chat = Annotated[str, typer.Option(help="Telegram's chat: @channel, or its number.")]
Thumbnail = Annotated[Path | None, typer.Option(help="A picture file.")]
ThumbnailAt = Annotated[
    str, typer.Option(help="A time whose frame is the thumbnail, such as 3s.")
]
Captions = Annotated[
    bool, typer.Option("--captions", help="Upload a project's subtitles as captions.")
]
CaptionsFile = Annotated[Path | None, typer.Option(help="A subtitle file of a film.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def publish(
    file: File,
    platform: Platform,
    title: Title = "",
    description: Description = "",
    tags: Tags = "",
    privacy: Privacy = "",
    category: Category = "",
    made_for_kids: ForKids = None,
    publish_at: PublishAt = "",
    language: Language = "",
    chat: Chat = "",
    thumbnail: Thumbnail = None,
    thumbnail_at: ThumbnailAt = "",
    captions: Captions = False,
    captions_file: CaptionsFile = None,
    json: Json = False,
) -> None:
    """Upload a film or a project to a platform; what broke off goes on.

    Before: `timeline-nb accounts connect youtube`, or `timeline-nb keys add telegram`.
    """
    from timeline_nb.notebook.publish import publish as publish_film
    from timeline_nb.studio import open_studio

    said: dict[str, Any] = {
        "description": description,
        "tags": tags,
        "privacy": privacy,
        "category": category,
        "made_for_kids": made_for_kids,
        "publish_at": publish_at,
        "language": language,
        "chat": chat,
    }
    with open_studio() as studio:
        made = publish_film(
            file,
            platform,
            title=title or None,
            thumbnail=thumbnail,
            thumbnail_at=thumbnail_at or None,
            captions=captions_file or captions,
            studio=studio,
            **said,
        )
    if json:
        print_json(made)
    else:
        _print(made)


def _print(made: "Published") -> None:
    rows: dict[str, object] = {"platform": made.platform, "title": made.title}
    rows |= {"address": made.url} if made.url else {}
    rows["id"] = made.id
    rows |= {"privacy": made.privacy} if made.privacy else {}
    print_rows(rows)
    for warning in made.warnings:
        warn(warning)
