"""The sample's recording, film and papers, made here so that no binary lies in the package. The same each time."""

import io
import math
import struct
import wave

from PIL import Image

from stoppress.demo.pictures import draw

RATE = 8000
"""Samples a second of the recording."""
FILM_SIZE = (480, 270)
FILM_SECONDS = 4
FRAMES_A_SECOND = 8
PAN = 0.6
"""Part of the picture's width that the film shows at a time."""


def foghorn() -> bytes:
    """Two blasts of a foghorn, as WAV."""
    samples = bytearray()
    for number in range(RATE * 5):
        second = number / RATE
        blast = second % 2.5
        loud = min(1.0, blast / 0.15) * max(0.0, min(1.0, (1.6 - blast) / 0.3))
        tone = math.sin(math.tau * 87 * second) + 0.5 * math.sin(math.tau * 174 * second + 0.4)
        samples += struct.pack("<h", round(9000 * loud * tone))
    file = io.BytesIO()
    with wave.open(file, "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(RATE)
        stream.writeframes(bytes(samples))
    return file.getvalue()


def crossing() -> bytes:
    """A slow look across the bay with the ferry, as WebM of whole VP8 frames (RFC 6386, RFC 9559)."""
    with Image.open(io.BytesIO(draw("ferry"))) as picture:
        high = round(picture.width * PAN * FILM_SIZE[1] / FILM_SIZE[0])
        top = (picture.height - high) // 2
        count = FILM_SECONDS * FRAMES_A_SECOND
        frames = []
        for number in range(count):
            left = round(picture.width * (1 - PAN) * number / (count - 1))
            view = picture.crop((left, top, left + round(picture.width * PAN), top + high))
            frames.append(_frame(view.resize(FILM_SIZE, Image.Resampling.LANCZOS)))
    return _webm(frames)


def _frame(view: Image.Image) -> bytes:
    """A picture as one VP8 frame: what a lossy WebP file holds between its headers."""
    file = io.BytesIO()
    view.save(file, "WEBP", quality=60, method=4)
    content = file.getvalue()
    begin = content.index(b"VP8 ") + 8
    return content[begin : begin + int.from_bytes(content[begin - 4 : begin], "little")]


def _webm(frames: list[bytes]) -> bytes:
    pause = 1000 // FRAMES_A_SECOND
    header = _element(
        0x1A45DFA3,
        _element(0x4286, b"\x01"),
        _element(0x42F7, b"\x01"),
        _element(0x42F2, b"\x04"),
        _element(0x42F3, b"\x08"),
        _element(0x4282, b"webm"),
        _element(0x4287, b"\x04"),
        _element(0x4285, b"\x02"),
    )
    about = _element(
        0x1549A966,
        _element(0x2AD7B1, (1_000_000).to_bytes(3, "big")),
        _element(0x4489, struct.pack(">d", len(frames) * pause)),
        _element(0x4D80, b"Stop Press"),
        _element(0x5741, b"Stop Press"),
    )
    size = (_element(0xB0, struct.pack(">H", FILM_SIZE[0])), _element(0xBA, struct.pack(">H", FILM_SIZE[1])))
    track = _element(
        0xAE,
        _element(0xD7, b"\x01"),
        _element(0x73C5, b"\x01"),
        _element(0x83, b"\x01"),
        _element(0x86, b"V_VP8"),
        _element(0xE0, *size),
    )
    blocks = [
        _element(0xA3, b"\x81", struct.pack(">hB", number * pause, 0x80), frame) for number, frame in enumerate(frames)
    ]
    cluster = _element(0x1F43B675, _element(0xE7, b"\x00"), *blocks)
    return header + _element(0x18538067, about, _element(0x1654AE6B, track), cluster)


def _element(number: int, *parts: bytes) -> bytes:
    """One element of EBML (RFC 8794): its number, its size in eight bytes, its content."""
    content = b"".join(parts)
    return (
        number.to_bytes((number.bit_length() + 7) // 8, "big") + (len(content) | 1 << 56).to_bytes(8, "big") + content
    )


def plan() -> bytes:
    """One page of a plan, as PDF (ISO 32000-1)."""
    lines = (
        "BT /F1 22 Tf 60 770 Td (The harbour wall, section B) Tj ET",
        "BT /F1 11 Tf 60 745 Td (Skerry Bay council, drawing 4 of 4. Not to scale, and never was.) Tj ET",
        "2 w 60 420 m 300 420 l 300 600 l 360 600 l 360 420 l 540 420 l S",
        "[6 4] 0 d 300 600 m 300 660 l 360 660 l 360 600 l S",
        "BT /F1 11 Tf 370 640 Td (+ 60 cm) Tj ET",
    )
    content = "\n".join(lines).encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    file = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj%s endobj\n" % (number, one)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(file)


def tides() -> bytes:
    """High water at the quay, as CSV; a moon of its own."""
    rows = ["date,morning,height_cm,evening,height_cm_evening"]
    for day in range(1, 32):
        minutes = (day * 50 + 190) % 745
        height = round(310 + 85 * math.cos(math.tau * (day - 2) / 14.77))
        later = minutes + 745
        rows.append(
            f"2020-10-{day:02},{minutes // 60:02}:{minutes % 60:02},{height},"
            f"{later // 60:02}:{later % 60:02},{height - 9 + day % 5}"
        )
    return ("\n".join(rows) + "\n").encode()


def captions() -> bytes:
    """What is heard in the film, as WebVTT."""
    return b"WEBVTT\n\n00:00.000 --> 00:02.000\n[Water, gulls]\n\n00:02.000 --> 00:04.000\n[A ship's engine]\n"


FILES = {
    "foghorn.wav": ("The foghorn at Cape Anders", foghorn),
    "crossing.webm": ("The ferry crosses the bay", crossing),
    "crossing.vtt": ("Captions: the ferry crosses the bay", captions),
    "harbour-wall-plan.pdf": ("Plan of the harbour wall, section B", plan),
    "tides-october.csv": ("High water in October", tides),
}
"""By file name: the title, and what makes the content."""
