"""Graph API conventions: proofs, usage headers, uploads to the right host only."""

from datetime import timedelta

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.bodies import file_body
from postline.networks.http import HttpClient
from postline.networks.meta.graph import Graph, Usage, appsecret_proof, read_usage
from postline.networks.registry import MetaApp
from tests.networks.support import Bytes

pytestmark = pytest.mark.anyio


def test_the_proof_matches_the_known_vector() -> None:
    proof = "914b32b6b55876b4b399e5142dc56b43cd63536c5e79b4f06794e4c30e6b9175"
    assert appsecret_proof("app-secret-0123456789abcdef", "EAAB-test-token") == proof


USAGE = {
    "none": ({}, None),
    "app": ({"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":95}'}, Usage(95, None)),
    "business, the highest of all entries": (
        {
            "X-Business-Use-Case-Usage": '{"1":[{"type":"pages","call_count":97,"total_cputime":23,"total_time":23,'
            '"estimated_time_to_regain_access":0}],"2":[{"type":"instagram","call_count":208,'
            '"estimated_time_to_regain_access":12}]}'
        },
        Usage(208, timedelta(minutes=12)),
    ),
    "not JSON": ({"X-App-Usage": "x"}, None),
}


@pytest.mark.parametrize(("headers", "usage"), USAGE.values(), ids=USAGE)
def test_usage_is_read_from_whichever_header_came(headers: dict[str, str], usage: Usage | None) -> None:
    assert read_usage(headers) == usage


async def test_a_token_is_sent_to_no_foreign_upload_address() -> None:
    media = Bytes()
    item = media.add(b"x" * 10, "video/mp4")
    graph = Graph(HttpClient(), MetaApp(app_id="1", app_secret="s", upload_url="https://rupload.facebook.com"), "Meta")
    with pytest.raises(NetworkError) as caught:
        await graph.upload("test", "https://evil.example/video-upload/1", "EAAB", file_body(media, item))
    assert (caught.value.kind, caught.value.code) == (ErrorKind.TRANSIENT, "foreign_upload_url")


def test_an_app_does_not_show_its_secret() -> None:
    assert "s3cr3t" not in repr(MetaApp(app_id="1", app_secret="s3cr3t"))
