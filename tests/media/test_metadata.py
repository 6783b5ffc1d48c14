"""What photographers write into their files comes in as credit, rights and alt text, and never overrides the desk."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stoppress.media.actions import add_picture
from stoppress.media.metadata import Told, told_by
from stoppress.media.models import Picture
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory
from tests.factories.media import picture_bytes

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:core="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.1/"
 photoshop:Credit="The Agency" prism:expirationDate="2027-03-01T12:00:00+01:00">
<dc:creator><rdf:Seq><rdf:li>Ada Ray</rdf:li><rdf:li>Bo Lind</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2026 The Agency</rdf:li></rdf:Alt></dc:rights>
<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">One use.</rdf:li></rdf:Alt></xmpRights:UsageTerms>
<core:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A ferry at dawn</rdf:li></rdf:Alt>
</core:AltTextAccessibility></rdf:Description></rdf:RDF></x:xmpmeta>"""


def jpeg(**more: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 400), "teal").save(file, "JPEG", **more)
    return file.getvalue()


def with_iim(**fields: str) -> bytes:
    """A JPEG with an APP13 segment as Photoshop writes it; each name is ``d`` and the number of an IIM dataset."""
    sets = b"".join(
        b"\x1c\x02" + bytes([int(name[1:])]) + len(raw := value.encode()).to_bytes(2, "big") + raw
        for name, value in fields.items()
    )
    block = b"8BIM\x04\x04\x00\x00" + len(sets).to_bytes(4, "big") + sets + b"\x00" * (len(sets) % 2)
    segment = b"Photoshop 3.0\x00" + block
    plain = jpeg()
    return plain[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + plain[2:]


def test_xmp() -> None:
    assert told_by(jpeg(xmp=XMP.encode())) == Told(
        alt="A ferry at dawn",
        credit="Ada Ray, Bo Lind / The Agency",
        rights="© 2026 The Agency One use.",
        expires_at=datetime(2027, 3, 1, 11, tzinfo=UTC),
    )


def test_iim() -> None:
    told = told_by(with_iim(d80="Ada Räy", d110="The Agency", d116="© 2026", d37="20270301", d38="120000+0100"))
    assert (told.credit, told.rights) == ("Ada Räy / The Agency", "© 2026")
    assert told.expires_at == datetime(2027, 3, 1, 11, tzinfo=UTC)


def test_exif() -> None:
    exif = Image.Exif()
    exif[315], exif[33432] = "Ada Ray", "All rights reserved"
    told = told_by(jpeg(exif=exif))
    assert (told.credit, told.rights) == ("Ada Ray", "All rights reserved")


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # it says of each broken part that it is broken
@given(st.binary(max_size=400))
def test_whatever_stands_there_breaks_nothing(noise: bytes) -> None:
    told_by(noise)
    told_by(jpeg(xmp=noise or b" "))
    plain = jpeg()
    segment = b"Photoshop 3.0\x00" + noise
    told_by(plain[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + plain[2:])
    exif = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + noise
    told_by(plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:])


def test_an_entity_bomb_in_xmp_is_nothing() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>' + XMP.replace("Ada Ray", "&l8;")
    assert told_by(jpeg(xmp=bomb.encode())) == Told()


@pytest.mark.django_db
def test_the_desk_may_know_better(publication: SmallPublication, client: Client) -> None:
    client.force_login(SuperuserFactory())
    file = SimpleUploadedFile("ferry.jpg", jpeg(xmp=XMP.encode()))
    sent = {"title": "Ferry", "file": file, "tags": "", "credit": "Our own", "description": "", "rights": ""}
    assert client.post(reverse("wagtailimages:add"), sent).status_code == 302
    picture = Picture.objects.get()
    assert (picture.credit, picture.description) == ("Our own", "A ferry at dawn")
    assert picture.rights.startswith("© 2026")
    assert picture.rights_expire_at == datetime(2027, 3, 1, 11, tzinfo=UTC)
    edit = reverse("wagtailimages:edit", args=[picture.pk])
    html = client.get(edit).content.decode()
    assert "© 2026 The Agency" in html
    assert "media/focal-point.js" in html
    client.post(edit, {"title": "Ferry", "tags": "", "credit": "", "description": "A ferry", "rights": ""})
    picture.refresh_from_db()
    assert (picture.credit, picture.rights) == ("", "")  # what somebody emptied stays empty


@pytest.mark.django_db
def test_many_at_once_and_by_an_action(publication: SmallPublication, client: Client) -> None:
    client.force_login(SuperuserFactory())
    file = SimpleUploadedFile("ferry.jpg", jpeg(xmp=XMP.encode()))
    answer = client.post(reverse("wagtailimages:add_multiple"), {"title": "Ferry", "files[]": file})
    assert answer.json()["success"]
    assert Picture.objects.get().credit == "Ada Ray, Bo Lind / The Agency"
    assert add_picture(with_iim(d80="Bo"), "a.jpg", "A").credit == "Bo"
    assert add_picture(picture_bytes(), "b.jpg", "B", credit="Ours").credit == "Ours"
