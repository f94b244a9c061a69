"""Decoding in processes apart: what crashes, hangs or grows there costs one file.

`files.py` is what the media library uses. `child.py` runs in the process and decodes
with the same code as a process that trusts its files; `decoder.py` and `sound.py` have
the interfaces of its decoders on the other side. `pool.py` keeps the processes,
`process.py` watches one of them, `messages.py` is what the two sides say, and pictures
go through `region.py`, memory that both sides see.
"""
