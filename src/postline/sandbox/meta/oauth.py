"""Facebook Login: the dialog, code exchange, long-lived tokens, debug_token.

For tests the dialog needs no browser: `&sandbox_auto=1` on its URL redirects at once with a code
(`sandbox_auto=cancel`: as if cancelled); `sandbox_user`, `sandbox_pages` (comma list) and `sandbox_decline` (comma list
of scopes) choose, the default being the first person, all of their Pages and all scopes. The page's form posts to the
same address: `decision` (continue, cancel), `sandbox_user`, `sandbox_pages` and `sandbox_scope` (those ticked).

Source: https://developers.facebook.com/documentation/facebook-login/guides/advanced/manual-flow, read 2026-11-24.
"""

from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from postline.sandbox.calls import Answer, Call, Refusal, redirect
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.meta.access import authenticate, token_problem
from postline.sandbox.meta.errors import graph_error, refuse
from postline.sandbox.pages.consent import consent_page, problem_page
from postline.sandbox.params import Param
from postline.sandbox.records import Code, MetaUser, Token
from postline.sandbox.redirects import is_loopback, with_query
from postline.sandbox.settings import META_APP_ID, META_APP_NAME, META_APP_SECRET

APP_TOKEN: Final = f"{META_APP_ID}|{META_APP_SECRET}"


async def dialog(call: Call) -> Answer:
    """Show the consent page, or answer at once for `sandbox_auto`."""
    given = call.given
    redirect_uri = str(given.get("redirect_uri", ""))
    if given.get("client_id") != META_APP_ID:
        return problem_page("Facebook", "Invalid App ID", "The provided app ID does not look like a valid app ID.")
    if not is_loopback(redirect_uri):
        return problem_page("Facebook", "URL blocked", "This redirect URI is not registered with the app.")
    if not given.get("state"):
        return problem_page("Facebook", "Invalid request", "The parameter state is required.")
    people = list(call.world.meta_users)
    if call.method == "GET" and not given.get("sandbox_auto"):
        wanted = str(given.get("sandbox_user", ""))
        person = call.world.meta_users.get(wanted) or people[0]
        pages = [page for page_id in person.page_ids if (page := call.world.pages.get(page_id))]
        hidden = {name: str(value) for name, value in given.items() if not name.startswith("sandbox_")}
        others = [
            (other.name, f"{call.path}?{urlencode({**hidden, 'sandbox_user': other.id})}")
            for other in people
            if other.id != person.id
        ]
        return consent_page(
            network="Facebook",
            person=person.name,
            person_id=person.id,
            app=META_APP_NAME,
            scopes=_scopes(given),
            choices=[
                (page.id, page.name, _linked(call, page.instagram_id), f"{call.base_url}/sandbox/avatar/{page.id}.svg")
                for page in pages
            ],
            hidden=hidden,
            others=others,
        )
    return _decide(call, redirect_uri, people)


def _linked(call: Call, instagram_id: str) -> str:
    account = call.world.instagram.get(instagram_id)
    return f"with Instagram @{account.username}" if account else "no Instagram account linked"


def _scopes(given: dict[str, Any]) -> list[str]:
    return [scope for scope in str(given.get("scope", "public_profile")).replace(" ", ",").split(",") if scope]


def _decide(call: Call, redirect_uri: str, people: list[MetaUser]) -> Answer:
    given, state = call.given, str(call.given["state"])
    if "cancel" in (given.get("decision"), given.get("sandbox_auto")):
        location = with_query(
            redirect_uri,
            error="access_denied",
            error_code="200",
            error_description="Permissions error",
            error_reason="user_denied",
            state=state,
        )
        return redirect(location)
    person = call.world.meta_users.get(str(given.get("sandbox_user", ""))) or people[0]
    pages = given.get("sandbox_pages")
    if pages is None:
        chosen = () if call.method == "POST" else person.page_ids
    else:
        listed = pages if isinstance(pages, list) else str(pages).split(",")
        chosen = tuple(page_id for page_id in person.page_ids if page_id in listed)
    declined = set(str(given.get("sandbox_decline", "")).split(","))
    if call.method == "POST":
        kept = given.get("sandbox_scope", [])
        declined = set(_scopes(given)) - set(kept if isinstance(kept, list) else [kept])
    code = call.world.codes.put(
        Code(
            id=call.world.new_secret("AQ"),
            network="meta",
            person_id=person.id,
            scopes=tuple(scope for scope in _scopes(given) if scope not in declined),
            page_ids=chosen,
            redirect_uri=redirect_uri,
            declined=tuple(sorted(declined - {""})),
            created_at=call.world.now(),
        )
    )
    return redirect(with_query(redirect_uri, code=code.id, state=state))


