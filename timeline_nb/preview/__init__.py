"""Previews: single frames as JPEG and playback as fMP4, small and soon.

A frame of a film comes from its proxy where there is one (a JPEG that was made when
its group of pictures was last decoded), else from the source; an edit is composed of
either by the one compositor.
"""
