"""All requests of the browser to the kernel, as one type."""

from typing import TypeAlias

from timeline_nb.widgets import draft_requests as drafts
from timeline_nb.widgets import effect_requests as effects
from timeline_nb.widgets import language
from timeline_nb.widgets import plugin_requests as plugins
from timeline_nb.widgets import preset_requests as presets
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets import sign_in_requests as sign_in
from timeline_nb.widgets import speed_requests as speed

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
    | ask.OpenMediaRequest
    | ask.CancelScanRequest
    | ask.PlaceMediaRequest
    | ask.RenderRequest
    | ask.CancelRenderRequest
    | sign_in.CancelSignInRequest
    | sign_in.PasteAddressRequest
    | effects.AddEffectRequest
    | effects.RemoveEffectRequest
    | effects.MoveEffectRequest
    | effects.ChangeEffectRequest
    | effects.KeyframeEffectRequest
    | effects.EaseKeyframeRequest
    | effects.KeyframeClipRequest
    | effects.SetTransitionRequest
    | effects.AddGeneratorRequest
    | effects.PasteAttributesRequest
    | effects.SamplesRequest
    | effects.SetFavoriteRequest
    | effects.ListLutsRequest
    | effects.CompareRequest
    | presets.SavePresetRequest
    | presets.ApplyPresetRequest
    | presets.RemovePresetRequest
    | presets.ExportPresetRequest
    | presets.ImportPresetRequest
    | drafts.DraftRequest
    | speed.RetimeRequest
    | speed.RampRequest
    | speed.FreezeFrameRequest
    | plugins.RefreshPanelRequest
    | plugins.PressPanelRequest
    | plugins.CancelPanelRequest
    | plugins.AllowPermissionsRequest
    | plugins.RevokePermissionsRequest
)
