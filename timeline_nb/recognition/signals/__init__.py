"""What a film is like from moment to moment, without a network.

`curves` measures pictures, `sound` samples; `shots` and `stretches` make tables of
what they measured: cuts, black, freezes, silence.
"""
