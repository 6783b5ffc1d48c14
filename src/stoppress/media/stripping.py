"""Takes out of a JPEG what it says of itself besides its colours: where it was taken, by which camera, whose it is."""

EXIF_XMP, PHOTOSHOP, COMMENT = 0xE1, 0xED, 0xFE
TOLD = frozenset({EXIF_XMP, PHOTOSHOP, COMMENT})
START, SCAN = b"\xff\xd8", 0xDA


def without_metadata(content: bytes) -> bytes:
    """The same picture without Exif, XMP, IPTC and comments; anything but a whole JPEG comes back as it is.

    Its segments (ITU T.81, B.1) are copied, not encoded again, so nothing of what one sees is lost.
    """
    if not content.startswith(START):
        return content
    kept, at = [START], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        kind, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if kind == SCAN:
            return b"".join((*kept, content[at:]))
        if kind not in TOLD:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    return content
