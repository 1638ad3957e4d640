"""Who is calling Graph API, and may they? Tokens, the app secret proof, scopes, tasks, and the ids a token reaches."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from postline.sandbox.calls import Call, Refusal
from postline.sandbox.meta.errors import missing_object, refuse
from postline.sandbox.records import Page, Token
from postline.sandbox.settings import META_APP_NAME, META_APP_SECRET

TASKS: Final[Mapping[str, frozenset[str]]] = {
    "pages_manage_posts": frozenset({"CREATE_CONTENT"}),
    "pages_manage_engagement": frozenset({"MODERATE"}),
    "read_insights": frozenset({"ANALYZE"}),
    "instagram_content_publish": frozenset({"CREATE_CONTENT", "MANAGE"}),
    "instagram_manage_comments": frozenset({"MODERATE", "MANAGE"}),
    "instagram_manage_insights": frozenset({"ANALYZE", "MANAGE"}),
}
"""What a person must be allowed to do on the Page for a scope to be of use there: any one of these."""


def authenticate(call: Call, scheme: str = "Bearer") -> Token:
    """The live token of a call, from its header or `access_token`. Raises Refusal (2500, 190 and its subcodes)."""
    value = call.bearer(scheme) or str(call.given.get("access_token", ""))
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
    if token.kind == "page" and not has_role(call, token.person_id, token.page_id):
        return refuse(190, f"{prefix} The user must be an administrator of the page.", 492)
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


def check_scopes(call: Call, scopes: tuple[str, ...], network: str, page: Page | None) -> None:
    """Raises Refusal where a scope or its task on the Page is lacking: 200 on Facebook, 10 on Instagram.

    Instagram's scopes end with the person's data access, 90 days after they last logged in; Pages' scopes do not.
    Source: https://developers.facebook.com/documentation/facebook-login/guides/auth-vs-data, read 2026-11-24. With
    which code a call then fails is not documented; here with that of a permission that is gone.
    """
    token = call.caller
    lacking = [scope for scope in scopes if scope not in token.scopes]
    if network == "instagram":
        if lacking or token.issued_at + call.world.settings.meta_data_access_seconds <= call.world.now():
            raise refuse(10, "(#10) Application does not have permission for this action", status=403)
    elif lacking:
        raise refuse(200, f"(#200) Requires {', '.join(lacking)} permission to manage the object", status=403)
    for needed in (TASKS[scope] for scope in scopes if scope in TASKS):
        if page is not None and not needed & set(page.tasks):
            code, tasks = 10 if network == "instagram" else 200, " or ".join(sorted(needed))
            raise refuse(code, f"(#{code}) The user does not have the task {tasks} on this Page", status=403)


def has_role(call: Call, person_id: str, page_id: str) -> bool:
    """Whether a person has a role on a Page, by themselves or through a Business portfolio."""
    person = call.world.meta_users.get(person_id)
    if person is not None and page_id in person.page_ids:
        return True
    return any(
        person_id in each.person_ids and page_id in (*each.owned_page_ids, *each.client_page_ids)
        for each in call.world.businesses
    )


def reaches_page(call: Call, token: Token, page_id: str) -> bool:
    """A token reaches the Pages that it was granted for and, with business_management, those of portfolios."""
    if token.kind == "page":
        return token.page_id == page_id
    if page_id in token.page_ids:
        return True
    return "business_management" in token.scopes and has_role(call, token.person_id, page_id)


def check_reach(call: Call, page_id: str, object_id: str) -> None:
    """Raises Refusal (100/33) for what a token does not reach."""
    if not reaches_page(call, call.caller, page_id):
        raise missing_object(object_id, call.method.lower())


def require_page_token(call: Call) -> None:
    """Publishing to a Page takes the Page's own token. Raises Refusal (200)."""
    if call.caller.kind != "page":
        raise refuse(
            200,
            "(#200) Publishing to a Page requires a Page access token of a person with CREATE_CONTENT on it.",
            status=403,
        )
