"""Previews: single frames as JPEG, and playback as fragmented MP4.

A frame of a media file is its proxy if there is one (a JPEG that was made when
its group of pictures was decoded), else it is decoded; an edit is composed of
either, by the same compositor as a render.
"""
