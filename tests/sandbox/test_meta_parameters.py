"""Parameters of Graph API: held against Meta's own specification, and refused in its own envelope."""

import json
from pathlib import Path
from typing import Any

import pytest

from postline.sandbox.meta.graph import Graph, routes_of
from postline.sandbox.meta.parameters import COUNT_MAX, DOCUMENTED, EVERYWHERE, KNOWN, LISTS, NEWER, SPECIFIED, Route
from postline.sandbox.meta.subscriptions import PAGE_FIELDS
from postline.sandbox.params import Param
from tests.sandbox.clients import Meta, Reply, Stage

SPECS = Path(__file__).parents[3] / "shared" / "specs" / "meta" / "specs"
NODES = {
    "page": "Page",
    "post": "PagePost",
    "photo": "Photo",
    "video": "AdVideo",
    "comment": "Comment",
    "instagram": "IGUser",
    "media": "IGMedia",
    "container": "ShadowIGMediaBuilder",
    "reply": "IGComment",
    "me": "User",
    "business": "Business",
    "app": "Application",
}
ON_NODE = {"GET": "#get", "POST": "#update", "DELETE": "#delete"}
KINDS = {
    "string": "text",
    "bool": "flag",
    "int": "int",
    "float": "float",
    "datetime": "time",
    "Object": "json",
    "map": "object",
    "file": "file",
}
CHOICES_MAX = 20
"""Longer lists of choices are left to those endpoints that read them."""

ROUTES = sorted({route for endpoint in Graph().endpoints for route in routes_of(endpoint)})

needs_specs = pytest.mark.skipif(not SPECS.is_dir(), reason=f"Meta's specification is not at {SPECS}")


def specification(name: str) -> Any:
    return json.loads((SPECS / f"{name}.json").read_text("utf-8"))


def specified(route: Route) -> dict[str, str]:
    """A route's parameters by the official specification, as {name: type}."""
    method, kind, edge = route
    for api in specification(NODES[kind])["apis"]:
        if api["method"] == method and (api.get("endpoint") or api.get("name")) == (edge or ON_NODE[method]):
            return {param["name"]: param["type"] for param in api["params"]}
    raise LookupError(route)


def as_param(name: str, kind: str) -> Param:
    choices = {each["name"]: each["values"] for each in specification("enum_types")}
    if kind in choices:
        few = choices[kind] if len(choices[kind]) <= CHOICES_MAX else ()
        return Param(name, choices=tuple(map(str, few)))
    if kind.startswith("list"):
        return Param(name, "list")
    if kind == "unsigned int":
        return Param(name, "int", low=0, high=COUNT_MAX)
    return Param(name, KINDS.get(kind, "text"))


@needs_specs
@pytest.mark.parametrize("route", SPECIFIED, ids=" ".join)
def test_a_table_says_what_the_official_specification_says(route: Route) -> None:
    assert SPECIFIED[route] == {name: as_param(name, kind) for name, kind in specified(route).items()}


@pytest.mark.parametrize("route", NEWER, ids=" ".join)
def test_what_the_sdk_adds_is_not_in_the_specification(route: Route) -> None:
    assert set(NEWER[route]) & set(SPECIFIED.get(route, ())) == set()


@pytest.mark.parametrize("route", KNOWN, ids=" ".join)
def test_a_table_belongs_to_an_edge_that_is_served(route: Route) -> None:
    assert route in ROUTES


def taken(route: Route) -> set[str]:
    """The names that the endpoints of a route read."""
    found = [each for each in Graph().endpoints if route in routes_of(each)]
    return {param.name for endpoint in found for param in endpoint.params}


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_a_parameter_that_is_read_is_specified_or_documented_elsewhere(route: Route) -> None:
    known = {*KNOWN.get(route, ()), *DOCUMENTED.get(route, ()), *EVERYWHERE, *LISTS}
    assert taken(route) - known == set()


