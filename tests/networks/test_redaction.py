"""No secret survives redaction, and ordinary words do."""

import pytest

from postline.networks.redaction import redact

SECRETS = {
    "query": ("https://graph.facebook.com/me?access_token=EAABsecret&fields=id", "EAABsecret"),
    "form": ("client_secret=s3cr3t-value&code=AQDabc", "s3cr3t-value"),
    "authorization code": ("code=AQDabc1234", "AQDabc1234"),
    "json": ('{"refresh_token": "rft.abcdef123456"}', "rft.abcdef123456"),
    "bearer": ("Authorization: Bearer EAABwzLixnjYBO", "EAABwzLixnjYBO"),
    "oauth": ("Authorization: OAuth EAABwzLixnjYBO", "EAABwzLixnjYBO"),
    "proof": ("appsecret_proof=914b32b6b55876b4", "914b32b6b55876b4"),
    "bare Meta token": ("the token EAABwzLixnjYBO is old", "EAABwzLixnjYBO"),
    "bare TikTok token": ("the token act.example12345 is old", "act.example12345"),
    "upload address": ("https://open-upload.tiktokapis.com/video/?upload_id=67890&upload_token=Xza123", "Xza123"),
    "signed query of any name": ("https://bucket.example/a.jpg?X-Signature=abc123", "abc123"),
}


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_taken_out(text: str, secret: str) -> None:
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text", ["error code: 100", "The image is too large.", "(#4) Application request limit reached"]
)
def test_words_stay(text: str) -> None:
    assert redact(text) == text
