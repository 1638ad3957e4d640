"""TikTok's tables and small readers: chunks, codes, reasons of failure, statuses, the PKCE challenge."""

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.preflight import check
from postline.core.words import Format, NetworkKey
from postline.networks.http import Answer
from postline.networks.tiktok.capabilities import CAPABILITIES
from postline.networks.tiktok.chunks import plan_chunks, received_bytes
from postline.networks.tiktok.envelope import read_envelope, read_grant
from postline.networks.tiktok.errors import API_RULES, FAIL_RULES, OAUTH_RULES, failure_of
from postline.networks.tiktok.oauth import code_challenge
from postline.networks.tiktok.status import State, parse_status
from tests.networks.support import order

K = ErrorKind

PLANS = {
    "small": (4_194_304, 10_000_000, 4_194_304, 1, 4_194_304),
    "largest whole": (64_000_000, 10_000_000, 64_000_000, 1, 64_000_000),
    "smallest cut": (64_000_001, 10_000_000, 10_000_000, 6, 14_000_001),
    "odd": (77_360_899, 10_000_000, 10_000_000, 7, 17_360_899),
    "largest": (4_000_000_000, 10_000_000, 10_000_000, 400, 10_000_000),
    "larger chunks": (100_000_000, 20_000_000, 20_000_000, 5, 20_000_000),
}


@pytest.mark.parametrize(("size", "chunk", "chunk_size", "count", "last"), PLANS.values(), ids=PLANS)
def test_a_file_is_cut_by_tiktok_s_rule(size: int, chunk: int, chunk_size: int, count: int, last: int) -> None:
    plan = plan_chunks(size, chunk)
    assert (plan.chunk_bytes, plan.count) == (chunk_size, count)
    assert plan.count == size // plan.chunk_bytes
    assert plan.ranges[-1][1] - plan.ranges[-1][0] == last
    assert plan.ranges[0][0] == 0
    assert plan.ranges[-1][1] == size
    assert all(end == start for (_, end), (start, _) in zip(plan.ranges, plan.ranges[1:], strict=False))


RECEIVED = {
    "last byte": ("bytes 0-9999999/64000001", 10_000_000),
    "all": ("bytes 0-64000000/64000001", 64_000_001),
    "count of all": ("bytes 0-64000001/64000001", 64_000_001),
    "nonsense": ("nothing", None),
}


@pytest.mark.parametrize(("header", "received"), RECEIVED.values(), ids=RECEIVED)
def test_progress_is_read_from_content_range(header: str, received: int | None) -> None:
    assert received_bytes(header, 64_000_001) == received


def test_an_upload_goes_on_with_the_first_chunk_that_is_not_in() -> None:
    plan = plan_chunks(64_000_001)
    assert [plan.index_from(received) for received in (0, 10_000_000, 10_000_001, 50_000_000, 64_000_001)] == [
        0,
        1,
        1,
        5,
        6,
    ]


def test_the_challenge_is_hexadecimal_unlike_the_standard_s() -> None:
    verifier = "abcdefghijklmnopqrstuvwxyz0123456789-._~ABCDEFG"
    assert code_challenge(verifier) == "4c3a770bec0fa3768a0cad4183eba43fbf2767d622a940f64e8443f7a1e86875"


CODES = {
    "invalid_param": (400, K.CONTENT_REJECTED, True),
    "invalid_params": (400, K.CONTENT_REJECTED, True),
    "invalid_file_upload": (400, K.CONTENT_REJECTED, True),
    "invalid_publish_id": (400, K.AMBIGUOUS, False),
    "token_not_authorized_for_specified_publish_id": (400, K.RECONNECT_NEEDED, True),
    "publish_not_cancellable": (400, K.CONTENT_REJECTED, True),
    "app_version_check_failed": (400, K.CONTENT_REJECTED, True),
    "scope_permission_missed": (400, K.RECONNECT_NEEDED, True),
    "access_token_invalid": (401, K.RECONNECT_NEEDED, True),
    "scope_not_authorized": (401, K.RECONNECT_NEEDED, True),
    "spam_risk_too_many_posts": (200, K.RATE_LIMITED, True),
    "spam_risk_user_banned_from_posting": (200, K.CONTENT_REJECTED, True),
    "reached_active_user_cap": (200, K.RATE_LIMITED, True),
    "spam_risk_too_many_pending_share": (403, K.RATE_LIMITED, True),
    "unaudited_client_can_only_post_to_private_accounts": (403, K.APP_NOT_READY, True),
    "url_ownership_unverified": (403, K.APP_NOT_READY, True),
    "privacy_level_option_mismatch": (403, K.CONTENT_REJECTED, True),
    "rate_limit_exceeded": (429, K.RATE_LIMITED, True),
    "internal_error": (500, K.TRANSIENT, False),
}


@pytest.mark.parametrize(("code", "expected"), CODES.items(), ids=CODES)
def test_a_code_means_whatever_the_status(code: str, expected: tuple[int, ErrorKind, bool]) -> None:
    status, kind, is_definite = expected
    body = f'{{"error": {{"code": "{code}", "message": "see https://x.example/?token=1", "log_id": "1"}}}}'
    with pytest.raises(NetworkError) as caught:
        read_envelope(Answer(status, {}, body.encode()))
    assert (caught.value.kind, caught.value.code, caught.value.is_definite) == (kind, code, is_definite)


