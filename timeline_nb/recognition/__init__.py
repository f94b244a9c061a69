"""Recognition: frames in, arrays and tables out. Nothing here opens a media file.

`models` knows files, `layouts` what their outputs mean, `inference` runs them over
frames. `detections` holds what was found, `store` keeps it on disk, `tracking` tells
who is who, `tables` answers questions, `signals` measures pictures and sound without a
network. `redaction` and `follow` make effects of tables, `corrections` lies over them,
`exchange` speaks to other tools, `faces` groups people.
"""
