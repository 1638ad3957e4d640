"""TikTok's API host: finds the endpoint, checks token, scope and parameters, then runs it."""

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.params import BadParam, check
from postline.sandbox.tiktok import display, oauth, photos, publish, uploads
from postline.sandbox.tiktok.errors import oauth_error, refuse, refuse_oauth


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
            try:
                call.params = check(call.given, endpoint.params)
            except BadParam as bad:
                raise refuse_oauth("invalid_request", f"{bad.param.name} {bad}") from bad
            return await endpoint.handler(call)
        self._authenticate(endpoint, call)
        try:
            call.params = check(call.given, endpoint.params)
        except BadParam as bad:
            raise refuse("invalid_params", f"{bad.param.name} {bad}") from bad
        return await endpoint.handler(call)

    def _authenticate(self, endpoint: Endpoint, call: Call) -> None:
        """A live access token with one of the scopes that the endpoint takes. Raises Refusal (401)."""
        token = call.world.tokens.get(call.bearer())
        if token is None or token.kind != "access" or token.ended or token.expires_at <= call.world.now():
            message = "The access token is invalid or not found in the request."
            raise refuse("access_token_invalid", message)
        if endpoint.scopes and not set(endpoint.scopes) & set(token.scopes):
            raise refuse("scope_not_authorized", "The user did not authorize the scope required for this request.")
        call.token = token
