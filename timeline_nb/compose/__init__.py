"""The one compositor: what a timeline shows and sounds at a time, small or full size.

`layers` lowers the timeline to what is seen when; `placement` and `graph` make a
picture of it through libavfilter; `compositor` does so frame after frame; `mix` adds up
the sound; `still` composes a single frame.
"""
