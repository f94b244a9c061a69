"""The compositor: the pictures and the sound of a timeline, at any size.

`layers` finds which clips are seen when; `placement` and `graph` make a
picture of them through libavfilter; `compositor` does so frame by frame; `mix` sums
the sound; `still` composes single frames.
"""
