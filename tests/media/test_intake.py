"""What may be brought in and what may not, with the reason said; by the action and by the desk's own screens."""

import io
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from stoppress.accounts.models import User
from stoppress.media.actions import add_attachment, add_picture, make_renditions
from stoppress.media.models import Attachment, Picture
from tests.conftest import SmallPublication
from tests.factories.media import AttachmentFactory, picture_bytes

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is as large as this."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(3000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.fixture
def chief(client: Client, publication: SmallPublication) -> Client:
    client.force_login(User.objects.create_superuser("chief", password="x"))
    return client


def upload(client: Client, name: str, filename: str, content: bytes) -> Any:
    file = SimpleUploadedFile(filename, content)
    return client.post(reverse(name), {"title": "Something", "file": file, "tags": ""})


@pytest.mark.parametrize(
    ("content", "filename", "reason"),
    [
        (SVG, "drawing.svg", "can hold scripts"),
        (SVG, "drawing.png", "can hold scripts"),
        (b"not a picture", "photo.jpg", "not a readable picture"),
        (picture_bytes()[:1000], "half.jpg", "not a readable picture"),
        (bomb(20_000, 4_000), "wall.png", "more than 60 megapixels"),
        (bomb(60_000, 60_000), "bomb.png", "more than 60 megapixels"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_with_the_reason(content: bytes, filename: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        add_picture(content, filename, "A picture")
    assert not Picture.objects.exists()


def test_a_moving_picture_counts_all_its_frames(settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1_000_000
    frames = [Image.new("RGB", (400, 400), (shade * 20, 0, 0)) for shade in range(10)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(ValueError, match="more than 1 megapixels"):
        add_picture(file.getvalue(), "dance.gif", "A dance")


def test_a_picture_with_too_many_bytes_is_refused(settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 500
    with pytest.raises(ValueError, match="at most 500"):
        add_picture(picture_bytes(), "large.jpg", "A picture")


@pytest.mark.parametrize(
    ("content", "filename", "reason"),
    [
        (SVG, "drawing.svg", "export it as PNG"),
        (bomb(20_000, 4_000), "wall.png", "more than 60 megapixels"),
        (bomb(60_000, 60_000), "bomb.png", "more than 60 megapixels"),
        (bomb(100, 100)[:70], "half.png", "not a readable picture"),
        (picture_bytes()[:1000], "half.jpg", "not a readable picture"),
        (b"words", "photo.jpg", "not a readable picture"),
        (picture_bytes(kind="PNG"), "photo.jpg", "does not match"),
        (picture_bytes(kind="BMP"), "photo.bmp", "Pictures are taken as"),
    ],
)
def test_the_desk_says_why_a_picture_is_refused(chief: Client, content: bytes, filename: str, reason: str) -> None:
    answer = upload(chief, "wagtailimages:add", filename, content)
    assert answer.status_code == 200
    assert reason in answer.content.decode()
    assert not Picture.objects.exists()


def test_the_desk_takes_a_picture_with_its_rights(chief: Client) -> None:
    file = SimpleUploadedFile("field.jpg", picture_bytes())
    data = {"title": "A field", "file": file, "tags": "", "credit": "A. Ray", "rights_expire_at": "2027-01-31 12:00"}
    assert chief.post(reverse("wagtailimages:add"), data).status_code == 302
    picture = Picture.objects.get()
    assert picture.rights_expire_at is not None
    assert (picture.credit, picture.rights_expire_at.year) == ("A. Ray", 2027)


@pytest.mark.parametrize(
    ("filename", "reason"),
    [
        ("page.html", "can hold scripts"),
        ("drawing.SVG", "can hold scripts"),
        ("run.exe", "of a kind that is not taken"),
        ("nameless", "of a kind that is not taken"),
        ("report.pdf.js", "can hold scripts"),
    ],
)
def test_what_is_no_attachment_of_ours_is_refused_with_the_reason(chief: Client, filename: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        add_attachment(b"content", filename, "A file")
    answer = upload(chief, "wagtaildocs:add", filename, b"content")
    assert answer.status_code == 200
    assert reason in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_file_that_is_too_large_is_refused(chief: Client, settings: Any) -> None:
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 100
    with pytest.raises(ValueError, match="at most 100"):
        AttachmentFactory(content=b"x" * 101)
    answer = upload(chief, "wagtaildocs:add", "budget.csv", b"x" * 101)
    assert "too big" in answer.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("filename", ["budget.pdf", "Budget 2026.CSV", "siren.mp3", "march.mp4", "march.vtt"])
def test_the_desk_takes_documents_data_recordings_and_films(chief: Client, filename: str) -> None:
    assert upload(chief, "wagtaildocs:add", filename, b"content").status_code == 302
    assert Attachment.objects.get().file_hash


def test_a_file_that_is_there_already_can_still_be_retitled(chief: Client, settings: Any) -> None:
    attachment = AttachmentFactory()
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1
    chief.post(reverse("wagtaildocs:edit", args=[attachment.pk]), {"title": "Renamed", "tags": ""})
    attachment.refresh_from_db()
    assert attachment.title == "Renamed"


@pytest.mark.parametrize("kind", ["JPEG", "GIF", "PNG", "WEBP"])
def test_what_hides_in_a_picture_does_not_reach_readers(kind: str) -> None:
    """A picture that is a page or a script too, by its tail and by what it says of itself."""
    hidden = b"*/alert(document.domain)/*<script>x</script><?php phpinfo(); ?>"
    exif = Image.Exif()
    exif[0x010E] = hidden.decode()
    file = io.BytesIO()
    Image.new("RGB", (320, 200), "teal").save(file, kind, exif=exif, comment=hidden)
    picture = add_picture(file.getvalue() + hidden, f"two-in-one.{kind.lower()}", "A picture")
    sizes = make_renditions(picture)
    assert sizes
    for size in sizes:
        with size.file.open("rb") as stream:
            content = stream.read()
        assert b"alert" not in content
        assert b"<script" not in content
        assert b"<?php" not in content


def test_a_page_that_is_called_a_document_is_only_ever_saved(chief: Client) -> None:
    attachment = AttachmentFactory(filename="report.pdf", content=b"<html><script>alert(1)</script></html>")
    answer = chief.get(attachment.url)
    assert b"".join(answer)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_originals_are_for_the_desk(chief: Client) -> None:
    attachment = AttachmentFactory(filename="budget.pdf", content=b"%PDF-1.4 secret")
    answer = chief.get(attachment.url)
    assert b"".join(answer) == b"%PDF-1.4 secret"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Client().get(attachment.url).status_code == 404
