"""All requests of the browser to the kernel, as one type."""

from typing import TypeAlias

from timeline_nb.widgets import language
from timeline_nb.widgets import plugin_requests as plugins
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets import sign_in_requests as sign_in
from timeline_nb.widgets import stage_requests as stage

__all__ = ["AnyRequest"]

AnyRequest: TypeAlias = (
    ask.HelloRequest
    | ask.ByeRequest
    | ask.PingRequest
    | ask.CodeRequest
    | language.TranslationsRequest
    | ask.MoveRequest
    | ask.TrimRequest
    | ask.SlipRequest
    | ask.SlideRequest
    | ask.SplitRequest
    | ask.RemoveRequest
    | ask.CopyRequest
    | ask.PasteRequest
    | ask.DissolveRequest
    | ask.LinkRequest
    | ask.UnlinkRequest
    | ask.SetTrackRequest
    | ask.AddTrackRequest
    | ask.RemoveTrackRequest
    | ask.AddMarkerRequest
    | ask.RemoveMarkerRequest
    | ask.SetClipsRequest
    | ask.UndoRequest
    | ask.RedoRequest
    | ask.ThumbsRequest
    | ask.WaveRequest
    | ask.ScriptRequest
    | ask.FramesRequest
    | ask.PlayRequest
    | ask.MoreRequest
    | ask.StopRequest
    | ask.SoundRequest
    | ask.AddCommentRequest
    | ask.BoxesRequest
    | ask.DrawRequest
    | ask.CorrectRequest
    | ask.ChangeShapeRequest
    | ask.OpenMediaRequest
    | ask.CancelScanRequest
    | ask.PlaceMediaRequest
    | ask.RenderRequest
    | ask.CancelRenderRequest
    | sign_in.CancelSignInRequest
    | sign_in.PasteAddressRequest
    | ask.AddEffectRequest
    | ask.RemoveEffectRequest
    | ask.ChangeEffectRequest
    | ask.KeyframeEffectRequest
    | ask.SetTransitionRequest
    | ask.AddGeneratorRequest
    | stage.StageRequest
    | stage.FontsRequest
    | stage.FontFileRequest
    | stage.PlaceOnPictureRequest
    | stage.CropRequest
    | stage.PinRequest
    | stage.EditTextRequest
    | plugins.RefreshPanelRequest
    | plugins.PressPanelRequest
    | plugins.CancelPanelRequest
    | plugins.AllowPermissionsRequest
    | plugins.RevokePermissionsRequest
)
