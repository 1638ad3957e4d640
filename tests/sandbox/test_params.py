from typing import Any

import pytest

from postline.sandbox.meta.fields import Field, parse_fields
from postline.sandbox.params import BadParam, Param, check, unknown_names
from tests.sandbox.clients import Meta

GOOD: dict[str, tuple[Param, Any, Any]] = {
    "a text": (Param("a"), "x", "x"),
    "a number as text": (Param("a"), 5, "5"),
    "a missing one": (Param("a", default="d"), None, "d"),
    "an integer of a form": (Param("a", "int"), "12", 12),
    "an integer of JSON": (Param("a", "int64"), 12, 12),
    "true of a form": (Param("a", "flag"), "true", True),
    "zero of a form": (Param("a", "flag"), "0", False),
    "a list as JSON text": (Param("a", "json"), "[1]", [1]),
    "a list of JSON texts": (Param("a", "json"), ['{"b":1}'], [{"b": 1}]),
    "ids with commas": (Param("a", "ids"), "1,2", ["1", "2"]),
    "ids as JSON text": (Param("a", "ids"), '["1","2"]', ["1", "2"]),
    "a time in Unix seconds": (Param("a", "time"), "1700000000", 1_700_000_000.0),
    "a time in ISO-8601": (Param("a", "time"), "2023-11-14T22:13:20+0000", 1_700_000_000.0),
    "a choice in another case": (Param("a", choices=("START",)), "start", "START"),
}

BAD: dict[str, tuple[Param, Any, str]] = {
    "a required one": (Param("a", required=True), None, "is required"),
    "an empty required one": (Param("a", required=True), "", "is required"),
    "a word for a number": (Param("a", "int"), "x", "must be a valid int"),
    "a text where JSON has a number": (Param("a", "int64"), "12", "must be a valid int64"),
    "a number beyond int32": (Param("a", "int32"), 2**31, "must be a valid int32"),
    "a JSON choice in another case": (Param("a", "string", choices=("A", "B")), "a", "must be one of {A, B}"),
    "a text where JSON has a boolean": (Param("a", "bool"), "true", "must be a valid bool"),
    "a number where JSON has a text": (Param("a", "string"), 5, "must be a valid string"),
    "broken JSON": (Param("a", "json"), "[", "must be a valid json"),
    "no choice": (Param("a", choices=("A", "B")), "C", "must be one of {A, B}"),
    "a number out of range": (Param("a", "int", low=1, high=20), 21, "must be between 1 and 20"),
    "a text for a file": (Param("a", "file"), "x", "must be a valid file"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_parameter_is_converted(name: str) -> None:
    param, raw, value = GOOD[name]
    assert check({"a": raw}, [param]) == {"a": value}


@pytest.mark.parametrize("name", BAD)
def test_a_parameter_is_refused(name: str) -> None:
    param, raw, problem = BAD[name]
    with pytest.raises(BadParam, match="^" + problem.replace("{", r"\{")):
        check({"a": raw}, [param])


def test_a_dotted_name_leads_into_objects() -> None:
    assert check({"a": {"b": "x"}}, [Param("a.b"), Param("a.c"), Param("d.e")]) == {
        "a.b": "x",
        "a.c": None,
        "d.e": None,
    }


NESTED = (Param("a.b", "int32"), Param("c", "json"))
UNKNOWN: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": ({}, []),
    "what is known": ({"a": {"b": 1}, "c": {"d": 1}}, []),
    "a name beside others": ({"a": {"b": 1}, "x": 1}, ["x"]),
    "a name within an object": ({"a": {"b": 1, "x": 1}}, ["a.x"]),
    "an object that is none": ({"a": 1}, ["a"]),
    "an object of nothing known": ({"x": {"y": 1}}, ["x"]),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_names_beyond_the_table_are_found_in(name: str) -> None:
    given, found = UNKNOWN[name]
    assert unknown_names(given, NESTED) == found


def test_fields_nest_and_take_arguments() -> None:
    assert parse_fields("id, insights.metric(views,reach){name,values},likes.limit(0).summary(true)") == (
        Field("id"),
        Field("insights", {"metric": "views,reach"}, (Field("name"), Field("values"))),
        Field("likes", {"limit": "0", "summary": "true"}),
    )


@pytest.mark.anyio
@pytest.mark.parametrize("way", ["params", "data", "json"])
async def test_parameters_travel_in_query_form_or_json(meta: Meta, way: str) -> None:
    sent = {"message": "Käse & Kaffee #1", "access_token": meta.page_token}
    reply = await meta.call("POST", f"/v26.0/{meta.page}/feed", **{way: sent})
    assert (await meta.get(reply.body["id"], fields="message")).body["message"] == "Käse & Kaffee #1"


@pytest.mark.anyio
@pytest.mark.parametrize("body", [b"{", b"[1]"])
async def test_a_body_that_is_no_json_object_is_refused(meta: Meta, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert (await meta.call("POST", f"/v26.0/{meta.page}/feed", data=body, headers=headers)).error == (100, None)
    assert (await meta.call("POST", "/v2/video/list/", data=body, headers=headers)).error == ("invalid_params", 400)
