"""Model files: what one is (`spec`, `card`), where it lies (`registry`, `manifest`).

`download` fetches the ones that the manifest names, when somebody asks for them.
"""
