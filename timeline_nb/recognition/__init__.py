"""Recognition: frames in, arrays and tables out. Nothing here opens a media file.

`models` loads ONNX files, `layouts` decodes their outputs, `inference` runs them over
frames. `detections` holds the results, `detection_cache` keeps them on disk,
`tracking` links objects from frame to frame, `tables` computes ranges, counts and
visits, `signals` measures pictures and sound without a network. `redaction` and
`follow` compute effect parameters from tables, `corrections` holds manual changes,
`exchange` reads and writes other formats, `faces` groups faces by person.
"""
