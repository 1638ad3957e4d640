"""The person who logged in, their permissions, and the Pages and Instagram accounts that they granted."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.meta.errors import graph_error, missing_object, refuse
from postline.sandbox.meta.fields import Field, Maker, paged, parse_fields, select
from postline.sandbox.meta.webhooks import permissions_revoked
from postline.sandbox.params import Param
from postline.sandbox.records import Business, InstagramAccount, Page, Token
from postline.sandbox.removals import leave_meta
from postline.sandbox.world import World


async def me(call: Call) -> Answer:
    """The token's owner: a person or, for a Page token, the Page."""
    token = call.caller
    wanted = parse_fields(call.params["fields"])
    if token.kind == "page":
        return Answer(body=select("Page", page_fields(call, call.world.pages[token.page_id]), wanted, token.page_id))
    person = call.world.meta_users[token.person_id]
    makers: Mapping[str, Maker] = {
        "name": lambda _: person.name,
        "picture": lambda _: picture(call, person.id),
        "first_name": lambda _: person.name.split()[0],
        "last_name": lambda _: person.name.split()[-1],
    }
    return Answer(body=select("User", makers, wanted, person.id))


async def accounts(call: Call) -> Answer:
    """The granted Pages, each with its own token."""
    token = _user_token(call)
    wanted = parse_fields(call.params["fields"])
    pages = [page for page_id in token.page_ids if (page := call.world.pages.get(page_id))]
    return Answer(body=paged(call, pages, lambda page: select("Page", page_fields(call, page), wanted, page.id)))


async def businesses(call: Call) -> Answer:
    """The person's Business portfolios."""
    token = _user_token(call)
    wanted = parse_fields(call.params["fields"])
    rows = [each for each in call.world.businesses if token.person_id in each.person_ids]
    return Answer(body=paged(call, rows, lambda row: select("Business", _business_fields(row), wanted, row.id)))


async def business(call: Call) -> Answer:
    found = _business(call)
    return Answer(body=select("Business", _business_fields(found), parse_fields(call.params["fields"]), found.id))


async def owned_pages(call: Call) -> Answer:
    return _business_pages(call, _business(call).owned_page_ids)


async def client_pages(call: Call) -> Answer:
    return _business_pages(call, _business(call).client_page_ids)


def _business(call: Call) -> Business:
    found = call.world.businesses[call.node]
    if call.caller.kind != "user" or call.caller.person_id not in found.person_ids:
        raise missing_object(call.node)
    return found


def _business_fields(found: Business) -> Mapping[str, Maker]:
    return {"name": lambda _: found.name}


def _business_pages(call: Call, page_ids: tuple[str, ...]) -> Answer:
    wanted = parse_fields(call.params["fields"])
    pages = [page for page_id in page_ids if (page := call.world.pages.get(page_id))]
    return Answer(body=paged(call, pages, lambda page: select("Page", page_fields(call, page), wanted, page.id)))


async def permissions(call: Call) -> Answer:
    """What was asked for and granted or declined, all or one."""
    token, name, status = _user_token(call), call.params["permission"], call.params["status"]
    rows = [{"permission": scope, "status": "granted"} for scope in token.scopes]
    rows += [{"permission": scope, "status": "declined"} for scope in token.declined]
    kept = [row for row in rows if name in (None, row["permission"]) and status in (None, row["status"])]
    return Answer(body={"data": kept})


async def revoke(call: Call) -> Answer:
    """Take one permission from all tokens of the person, or end them all."""
    token, world = _user_token(call), call.world
    theirs = [each for each in world.tokens if each.kind in ("user", "page") and each.person_id == token.person_id]
    if permission := call.params["permission"]:
        for each in theirs:
            world.tokens.put(replace(each, scopes=tuple(scope for scope in each.scopes if scope != permission)))
        permissions_revoked(call.sandbox, token.person_id, [permission], token.page_ids)
    else:
        leave_meta(call.sandbox, token.person_id)
    return Answer(body={"success": True})


async def page(call: Call) -> Answer:
    found = call.world.pages[call.node]
    return Answer(body=select("Page", page_fields(call, found), parse_fields(call.params["fields"]), found.id))


async def instagram_account(call: Call) -> Answer:
    account = call.world.instagram[call.node]
    return Answer(body=select("IGUser", account_fields(call, account), parse_fields(call.params["fields"]), account.id))


