"""TikTok's API host: finds the endpoint, checks token, scope and parameters, then runs it."""

from typing import Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.params import BadParam, check, unknown_names
from postline.sandbox.tiktok import display, oauth, photos, publish, uploads
from postline.sandbox.tiktok.errors import api_error, oauth_error, refuse, refuse_oauth

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"


class TikTok:
    network = "tiktok"

    def __init__(self) -> None:
        modules = (oauth, publish, photos, uploads, display)
        self.endpoints: tuple[Endpoint, ...] = tuple(each for module in modules for each in module.ENDPOINTS)
        self._routes = {(each.method, each.path): each for each in self.endpoints}

    def resolve(self, call: Call) -> Endpoint:
        path = call.path if call.path.endswith("/") else f"{call.path}/"
        found = self._routes.get((call.method, path))
        if found is None:
            raise refuse("invalid_params", f"Unsupported path {call.path}", 404)
        return found

    async def run(self, endpoint: Endpoint, call: Call) -> Answer:
        if endpoint.path.startswith("/upload/"):
            return await endpoint.handler(call)
        if endpoint.envelope is oauth_error:
            if call.body and not call.headers.get("Content-Type", "").startswith(FORM):
                raise refuse_oauth("invalid_request", f"The content type must be {FORM}")
            try:
                call.params = check(call.given, endpoint.params)
            except BadParam as bad:
                raise refuse_oauth("invalid_request", f"{bad.param.name} {bad}") from bad
            return await endpoint.handler(call)
        self._authenticate(endpoint, call)
        if call.method == "POST" and call.body and not call.headers.get("Content-Type", "").startswith(JSON):
            raise refuse("invalid_params", f"The content type must be {JSON}")
        if unknown := unknown_names(call.given, endpoint.params):
            raise refuse("invalid_params", f"Unknown field {unknown[0]}")
        try:
            call.params = check(call.given, endpoint.params)
        except BadParam as bad:
            raise refuse("invalid_params", f"{bad.param.name} {bad}") from bad
        return await endpoint.handler(call)

    def malformed(self, path: str, problem: str) -> Answer:
        """The answer to a body that cannot be read."""
        if path.startswith("/v2/oauth/"):
            return oauth_error({"code": "invalid_request", "message": problem})
        return api_error({"code": "invalid_params", "message": problem})

    def _authenticate(self, endpoint: Endpoint, call: Call) -> None:
        """A live access token with one of the scopes that the endpoint takes. Raises Refusal (401)."""
        token = call.world.tokens.get(call.bearer())
        if token is None or token.kind != "access" or token.ended or token.expires_at <= call.world.now():
            message = "The access token is invalid or not found in the request."
            raise refuse("access_token_invalid", message)
        if endpoint.scopes and not set(endpoint.scopes) & set(token.scopes):
            raise refuse("scope_not_authorized", "The user did not authorize the scope required for this request.")
        call.token = token
