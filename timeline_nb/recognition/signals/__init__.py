"""Shots, black, freezes, motion, loudness and silence, without a network.

`curves` measures frames and `sound` samples; `sparse_cuts` measures only around
possible cuts; `shots` and `stretches` make tables of the measures.
"""
