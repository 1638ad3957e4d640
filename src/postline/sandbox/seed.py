"""The people and profiles of a fresh sandbox, and more of them on demand."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from postline.sandbox.records import Business, Creator, InstagramAccount, MetaUser, Page
from postline.sandbox.world import Record, Table, World

DEFAULT_SEED: Mapping[str, Any] = {
    "meta_users": [
        {
            "id": "10215241773831025",
            "name": "Mia Fields",
            "pages": [
                {
                    "id": "104820175634927310",
                    "name": "Harbor Coffee",
                    "username": "harborcoffee",
                    "followers": 8_412,
                    "instagram": {
                        "id": "17841405822304914",
                        "username": "harborcoffee",
                        "name": "Harbor Coffee",
                        "followers": 12_907,
                    },
                },
                {
                    "id": "104820175634927311",
                    "name": "Harbor Coffee Roastery",
                    "username": "harborcoffeeroastery",
                    "followers": 1_305,
                },
            ],
        }
    ],
    "creators": [
        {
            "id": "723f24d7-e717-40f8-a2b6-cb8464cd23b4",
            "union_id": "c9c60f44-a68e-4f5d-84dd-ce22faeb0ba1",
            "username": "harborcoffee",
            "nickname": "Harbor Coffee",
            "bio": "Small batches, big mornings.",
            "followers": 24_310,
        }
    ],
}


def seed(world: World, people: Mapping[str, Any]) -> dict[str, list[str]]:
    """Add people; gives their ids per kind. Ids may be left out. Raises ValueError for a field that does not exist.

    Shape: {"meta_users": [{"name", "pages": [{"name", "username", "instagram": {"username"}}]}],
    "businesses": [{"name", "person_ids", "owned_pages": [{as above}], "client_pages": [{…}]}], "creators": [{…}]}.
    """
    made: dict[str, list[str]] = {"meta_users": [], "pages": [], "instagram": [], "businesses": [], "creators": []}
    for person in people.get("meta_users", ()):
        page_ids = _put_pages(world, person.get("pages", ()), made)
        user = {"id": person.get("id") or world.new_id("10"), "name": person["name"], "page_ids": page_ids}
        made["meta_users"].append(_put(world.meta_users, MetaUser, user))
    for business in people.get("businesses", ()):
        values = {key: value for key, value in business.items() if key not in ("owned_pages", "client_pages")}
        if unknown := [each for each in values.get("person_ids", ()) if world.meta_users.get(each) is None]:
            raise ValueError(f"nobody has the id {', '.join(unknown)}; name people who are there or are made with it")
        defaults = {
            "id": world.new_id("10"),
            "owned_page_ids": _put_pages(world, business.get("owned_pages", ()), made),
            "client_page_ids": _put_pages(world, business.get("client_pages", ()), made),
        }
        made["businesses"].append(_put(world.businesses, Business, defaults | values))
    for creator in people.get("creators", ()):
        open_id = creator.get("id") or world.new_secret("open-")
        defaults = {"id": open_id, "union_id": f"union-{open_id}", "nickname": creator.get("username", "")}
        made["creators"].append(_put(world.creators, Creator, defaults | creator))
    return made


def _put_pages(world: World, pages: Iterable[Mapping[str, Any]], made: dict[str, list[str]]) -> list[str]:
    """Pages with their Instagram accounts; gives the Pages' ids."""
    page_ids = []
    for page in pages:
        page_id = str(page.get("id") or world.new_id("10"))
        instagram_id = ""
        if account := page.get("instagram"):
            instagram_id = str(account.get("id") or world.new_id("1784"))
            defaults = {"id": instagram_id, "page_id": page_id, "name": account.get("username", "")}
            made["instagram"].append(_put(world.instagram, InstagramAccount, defaults | account))
        values = {key: value for key, value in page.items() if key != "instagram"}
        defaults = {"id": page_id, "instagram_id": instagram_id, "username": page_id}
        page_ids.append(_put(world.pages, Page, defaults | values))
    made["pages"] += page_ids
    return page_ids


def _put(table: Table[Any], record: type[Record], values: Mapping[str, Any]) -> str:
    known = {field.name for field in fields(record)}  # type: ignore[arg-type]
    if unknown := set(values) - known:
        raise ValueError(f"{record.__name__} has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(known))}")
    row = record(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
    return str(table.put(row).id)
