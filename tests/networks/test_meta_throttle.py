"""Limits that are nearly used up: who is held off, from what, and for how long."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.meta.throttle import LOOK_AGAIN, REFUSED_WAIT, Throttle
from postline.networks.meta.usage import Usage, read_usage
from postline.networks.meta.version import HEADER, VersionWatch
from tests.networks.support import Ticks

MINUTE = timedelta(minutes=1)


@pytest.fixture
def throttle(ticks: Ticks) -> Throttle:
    return Throttle(clock=ticks)


def wait_of(throttle: Throttle, network: str, token: str, *, is_urgent: bool = False) -> timedelta | None:
    """How long a call has to wait; None: it may be sent now."""
    try:
        throttle.check(network, token, is_urgent=is_urgent)
    except NetworkError as error:
        return error.retry_after
    return None


def test_a_call_that_is_held_off_is_known_not_to_have_been_sent(throttle: Throttle) -> None:
    throttle.note("Facebook", "mine", [Usage("pages", 100)])
    with pytest.raises(NetworkError) as caught:
        throttle.check("Facebook", "mine", is_urgent=False)
    assert (caught.value.kind, caught.value.is_definite) == (ErrorKind.RATE_LIMITED, True)
    assert caught.value.message.endswith(".")


# what Meta told: the waits of a call and of an urgent one with this token, and of another profile's call
TOLD = {
    "plenty left": (Usage("pages", 94.9), None, None, None),
    "a Page nearly full": (Usage("pages", 95), LOOK_AGAIN, None, None),
    "a Page full": (Usage("pages", 100), LOOK_AGAIN, LOOK_AGAIN, None),
    "an account with a time to wait": (Usage("instagram", 30, 12 * MINUTE), 12 * MINUTE, 12 * MINUTE, None),
    "the app nearly full": (Usage("app", 97), LOOK_AGAIN, None, LOOK_AGAIN),
    "advertising full": (Usage("ads_management", 208), None, None, None),
}


@pytest.mark.parametrize(("usage", "wait", "urgent", "others"), TOLD.values(), ids=TOLD)
def test_who_is_held_off(
    usage: Usage, wait: timedelta | None, urgent: timedelta | None, others: timedelta | None, throttle: Throttle
) -> None:
    throttle.note("Facebook", "mine", [usage])
    assert wait_of(throttle, "Facebook", "mine") == wait
    assert wait_of(throttle, "Facebook", "mine", is_urgent=True) == urgent
    assert wait_of(throttle, "Facebook", "another's") == others


def test_a_wait_ends(throttle: Throttle, ticks: Ticks) -> None:
    throttle.note("Facebook", "mine", [Usage("pages", 100, 2 * MINUTE)])
    ticks.now += 60
    assert wait_of(throttle, "Facebook", "mine") == MINUTE
    ticks.now += 60
    assert wait_of(throttle, "Facebook", "mine") is None


def test_a_page_s_token_is_not_held_off_from_instagram(throttle: Throttle) -> None:
    throttle.note("Facebook", "shared", [Usage("pages", 100)])
    assert wait_of(throttle, "Instagram", "shared") is None


# code: the waits of this token's calls and of another's
CODES = {
    4: (REFUSED_WAIT, REFUSED_WAIT),
    341: (REFUSED_WAIT, REFUSED_WAIT),
    17: (REFUSED_WAIT, None),
    32: (REFUSED_WAIT, None),
    80001: (REFUSED_WAIT, None),
    80002: (REFUSED_WAIT, None),
    613: (None, None),
    9: (None, None),
    None: (None, None),
}


@pytest.mark.parametrize(("code", "waits"), CODES.items())
def test_a_refusal_stops_what_its_limit_is_of(
    code: int | None, waits: tuple[timedelta | None, timedelta | None], throttle: Throttle
) -> None:
    throttle.note_refusal("Facebook", "mine", code, None)
    assert (wait_of(throttle, "Facebook", "mine"), wait_of(throttle, "Facebook", "another's")) == waits


def test_the_longest_wait_told_counts(throttle: Throttle) -> None:
    throttle.note("Facebook", "mine", [Usage("pages", 100, 30 * MINUTE)])
    throttle.note("Facebook", "mine", [Usage("pages", 100)])
    assert wait_of(throttle, "Facebook", "mine") == 30 * MINUTE


def test_usage_is_told_by_limit(throttle: Throttle) -> None:
    throttle.note("Facebook", "mine", [Usage("app", 28), Usage("pages", 97)])
    throttle.note("Facebook", "another's", [Usage("pages", 12)])
    assert throttle.usage() == {"app": 28, "pages": 12}


def test_no_token_is_kept(throttle: Throttle) -> None:
    throttle.note("Facebook", "EAAB-secret", [Usage("pages", 100), Usage("app", 96)])
    throttle.note_refusal("Instagram", "EAAB-secret", 17, None)
    assert "EAAB-secret" not in repr(throttle)


HEADERS = {
    "none": ({}, []),
    "app": ({"x-app-usage": '{"call_count":28,"total_time":25,"total_cputime":95}'}, [Usage("app", 95)]),
    "page": ({"x-page-usage": '{"call_count":28,"total_time":25,"total_cputime":9}'}, [Usage("pages", 28)]),
    "business, each kind with its highest entry": (
        {
            "x-business-use-case-usage": '{"1":[{"type":"pages","call_count":97,"total_cputime":23,"total_time":23,'
            '"estimated_time_to_regain_access":0},{"type":"instagram","call_count":3}],"2":[{"type":"instagram",'
            '"call_count":208,"estimated_time_to_regain_access":12}]}'
        },
        [Usage("pages", 97), Usage("instagram", 208, 12 * MINUTE)],
    ),
    "not JSON": ({"x-app-usage": "x"}, []),
    "not an object": ({"x-app-usage": "[1]"}, []),
}


@pytest.mark.parametrize(("headers", "told"), HEADERS.values(), ids=HEADERS)
def test_usage_is_read_from_whichever_header_came(headers: dict[str, str], told: list[Usage]) -> None:
    assert read_usage(headers) == told


def test_the_version_that_serves_is_told_once_and_when_it_changes() -> None:
    watch = VersionWatch()
    with capture_logs() as lines:
        for served in ("v26.0", "v26.0", "v27.0", "v27.0"):
            watch.note("v26.0", {HEADER: served})
        watch.note("v26.0", {})
    assert [(line["served"], line["log_level"]) for line in lines] == [("v26.0", "info"), ("v27.0", "warning")]
