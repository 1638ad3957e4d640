"""Statuses of Page videos and Instagram containers, in every spelling."""

from typing import Any

import pytest

from postline.core.errors import ErrorKind
from postline.networks.facebook.video_status import read_status
from postline.networks.instagram.container import ContainerState, parse_container


def node(video: str, publishing: dict[str, Any] | None = None, **phases: Any) -> dict[str, Any]:
    return {"status": {"video_status": video, "publishing_phase": publishing or {"status": "not_started"}, **phases}}


PUBLISHED = {
    "complete": node("ready", {"status": "complete", "publish_status": "published"}),
    "completed": node("ready", {"status": "completed", "publish_status": "published"}),
    "by its flag": node("ready") | {"published": True},
}


@pytest.mark.parametrize("found", PUBLISHED.values(), ids=PUBLISHED)
def test_a_video_is_published(found: dict[str, Any]) -> None:
    status = read_status(found)
    assert status.is_published
    assert status.is_under_way
    assert not status.is_waiting_for_commit


FAILED = {
    "video error": (node("error"), "video_failed"),
    "expired": (node("expired"), "video_failed"),
    "upload failed": (node("upload_failed"), "video_failed"),
    "errors with a code": (
        node("processing", processing_phase={"status": "error", "errors": [{"code": 1363128, "message": "long"}]}),
        "1363128",
    ),
    "one error without a code": (
        node("processing", processing_phase={"status": "in_progress", "error": {"message": "bad"}}),
        "video_failed",
    ),
    "phase error alone": (node("processing", uploading_phase={"status": "error"}), "video_failed"),
}


@pytest.mark.parametrize(("found", "code"), FAILED.values(), ids=FAILED)
def test_a_video_has_failed(found: dict[str, Any], code: str) -> None:
    failure = read_status(found).failure
    assert failure is not None
    assert (failure.kind, failure.code, failure.is_definite) == (ErrorKind.CONTENT_REJECTED, code, True)


WAITING = {"upload_complete": True, "ready": True, "uploading": True, "processing": False}


@pytest.mark.parametrize(("video", "is_waiting"), WAITING.items(), ids=WAITING)
def test_only_a_video_at_rest_waits_for_its_commit(video: str, is_waiting: bool) -> None:
    assert read_status(node(video)).is_waiting_for_commit is is_waiting


@pytest.mark.parametrize("name", ["bytes_transferred", "bytes_transfered"])
def test_progress_is_read_in_both_spellings(name: str) -> None:
    assert (
        read_status(node("uploading", uploading_phase={"status": "in_progress", name: 50002})).bytes_transferred
        == 50002
    )


def test_a_relative_permalink_becomes_whole() -> None:
    assert read_status(node("ready") | {"permalink_url": "/reel/1/"}).permalink == "https://www.facebook.com/reel/1/"


ERRORS = {
    "sentence": ("Error: Media upload has failed with error code 2207082", ErrorKind.TRANSIENT, "2207082"),
    "bare number": ("Error: 2207026 unsupported", ErrorKind.CONTENT_REJECTED, "2207026"),
    "unknown number": ("Error: error code 2207999", ErrorKind.CONTENT_REJECTED, "2207999"),
    "no number": ("Error", ErrorKind.CONTENT_REJECTED, "unknown"),
}


@pytest.mark.parametrize(("text", "kind", "code"), ERRORS.values(), ids=ERRORS)
def test_a_failed_container_tells_why_in_a_sentence(text: str, kind: ErrorKind, code: str) -> None:
    container = parse_container({"status_code": "ERROR", "status": text})
    assert container.failure is not None
    assert (container.failure.kind, container.failure.code) == (kind, code)


def test_an_unknown_container_state_counts_as_in_progress() -> None:
    assert parse_container({"status_code": "NOVEL"}).state is ContainerState.IN_PROGRESS
