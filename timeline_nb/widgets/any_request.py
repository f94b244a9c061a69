"""All requests of the browser to the kernel, as one type."""

from typing import TypeAlias

from timeline_nb.widgets import bin_requests as bins
from timeline_nb.widgets import draft_requests as drafts
from timeline_nb.widgets import effect_requests as effects
from timeline_nb.widgets import export_requests as export
from timeline_nb.widgets import guide_requests as guides
from timeline_nb.widgets import history_requests as history
from timeline_nb.widgets import journal_requests as journal
from timeline_nb.widgets import keyframe_requests as keys
from timeline_nb.widgets import language, later_code
from timeline_nb.widgets import monitor_requests as monitor
from timeline_nb.widgets import nested_requests as nested
from timeline_nb.widgets import offline_requests as offline
from timeline_nb.widgets import own_bin_requests as own_bins
from timeline_nb.widgets import plan_requests as plans
from timeline_nb.widgets import plugin_requests as plugins
from timeline_nb.widgets import preset_requests as presets
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets import settings_requests as settings
from timeline_nb.widgets import sign_in_requests as sign_in
from timeline_nb.widgets import source_requests as source
from timeline_nb.widgets import speed_requests as speed
from timeline_nb.widgets import stage_requests as stage
from timeline_nb.widgets import track_requests as tracks
from timeline_nb.widgets import transition_requests as transitions
from timeline_nb.widgets import upload_requests as uploads

__all__ = ["AnyRequest"]

AnyRequest: TypeAlias = (
    ask.HelloRequest
    | ask.ByeRequest
    | ask.PingRequest
    | ask.CodeRequest
    | language.TranslationsRequest
    | later_code.LaterCodeRequest
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
    | tracks.SetTrackRequest
    | tracks.RenameTrackRequest
    | tracks.AddTrackRequest
    | tracks.AddSubtitleRequest
    | tracks.MoveTrackRequest
    | tracks.RemoveTrackRequest
    | tracks.AddMarkerRequest
    | tracks.SetMarkerRequest
    | tracks.RemoveMarkerRequest
    | ask.SetClipsRequest
    | ask.UndoRequest
    | ask.RedoRequest
    | guides.SetGuidesRequest
    | own_bins.PutInBinRequest
    | own_bins.RenameBinRequest
    | own_bins.RemoveBinRequest
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
    | bins.RemoveMediaRequest
    | bins.MediaFrameRequest
    | bins.AskUsesRequest
    | bins.MatchFrameRequest
    | monitor.OpenSourceRequest
    | monitor.CloseSourceRequest
    | uploads.BrowseRequest
    | uploads.StartUploadRequest
    | uploads.UploadPartRequest
    | uploads.FinishUploadRequest
    | uploads.CancelUploadRequest
    | offline.RelinkRequest
    | offline.CancelRelinkRequest
    | export.AskExportRequest
    | export.EstimateRequest
    | export.CancelEstimateRequest
    | export.RenderRequest
    | export.ControlRenderRequest
    | sign_in.CancelSignInRequest
    | sign_in.PasteAddressRequest
    | settings.AskSettingsRequest
    | settings.ChangeSettingsRequest
    | settings.ResetSettingsRequest
    | plans.PlanRequest
    | plans.TrimFrameRequest
    | transitions.SetTransitionRangeRequest
    | keys.SetKeyframeRequest
    | keys.MoveKeyframeRequest
    | keys.MoveKeyframesRequest
    | keys.RemoveKeyframeRequest
    | keys.SetInterpolationRequest
    | stage.StageRequest
    | stage.FontsRequest
    | stage.FontFileRequest
    | stage.PlaceOnPictureRequest
    | stage.CropRequest
    | stage.PinRequest
    | stage.EditTextRequest
    | history.GoToStepRequest
    | history.SaveProjectRequest
    | journal.RecoverRequest
    | journal.DiscardRecoveryRequest
    | nested.OpenNestedRequest
    | nested.CloseNestedRequest
    | source.DuplicateRequest
    | source.EditMediaRequest
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
