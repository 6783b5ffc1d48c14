"""The sample publication: an invented town's paper, so that a newsroom sees its own before it has one.

Everything is written through the newsroom's and the media's actions; nothing else may know this room.
"""

TITLE = "The Harbour Gazette"
STRAPLINE = "News from Skerry Bay and further off"
