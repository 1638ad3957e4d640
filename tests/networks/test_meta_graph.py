"""Graph API conventions: proofs, and uploads to the right host only."""

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.bodies import file_body
from postline.networks.http import HttpClient
from postline.networks.meta.graph import Graph, appsecret_proof
from postline.networks.registry import MetaApp
from tests.networks.support import Bytes

pytestmark = pytest.mark.anyio


def test_the_proof_matches_the_known_vector() -> None:
    proof = "914b32b6b55876b4b399e5142dc56b43cd63536c5e79b4f06794e4c30e6b9175"
    assert appsecret_proof("app-secret-0123456789abcdef", "EAAB-test-token") == proof


async def test_a_token_is_sent_to_no_foreign_upload_address() -> None:
    media = Bytes()
    item = media.add(b"x" * 10, "video/mp4")
    graph = Graph(HttpClient(), MetaApp(app_id="1", app_secret="s", upload_url="https://rupload.facebook.com"), "Meta")
    with pytest.raises(NetworkError) as caught:
        await graph.upload("test", "https://evil.example/video-upload/1", "EAAB", file_body(media, item))
    assert (caught.value.kind, caught.value.code) == (ErrorKind.TRANSIENT, "foreign_upload_url")


def test_an_app_does_not_show_its_secret() -> None:
    assert "s3cr3t" not in repr(MetaApp(app_id="1", app_secret="s3cr3t"))
