"""What is sealed at rest: opened by the same purpose and key only, and what older versions sealed still opens."""

import base64
from typing import Any

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stoppress.accounts.adapters import SEALED_FOR, FactorAdapter
from stoppress.core.sealing import SealBrokenError, digest, seal, unseal


def test_only_the_same_purpose_and_key_open_a_seal(settings: Any) -> None:
    sealed = seal("nora@gazette.example", "tests.mail")
    assert "nora" not in sealed
    assert unseal(sealed, "tests.mail") == "nora@gazette.example"
    for purpose, key in (("tests.network", settings.SECRET_KEY), ("tests.mail", "another key")):
        settings.SECRET_KEY = key
        with pytest.raises(SealBrokenError):
            unseal(sealed, purpose)


@pytest.mark.parametrize("text", ["", "é", "not a token", "gAAAAA"])
def test_what_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(SealBrokenError):
        unseal(text, "tests.mail")


def test_a_digest_needs_the_key(settings: Any) -> None:
    made = digest("nora@gazette.example", "tests.mail")
    assert made == digest("nora@gazette.example", "tests.mail")
    assert made != digest("nora@gazette.example", "tests.network")
    settings.SECRET_KEY = "another key"
    assert made != digest("nora@gazette.example", "tests.mail")


def test_second_factors_of_older_versions_can_be_read(settings: Any) -> None:
    derived = HKDF(SHA256(), 32, None, b"stoppress.accounts.second-factors.1").derive(settings.SECRET_KEY.encode())
    sealed = Fernet(base64.urlsafe_b64encode(derived)).encrypt(b"JBSWY3DPEHPK3PXP").decode()
    assert FactorAdapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    assert unseal(FactorAdapter().encrypt("JBSWY3DPEHPK3PXP"), SEALED_FOR) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY = "another key"
    assert FactorAdapter().decrypt(sealed) != "JBSWY3DPEHPK3PXP"
