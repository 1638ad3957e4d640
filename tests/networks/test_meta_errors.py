"""Every code of Meta's that we know, and what follows from it."""

import pytest

from postline.core.errors import ErrorKind
from postline.networks.meta.errors import BY_SUBCODE, RULES, codes, error_for, error_from

K = ErrorKind
# (code, subcode): kind, and whether a commit that was answered so is known to have changed nothing.
CODES = {
    (1, None): (K.TRANSIENT, False),
    (1, 99): (K.TRANSIENT, False),
    (2, None): (K.TRANSIENT, False),
    (-1, 2207001): (K.TRANSIENT, False),
    (-2, 2207003): (K.TRANSIENT, True),
    (-2, 2207020): (K.TRANSIENT, True),
    (-1, 2207032): (K.TRANSIENT, True),
    (-1, 2207053): (K.TRANSIENT, True),
    (-1, 2207073): (K.CONTENT_REJECTED, True),
    (1, 2207057): (K.CONTENT_REJECTED, True),
    (3, None): (K.APP_NOT_READY, True),
    (4, None): (K.RATE_LIMITED, True),
    (4, 2207051): (K.AMBIGUOUS, False),
    (9, 2207042): (K.RATE_LIMITED, True),
    (10, None): (K.RECONNECT_NEEDED, True),
    (12, None): (K.APP_NOT_READY, True),
    (17, None): (K.RATE_LIMITED, True),
    (20, 1772107): (K.AMBIGUOUS, False),
    (24, 2207006): (K.TRANSIENT, True),
    (24, 2207008): (K.TRANSIENT, True),
    (25, 2207050): (K.RECONNECT_NEEDED, True),
    (32, None): (K.RATE_LIMITED, True),
    (33, None): (K.TRANSIENT, False),
    (100, 33): (K.TRANSIENT, False),
    (100, None): (K.CONTENT_REJECTED, True),
    (100, 2207023): (K.CONTENT_REJECTED, True),
    (100, 2207028): (K.CONTENT_REJECTED, True),
    (100, 2207035): (K.CONTENT_REJECTED, True),
    (100, 2207040): (K.CONTENT_REJECTED, True),
    (100, 9055): (K.CONTENT_REJECTED, True),
    (102, None): (K.RECONNECT_NEEDED, True),
    (190, None): (K.RECONNECT_NEEDED, True),
    (190, 458): (K.RECONNECT_NEEDED, True),
    (190, 459): (K.RECONNECT_NEEDED, True),
    (190, 460): (K.RECONNECT_NEEDED, True),
    (190, 463): (K.RECONNECT_NEEDED, True),
    (190, 464): (K.RECONNECT_NEEDED, True),
    (190, 467): (K.RECONNECT_NEEDED, True),
    (190, 490): (K.RECONNECT_NEEDED, True),
    (190, 492): (K.RECONNECT_NEEDED, True),
    (190, 12345): (K.RECONNECT_NEEDED, True),
    (191, None): (K.APP_NOT_READY, True),
    (200, None): (K.RECONNECT_NEEDED, True),
    (210, None): (K.RECONNECT_NEEDED, True),
    (299, None): (K.RECONNECT_NEEDED, True),
    (341, None): (K.RATE_LIMITED, True),
    (352, 2207026): (K.CONTENT_REJECTED, True),
    (368, None): (K.CONTENT_REJECTED, True),
    (382, None): (K.CONTENT_REJECTED, True),
    (389, None): (K.TRANSIENT, True),
    (506, None): (K.CONTENT_REJECTED, True),
    (551, None): (K.CONTENT_REJECTED, True),
    (613, None): (K.RATE_LIMITED, True),
    (803, None): (K.CONTENT_REJECTED, True),
    (2500, None): (K.CONTENT_REJECTED, True),
    (3001, 1504028): (K.CONTENT_REJECTED, True),
    (6000, None): (K.CONTENT_REJECTED, True),
    (6001, None): (K.TRANSIENT, True),
    (6001, 1363037): (K.TRANSIENT, True),
    (9004, 2207052): (K.TRANSIENT, True),
    (9007, 2207027): (K.TRANSIENT, True),
    (36000, 2207004): (K.CONTENT_REJECTED, True),
    (36001, 2207005): (K.CONTENT_REJECTED, True),
    (36003, 2207009): (K.CONTENT_REJECTED, True),
    (36004, 2207010): (K.CONTENT_REJECTED, True),
    (80000, None): (K.RATE_LIMITED, True),
    (80001, None): (K.RATE_LIMITED, True),
    (80002, None): (K.RATE_LIMITED, True),
    (80004, 2446079): (K.RATE_LIMITED, True),
    (80014, None): (K.RATE_LIMITED, True),
    (100, 1346003): (K.CONTENT_REJECTED, True),
    (100, 1349125): (K.CONTENT_REJECTED, True),
    (1, 1363030): (K.TRANSIENT, True),
    (1, 1363047): (K.TRANSIENT, False),
    (100, 1363040): (K.CONTENT_REJECTED, True),
    (100, 1363127): (K.CONTENT_REJECTED, True),
    (100, 1363128): (K.CONTENT_REJECTED, True),
    (100, 1363129): (K.CONTENT_REJECTED, True),
    (100, 1366046): (K.CONTENT_REJECTED, True),
    (100, 1366051): (K.CONTENT_REJECTED, True),
    (100, 1390008): (K.RATE_LIMITED, True),
    (100, 1404006): (K.RECONNECT_NEEDED, True),
    (100, 1404078): (K.RECONNECT_NEEDED, True),
    (100, 1404102): (K.CONTENT_REJECTED, True),
    (100, 1404112): (K.CONTENT_REJECTED, True),
    (1609005, None): (K.CONTENT_REJECTED, True),
    (100, 1609005): (K.CONTENT_REJECTED, True),
    (100, 1609008): (K.CONTENT_REJECTED, True),
    (100, 1609010): (K.TRANSIENT, True),
    (100, 2061006): (K.CONTENT_REJECTED, True),
    (100, 2069019): (K.CONTENT_REJECTED, True),
    (100, 4854002): (K.RECONNECT_NEEDED, True),
    (None, 2207076): (K.TRANSIENT, True),
    (None, 2207077): (K.TRANSIENT, True),
    (None, 2207081): (K.CONTENT_REJECTED, True),
    (None, 2207082): (K.TRANSIENT, True),
    (None, 2207085): (K.CONTENT_REJECTED, True),
    (None, 2207052): (K.TRANSIENT, True),
    (100, 36007): (K.RECONNECT_NEEDED, True),
    (100, 36009): (K.RECONNECT_NEEDED, True),
}


