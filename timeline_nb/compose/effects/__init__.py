"""Effects on a clip's pictures, before they are placed on the canvas.

An effect is data on the clip (`Effect`: kind and parameters) and a class here that
reads them; `registry` knows them all. Effects that follow what is in the picture know
each frame by its identity, so they hold through every cut and at every size.
"""