def test_every_code_is_tested() -> None:
    assert set(CODES) == set(API_RULES)


def test_an_unknown_code_leaves_a_commit_open() -> None:
    with pytest.raises(NetworkError) as caught:
        read_envelope(Answer(400, {}, b'{"error": {"code": "novel", "message": "no"}}'))
    assert (caught.value.kind, caught.value.is_definite) == (K.CONTENT_REJECTED, False)


def test_success_gives_the_data_and_ignores_what_is_not_known() -> None:
    body = b'{"data": {"publish_id": "p"}, "error": {"code": "ok", "novel": 1}, "more": []}'
    assert read_envelope(Answer(200, {}, body)) == {"publish_id": "p"}


STATUSES = {401: K.RECONNECT_NEEDED, 429: K.RATE_LIMITED, 502: K.AMBIGUOUS, 404: K.CONTENT_REJECTED}


@pytest.mark.parametrize(("status", "kind"), STATUSES.items(), ids=[str(each) for each in STATUSES])
def test_without_a_code_the_status_decides(status: int, kind: ErrorKind) -> None:
    with pytest.raises(NetworkError) as caught:
        read_envelope(Answer(status, {}, b"<html>"))
    assert caught.value.kind is kind


OAUTH = {
    "access_denied": K.RECONNECT_NEEDED,
    "invalid_client": K.APP_NOT_READY,
    "invalid_grant": K.RECONNECT_NEEDED,
    "invalid_request": K.APP_NOT_READY,
    "invalid_scope": K.APP_NOT_READY,
    "unauthorized_client": K.APP_NOT_READY,
    "unsupported_grant_type": K.APP_NOT_READY,
    "unsupported_response_type": K.APP_NOT_READY,
    "server_error": K.TRANSIENT,
    "temporarily_unavailable": K.TRANSIENT,
}


@pytest.mark.parametrize(("code", "kind"), OAUTH.items(), ids=OAUTH)
def test_an_oauth_error_is_an_error_with_http_200_too(code: str, kind: ErrorKind) -> None:
    with pytest.raises(NetworkError) as caught:
        read_grant(Answer(200, {}, f'{{"error": "{code}", "error_description": "…"}}'.encode()))
    assert caught.value.kind is kind
    assert set(OAUTH) == set(OAUTH_RULES)


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_an_empty_answer_to_a_revocation_is_success(body: bytes) -> None:
    assert read_grant(Answer(200, {}, body)) == {}


REASONS = {
    "file_format_check_failed": K.CONTENT_REJECTED,
    "duration_check_failed": K.CONTENT_REJECTED,
    "frame_rate_check_failed": K.CONTENT_REJECTED,
    "picture_size_check_failed": K.CONTENT_REJECTED,
    "internal": K.TRANSIENT,
    "video_pull_failed": K.TRANSIENT,
    "photo_pull_failed": K.TRANSIENT,
    "publish_cancelled": K.CONTENT_REJECTED,
    "auth_removed": K.RECONNECT_NEEDED,
    "spam_risk_too_many_posts": K.CONTENT_REJECTED,
    "spam_risk_user_banned_from_posting": K.CONTENT_REJECTED,
    "spam_risk_text": K.CONTENT_REJECTED,
    "spam_risk": K.CONTENT_REJECTED,
}


@pytest.mark.parametrize(("reason", "kind"), REASONS.items(), ids=REASONS)
def test_a_reason_of_failure_means(reason: str, kind: ErrorKind) -> None:
    failure = failure_of(reason)
    assert (failure.kind, failure.code, failure.is_definite) == (kind, reason, True)
    assert set(REASONS) == set(FAIL_RULES)


def test_an_unknown_reason_is_shown_short() -> None:
    failure = failure_of("novel_" + "x" * 200)
    assert failure.kind is K.CONTENT_REJECTED
    assert len(failure.message) < 200


def test_every_sentence_ends() -> None:
    for rules in (API_RULES, OAUTH_RULES, FAIL_RULES):
        assert all(rule.message.endswith(".") for rule in rules.values())


STATES = {
    "number": (
        {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [7678907398077074696]},
        "7678907398077074696",
    ),
    "text": ({"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": ["768"]}, "768"),
    "right spelling": ({"status": "PUBLISH_COMPLETE", "publicly_available_post_id": [768]}, "768"),
    "several, the first counts": ({"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [1, 2]}, "1"),
    "empty": ({"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": []}, None),
    "null": ({"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": None}, None),
    "missing": ({"status": "PUBLISH_COMPLETE"}, None),
}


@pytest.mark.parametrize(("data", "post_id"), STATES.values(), ids=STATES)
def test_a_post_id_is_read_however_it_is_written(data: dict[str, object], post_id: str | None) -> None:
    status = parse_status(data)
    assert (status.state, status.post_id) == (State.COMPLETE, post_id)


def test_an_unknown_state_counts_as_under_way() -> None:
    assert parse_status({"status": "THINKING"}).state is None


def test_a_story_is_refused_before_it_is_scheduled_and_says_what_to_do() -> None:
    [problem] = check(order(NetworkKey.TIKTOK, Format.STORY), CAPABILITIES)
    assert (problem.code, problem.field) == ("format-not-supported", "/format")
    assert problem.message == ("TikTok lets no app publish stories. Choose another type or leave out this profile.")