async def access_token(call: Call) -> Answer:
    """Exchange a code, or a short-lived token for a long-lived one."""
    if call.params["client_id"] != META_APP_ID:
        raise refuse(101, "Error validating application. Cannot get application info due to a system error.")
    if call.params["client_secret"] != META_APP_SECRET:
        raise refuse(1, "Error validating client secret.", is_transient=False)
    match call.params["grant_type"]:
        case "fb_exchange_token":
            token = _exchange_token(call)
        case "client_credentials":
            return Answer(body={"access_token": APP_TOKEN, "token_type": "bearer"})
        case _:
            token = _exchange_code(call)
    lifetime = int(token.expires_at - call.world.now())
    return Answer(body={"access_token": token.id, "token_type": "bearer", "expires_in": lifetime})


def _exchange_code(call: Call) -> Token:
    world, value = call.world, call.params["code"]
    if not value:
        raise refuse(100, "Missing authorization code")
    code = world.codes.get(value)
    if code is None or code.network != "meta":
        raise refuse(100, "Invalid verification code format.")
    if code.used:
        raise refuse(100, "This authorization code has been used.", 36009)
    if code.created_at + world.settings.meta_code_seconds <= world.now():
        raise refuse(100, "This authorization code has expired.", 36007)
    if code.redirect_uri != call.params["redirect_uri"]:
        message = (
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used"
        )
        raise refuse(100, f"{message} in the OAuth dialog request", 36008)
    world.codes.put(replace(code, used=True))
    return world.tokens.put(
        Token(
            id=world.new_secret("EAAS"),
            kind="user",
            person_id=code.person_id,
            scopes=code.scopes,
            declined=code.declined,
            page_ids=code.page_ids,
            issued_at=world.now(),
            expires_at=world.now() + world.settings.meta_short_token_seconds,
        )
    )


def _exchange_token(call: Call) -> Token:
    world = call.world
    token = world.tokens.get(call.params["fb_exchange_token"] or "")
    if token is None or token.kind != "user":
        raise refuse(190, "Invalid OAuth access token - Cannot parse access token")
    if problem := token_problem(call, token):
        raise problem
    longer = replace(
        token,
        id=world.new_secret("EAAL"),
        long_lived=True,
        issued_at=world.now(),
        expires_at=world.now() + world.settings.meta_long_token_seconds,
    )
    return world.tokens.put(longer)


async def debug_token(call: Call) -> Answer:
    """Tell about a token. Asked with the app's token or with a user token of the app."""
    asker = call.bearer() or str(call.given.get("access_token", ""))
    if asker != APP_TOKEN:
        authenticate(call)
    if call.params["input_token"] == APP_TOKEN:
        app = {"app_id": META_APP_ID, "type": "APP", "application": META_APP_NAME, "is_valid": True, "scopes": []}
        return Answer(body={"data": app})
    token = call.world.tokens.get(call.params["input_token"])
    if token is None or token.kind not in ("user", "page"):
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return Answer(body={"data": {"error": error, "is_valid": False, "scopes": []}})
    problem = token_problem(call, token)
    reached = [token.page_id] if token.kind == "page" else list(token.page_ids)
    accounts = [
        page.instagram_id for page_id in reached if (page := call.world.pages.get(page_id)) and page.instagram_id
    ]
    data: dict[str, Any] = {
        "app_id": META_APP_ID,
        "type": token.kind.upper(),
        "application": META_APP_NAME,
        "data_access_expires_at": int(token.issued_at + call.world.settings.meta_data_access_seconds),
        "expires_at": int(token.expires_at),
        "is_valid": problem is None,
        "issued_at": int(token.issued_at),
        "scopes": list(token.scopes),
        "granular_scopes": [
            {"scope": scope, "target_ids": accounts if scope.startswith("instagram") else reached}
            for scope in token.scopes
            if scope.startswith(("instagram", "pages", "read_insights"))
        ],
        "user_id": token.person_id,
    }
    if token.kind == "page":
        data["profile_id"] = token.page_id
    if problem is not None:
        data["error"] = _debug_error(problem)
    return Answer(body={"data": data})


def _debug_error(problem: Refusal) -> dict[str, Any]:
    error = problem.answer.body["error"]
    return {"code": error["code"], "message": error["message"], "subcode": error.get("error_subcode", 0)}


TOKEN_PARAMS = (
    Param("client_id", required=True),
    Param("client_secret", required=True),
    Param("grant_type", default="authorization_code"),
    Param("code"),
    Param("redirect_uri"),
    Param("fb_exchange_token"),
)

ENDPOINTS = (
    Endpoint(name="meta.oauth.dialog", method="GET", path="/dialog/oauth", handler=dialog, envelope=graph_error),
    Endpoint(name="meta.oauth.consent", method="POST", path="/dialog/oauth", handler=dialog, envelope=graph_error),
    *(
        Endpoint(
            name="meta.oauth.access_token",
            method=method,
            path="/oauth/access_token",
            handler=access_token,
            envelope=graph_error,
            params=TOKEN_PARAMS,
        )
        for method in ("GET", "POST")
    ),
    Endpoint(
        name="meta.debug_token",
        method="GET",
        path="/debug_token",
        handler=debug_token,
        envelope=graph_error,
        params=(Param("input_token", required=True),),
    ),
)