def page_fields(call: Call, page: Page) -> Mapping[str, Maker]:
    def linked(field: Field) -> dict[str, Any] | None:
        account = call.world.instagram.get(page.instagram_id)
        return select("IGUser", account_fields(call, account), field.inner, account.id) if account else None

    return {
        "name": lambda _: page.name,
        "username": lambda _: page.username,
        "category": lambda _: page.category,
        "category_list": lambda _: [{"id": "197871390225897", "name": page.category}],
        "tasks": lambda _: list(page.tasks),
        "followers_count": lambda _: page.followers,
        "fan_count": lambda _: page.followers,
        "link": lambda _: f"{call.base_url}/sandbox#{page.id}",
        "picture": lambda _: picture(call, page.id),
        "access_token": lambda _: page_token(call, page),
        "location": lambda _: place(page),
        "instagram_business_account": linked,
        "connected_instagram_account": linked,
    }


def account_fields(call: Call, account: InstagramAccount) -> Mapping[str, Maker]:
    return {
        "username": lambda _: account.username,
        "name": lambda _: account.name,
        "profile_picture_url": lambda _: f"{call.base_url}/sandbox/avatar/{account.id}.svg",
        "followers_count": lambda _: account.followers,
        "follows_count": lambda _: account.followers // 20,
        "media_count": lambda _: sum(map(call.world.is_live, call.world.posts_of(account.id))),
    }


def place(page: Page) -> dict[str, Any] | None:
    """Where a Page is, if it is somewhere."""
    return {"city": page.city, "latitude": page.latitude, "longitude": page.longitude} if page.city else None


def place_of(world: World, page_id: str) -> dict[str, Any] | None:
    """The place that a post names by a Page's id."""
    page = world.pages.get(page_id)
    return {"id": page.id, "name": page.name, "location": place(page)} if page else None


def picture(call: Call, profile_id: str) -> dict[str, Any]:
    return {"data": {"url": f"{call.base_url}/sandbox/avatar/{profile_id}.svg", "is_silhouette": False}}


def page_token(call: Call, page: Page) -> str:
    """The Page's token that belongs to the calling token: without an end if that one is long-lived."""
    token = call.caller
    if token.kind == "page":
        return token.id
    value = "EAAP" + hashlib.sha256(f"{token.id}/{page.id}".encode()).hexdigest()[:48]
    if call.world.tokens.get(value) is None:
        call.world.tokens.put(
            replace(
                token,
                id=value,
                kind="page",
                page_id=page.id,
                page_ids=(page.id,),
                expires_at=0 if token.long_lived else token.expires_at,
            )
        )
    return value


def _user_token(call: Call) -> Token:
    token = call.caller
    if token.kind != "user":
        raise refuse(100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)")
    return token


NAME_ONLY = (Param("fields", default="id,name"),)
LIST = "access_token,category,category_list,name,id,tasks"
IN_BUSINESS = ("business_management",)

ENDPOINTS = (
    Endpoint(name="meta.me", method="GET", path="/me", handler=me, envelope=graph_error, params=NAME_ONLY),
    Endpoint(
        name="meta.accounts",
        method="GET",
        path="/me/accounts",
        handler=accounts,
        envelope=graph_error,
        params=(Param("fields", default=LIST),),
        scopes=("pages_show_list",),
    ),
    *(
        Endpoint(
            name=name, method="GET", path=path, handler=handler, envelope=graph_error, params=params, scopes=IN_BUSINESS
        )
        for name, path, handler, params in (
            ("meta.businesses", "/me/businesses", businesses, NAME_ONLY),
            ("meta.business", "/{business}", business, NAME_ONLY),
            ("meta.owned_pages", "/{business}/owned_pages", owned_pages, (Param("fields", default=LIST),)),
            ("meta.client_pages", "/{business}/client_pages", client_pages, (Param("fields", default=LIST),)),
        )
    ),
    Endpoint(
        name="meta.permissions",
        method="GET",
        path="/me/permissions",
        handler=permissions,
        envelope=graph_error,
        params=(Param("permission"), Param("status", choices=("granted", "declined", "expired"))),
    ),
    Endpoint(
        name="meta.revoke",
        method="DELETE",
        path="/me/permissions",
        handler=revoke,
        envelope=graph_error,
        params=(Param("permission"),),
    ),
    Endpoint(name="facebook.page", method="GET", path="/{page}", handler=page, envelope=graph_error, params=NAME_ONLY),
    Endpoint(
        name="instagram.account",
        method="GET",
        path="/{instagram}",
        handler=instagram_account,
        envelope=graph_error,
        params=(Param("fields", default="id"),),
        scopes=("instagram_basic",),
    ),
)