@pytest.mark.parametrize("route", DOCUMENTED, ids=" ".join)
def test_what_other_documents_add_is_not_in_the_specification(route: Route) -> None:
    assert set(DOCUMENTED[route]) & set(KNOWN.get(route, ())) == set()
    assert all(source.startswith("https://developers.facebook.com/") for source in DOCUMENTED[route].values())


@needs_specs
def test_a_page_subscribes_to_fields_of_the_specification() -> None:
    lists = {each["name"]: each["values"] for each in specification("enum_types")}
    assert set(lists["pagesubscribed_apps_subscribed_fields_enum_param"]) >= PAGE_FIELDS


REFUSED: dict[str, tuple[str, dict[str, str], str]] = {
    "a name that is none": ("feed", {"message": "a", "mesage": "b"}, "(#100) Unknown parameter: mesage"),
    "a name of another edge": ("feed", {"message": "a", "photo_id": "1"}, "(#100) Unknown parameter: photo_id"),
    "no photo": ("photo_stories", {}, "(#100) The parameter photo_id is required"),
    "a word for a boolean": ("feed", {"message": "a", "published": "yes"}, "(#100) Param published must be a boolean"),
    "a text for an object": ("feed", {"message": "a", "targeting": "DE"}, "(#100) Param targeting must be an object"),
    "a text for an array": ("feed", {"message": "a", "ref": "DE"}, "(#100) Param ref must be an array."),
    "a word for a number": ("feed", {"message": "a", "height": "tall"}, "(#100) Param height must be an integer"),
    "a number below zero": ("feed", {"message": "a", "height": "-1"}, "(#100) Param height must be between 0 and"),
    "a word for a time": (
        "feed",
        {"message": "a", "backdated_time": "today"},
        "(#100) Param backdated_time must be a valid time",
    ),
    "no choice of the specification": (
        "feed",
        {"message": "a", "formatting": "HTML"},
        "(#100) Param formatting must be one of {MARKDOWN, PLAINTEXT}",
    ),
    "a text for a file": ("photos", {"source": "abc"}, "(#100) Param source must be uploaded as a file"),
    "a phase that is none": (
        "video_reels",
        {"upload_phase": "middle"},
        "(#100) Param upload_phase must be one of {FINISH, START}",
    ),
}


@pytest.mark.anyio
@pytest.mark.parametrize("name", REFUSED)
async def test_a_call_is_refused_for(stage: Stage, meta: Meta, name: str) -> None:
    edge, params, message = REFUSED[name]
    reply = await meta.post(f"{meta.page}/{edge}", **params)
    assert (reply.status, reply.error) == (400, (100, None))
    assert reply.body["error"]["message"].startswith(message)
    assert reply.body["error"]["type"] == "OAuthException"
    assert await stage.live() == []


@pytest.mark.anyio
async def test_a_read_refuses_a_name_that_is_none_but_takes_paging(meta: Meta) -> None:
    def ask(**params: Any) -> Any:
        return meta.get(f"{meta.page}/published_posts", **params)

    assert (await ask(limit=5, since=1)).status == 200
    assert (await ask(fields="id", pretty=1, debug="all", metadata=1)).status == 200
    assert (await ask(limits=5)).error == (100, None)


@pytest.mark.anyio
async def test_a_lenient_sandbox_ignores_what_it_does_not_know_as_the_network_does(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"meta_ignores_unknown_parameters": True})
    assert "id" in (await meta.post(f"{meta.page}/feed", message="a", mesage="b")).body


@pytest.mark.anyio
@pytest.mark.parametrize("params", [{"ids": "1,2"}, {"date_format": "U"}], ids=str)
async def test_what_ended_in_october_2026_is_refused(meta: Meta, params: dict[str, str]) -> None:
    path = "" if "ids" in params else meta.page
    reply: Reply = await meta.get(path, **params)
    assert reply.error == (12, None)
