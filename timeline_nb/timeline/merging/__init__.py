"""Three-way merge of timelines: independent changes join, the rest a person settles.

`sequences` joins what two sides did to one order, `questions` asks what cannot be
joined, `values`, `clips` and `rows` merge fields, clips and the items of a track,
`numbering` keeps new ids apart, `timelines` puts all together, `merged` is the result.
"""
