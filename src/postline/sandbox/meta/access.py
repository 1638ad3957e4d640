"""Who is calling Graph API, and may they? Tokens, the app secret proof, scopes, and the ids a token reaches."""

import hashlib
import hmac
from datetime import UTC, datetime

from postline.sandbox.calls import Call, Refusal
from postline.sandbox.meta.errors import missing_object, refuse
from postline.sandbox.records import Token
from postline.sandbox.settings import META_APP_NAME, META_APP_SECRET


def authenticate(call: Call) -> Token:
    """The live token of a call, from its header or `access_token`. Raises Refusal (2500, 190 and its subcodes)."""
    value = call.bearer() or str(call.given.get("access_token", ""))
    if not value:
        raise refuse(2500, "An active access token must be used to query information about the current user.")
    token = call.world.tokens.get(value)
    if token is None or token.kind not in ("user", "page"):
        raise refuse(190, "Invalid OAuth access token - Cannot parse access token")
    if problem := token_problem(call, token):
        raise problem
    _check_proof(call, value)
    return token


def token_problem(call: Call, token: Token) -> Refusal | None:
    """Why a known token is dead, if it is."""
    prefix = "Error validating access token:"
    if token.ended == "password":
        return refuse(190, f"{prefix} The session has been invalidated because the user changed their password.", 460)
    if token.ended:
        return refuse(190, f"{prefix} The user has not authorized application {META_APP_NAME}.", 458)
    if token.expires_at and token.expires_at <= call.world.now():
        when = datetime.fromtimestamp(token.expires_at, UTC).strftime("%A, %d-%b-%y %H:%M:%S UTC")
        return refuse(190, f"{prefix} Session has expired on {when}.", 463)
    return None


def _check_proof(call: Call, token: str) -> None:
    sent = call.given.get("appsecret_proof")
    if sent is None:
        if call.world.settings.require_appsecret_proof:
            raise refuse(
                100, "API calls from the server require an appsecret_proof argument", type="GraphMethodException"
            )
        return
    right = hmac.new(META_APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right, str(sent)):
        raise refuse(100, "Invalid appsecret_proof provided in the API argument", type="GraphMethodException")


def check_scopes(token: Token, scopes: tuple[str, ...], network: str) -> None:
    """Raises Refusal: 200 on Facebook, 10 on Instagram."""
    lacking = [scope for scope in scopes if scope not in token.scopes]
    if not lacking:
        return
    if network == "instagram":
        raise refuse(10, "(#10) Application does not have permission for this action", status=403)
    raise refuse(200, f"(#200) Requires {', '.join(lacking)} permission to manage the object", status=403)


def reaches_page(token: Token, page_id: str) -> bool:
    return token.page_id == page_id if token.kind == "page" else page_id in token.page_ids


def check_reach(call: Call, page_id: str, object_id: str) -> None:
    """A token reaches only the Pages it was granted for. Raises Refusal (100/33)."""
    if not reaches_page(call.caller, page_id):
        raise missing_object(object_id, call.method.lower())


def require_page_token(call: Call) -> None:
    """Publishing to a Page takes the Page's own token. Raises Refusal (200)."""
    if call.caller.kind != "page":
        raise refuse(
            200,
            "(#200) Publishing to a Page requires a Page access token of a person with CREATE_CONTENT on it.",
            status=403,
        )
