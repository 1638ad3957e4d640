"""The version in the path: served, served by an older one's heir, or unknown."""

import pytest

from postline.sandbox.meta.versions import served_by
from tests.sandbox.clients import Meta, Stage

IN_OCTOBER_2026 = 1_791_000_000.0
IN_FEBRUARY_2027 = 1_802_000_000.0

SERVED = {
    "the latest": ("v26.0", IN_OCTOBER_2026, "v26.0"),
    "one that is alive": ("v22.0", IN_OCTOBER_2026, "v22.0"),
    "one that has expired": ("v20.0", IN_OCTOBER_2026, "v21.0"),
    "one that expired long ago": ("v2.12", IN_OCTOBER_2026, "v21.0"),
    "one that expires later": ("v21.0", IN_FEBRUARY_2027, "v22.0"),
}


@pytest.mark.parametrize("name", SERVED)
def test_a_version_is_served(name: str) -> None:
    asked, now, version = SERVED[name]
    assert served_by(asked, now) == version


@pytest.mark.anyio
@pytest.mark.parametrize("version", ["v99.0", "v27.0", "v25.1", "v0.9", "v4.1"])
async def test_a_version_that_never_was_is_an_unknown_path(meta: Meta, version: str) -> None:
    reply = await meta.call("GET", f"/{version}/me")
    assert reply.error == (2500, None)
    assert reply.body["error"]["message"].startswith("Unknown path components")


@pytest.mark.anyio
async def test_the_answer_tells_which_version_served_it(stage: Stage, meta: Meta) -> None:
    stage.clock.now = IN_OCTOBER_2026
    headers = {"Authorization": f"Bearer {meta.page_token}"}

    async def version(path: str) -> str:
        reply = await meta.call("GET", path.format(page=meta.page), headers=headers)
        return reply.headers["facebook-api-version"]

    assert await version("/v19.0/{page}") == "v21.0"
    assert await version("/{page}") == "v26.0"
    await stage.control("POST", "settings", {"meta_default_version": "v24.0"})
    assert await version("/{page}") == "v24.0"
    assert await version("/v25.0/{page}?fields=nonsense") == "v25.0"


@pytest.mark.anyio
async def test_an_upload_address_names_the_version_that_serves(meta: Meta) -> None:
    started = await meta.post(f"{meta.page}/video_reels", upload_phase="start")
    assert "/video-upload/v26.0/" in started.body["upload_url"]