@pytest.mark.parametrize(("pair", "expected"), CODES.items(), ids=[f"{code}-{sub}" for code, sub in CODES])
def test_a_code_means(pair: tuple[int | None, int | None], expected: tuple[ErrorKind, bool]) -> None:
    error = error_for(*pair)
    assert (error.kind, error.is_definite) == expected


def test_every_sentence_tells_people_something() -> None:
    for rule in [*RULES.values(), *BY_SUBCODE.values()]:
        assert rule.message.endswith(".")
        assert len(rule.message) > 25
        assert (rule.retry_after is not None) == (rule.kind is K.RATE_LIMITED)


@pytest.mark.parametrize("pair", [(424242, None), (424242, 7777777), (None, 2207999), (None, None)])
def test_an_unknown_failure_of_a_commit_is_never_taken_for_a_sure_refusal(pair: tuple[int | None, int | None]) -> None:
    error = error_for(*pair, text="Something new")
    assert error.kind is K.CONTENT_REJECTED
    assert not error.is_definite


def test_the_network_s_own_words_are_shown_without_tokens_and_short() -> None:
    error = error_from({"code": 424242, "message": f"bad access_token=EAABsecret {'x' * 500}"})
    assert "EAABsecret" not in error.message
    assert len(error.message) < 300


def test_a_code_can_be_read_back_from_the_error() -> None:
    assert codes(error_for(4, 2207051)) == (4, 2207051)
    assert codes(error_for(190, None)) == (190, None)


def test_fields_that_are_not_known_are_ignored() -> None:
    envelope = {"code": "190", "error_subcode": "463", "message": "…", "novel": {"a": 1}, "error_data": "no json"}
    assert error_from(envelope).code == "190/463"
