"""A network's own choices for a post: read from the order, and what is wrong with them said in a person's words."""

from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from postline.core.content import PublishOrder
from postline.core.preflight import Problem
from postline.core.words import Format, MediaKind


def shown(*formats: Format, media: MediaKind | Literal["none"] | None = None) -> dict[str, Any]:
    """For the schema of an option that only some posts have: the composer shows it where it fits. No formats: all."""
    extra: dict[str, Any] = {"x-formats": list(formats)} if formats else {}
    return extra | ({"x-media": media} if media else {})


class Options(BaseModel):
    """Base of every network's options. An unknown name is a mistake, never silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Chosen = TypeVar("Chosen", bound=Options)

_SENTENCES = {
    "missing": "Choose a value.",
    "extra_forbidden": "This option is not known here. Remove it.",
    "url_parsing": "Write a whole link, beginning with https://.",
    "string_pattern_mismatch": "This is not written as its description wants it. Correct it.",
}


def read_options(model: type[Chosen], order: PublishOrder) -> tuple[Chosen | None, list[Problem]]:
    """The order's options as the network's model, or None and the reasons why they are none."""
    try:
        return model.model_validate(dict(order.options)), []
    except ValidationError as error:
        return None, [
            Problem(
                f"option-{found['type'].replace('_', '-')}",
                "/options/" + "/".join(str(part) for part in found["loc"]),
                _SENTENCES.get(found["type"], found["msg"].rstrip(".") + "."),
            )
            for found in error.errors(include_url=False, include_input=False)
        ]
