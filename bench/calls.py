"""The three calls of a photo post, made with the product's own HTTP client and nothing around it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Self

from bench.job import APP_SECRET, VERSION, Job, caption, token
from postline import log
from postline.networks.bodies import form_with_file
from postline.networks.http import Body, HttpClient
from postline.networks.meta.graph import appsecret_proof


@dataclass(frozen=True, slots=True)
class Calls:
    """Publishes posts of a job by their place. Raises RuntimeError for an answer that is none."""

    http: HttpClient
    job: Job
    photo: bytes

    @classmethod
    def over(cls, http: HttpClient, job: Job) -> Self:
        log.configure(job.log_level, as_json=False)
        return cls(http, job, job.photo.read_bytes())

    async def publish(self, place: int) -> None:
        page = self.job.page_id(place)
        access = token(page)
        signed = {"appsecret_proof": appsecret_proof(APP_SECRET, access)}
        form = form_with_file({"published": "false", **signed}, "source", self._file())
        photo = await self._call("POST", f"{page}/photos", access, body=form)
        media = [{"media_fbid": photo["id"]}]
        fields = {"message": caption(place), "published": True, "attached_media": media, **signed}
        post = await self._call("POST", f"{page}/feed", access, json=fields)
        await self._call("GET", post["id"], access, params={"fields": "permalink_url,created_time", **signed})

    def _file(self) -> Body:
        async def content() -> AsyncIterator[bytes]:
            yield self.photo

        return Body(content=content(), size_bytes=len(self.photo), content_type="image/jpeg")

    async def _call(self, method: str, path: str, access: str, **sent: Any) -> dict[str, Any]:
        url = f"{self.job.base_url}/{VERSION}/{path}"
        headers = {"Authorization": f"Bearer {access}"}
        answer = await self.http.call(method, url, network="Facebook", endpoint="bench", headers=headers, **sent)
        found = answer.json()
        if found is None or "id" not in found:
            raise RuntimeError(f"the stand-in answered {answer.status} to {method} {path}")
        return found
