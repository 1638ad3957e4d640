"""Meta's error codes, and what a person should do about each.

Matched on code and subcode alone, never on HTTP status or text: the status is mostly 400 and the type mostly
OAuthException whatever happened. Sources, read 2026-09-11:
https://developers.facebook.com/docs/graph-api/guides/error-handling
https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/error-codes
https://developers.facebook.com/docs/graph-api/overview/rate-limiting
Codes that Meta does not document (13630xx to 48540xx) are those that publishers report.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.redaction import redact
from postline.networks.rules import Rule

K = ErrorKind
HOUR: Final = timedelta(hours=1)
FIRST_INSTAGRAM_SUBCODE: Final = 2_207_000


def _wait(message: str, wait: timedelta) -> Rule:
    return Rule(K.RATE_LIMITED, message, wait)


def _unsure(kind: ErrorKind, message: str) -> Rule:
    return Rule(kind, message, is_definite=False)


SERVER_FAULT: Final = _unsure(K.TRANSIENT, "Meta has a fault of its own at the moment. Postline tries again by itself.")
RECONNECT: Final = Rule(K.RECONNECT_NEEDED, "Meta no longer accepts this connection. Reconnect the profile.")
PERMISSION: Final = Rule(
    K.RECONNECT_NEEDED,
    "A permission or a task on the Page is missing. Reconnect the profile and leave every box ticked.",
)
LOG_IN: Final = Rule(
    K.RECONNECT_NEEDED, "Meta wants the person to log in at facebook.com first. Do that, then reconnect."
)
APP_LIMIT: Final = _wait("The app has used up its calls at Meta. Postline waits and goes on by itself.", HOUR / 4)
TOO_FAST: Final = _wait("Too many calls for this profile. Postline waits and goes on by itself.", HOUR)
BUG: Final = Rule(K.CONTENT_REJECTED, "Meta refused the request as not valid. Check the post and its options.")
BAD_VIDEO: Final = Rule(
    K.CONTENT_REJECTED, "The video's format is not supported. Convert it to MP4 with H.264 and AAC."
)
FETCH: Final = Rule(
    K.TRANSIENT, "Meta could not fetch the media. Postline tries again; if it repeats, check its web address."
)
NEW_UPLOAD: Final = Rule(K.TRANSIENT, "The upload failed at Meta. Postline uploads the media again.")
UNREADABLE: Final = _unsure(K.TRANSIENT, "Meta cannot show this object at the moment. Postline asks again.")
PRODUCT_TAG: Final = Rule(K.CONTENT_REJECTED, "The product tags are not valid; at most 20 are allowed. Change them.")
DUPLICATE: Final = Rule(K.CONTENT_REJECTED, "Facebook says that this repeats an earlier post. Change the text.")
APP_PERMISSION: Final = Rule(K.APP_NOT_READY, "The Meta app lacks this ability. Its operator must ask Meta for it.")

Key = tuple[int, int | None]
RULES: Final[Mapping[Key, Rule]] = {
    (1, None): SERVER_FAULT,
    (1, 99): SERVER_FAULT,
    (1, 2207057): Rule(K.CONTENT_REJECTED, "The cover's moment lies outside the video. Choose another."),
    (2, None): SERVER_FAULT,
    (-1, None): SERVER_FAULT,
    (-1, 2207001): SERVER_FAULT,
    (-1, 2207032): NEW_UPLOAD,
    (-1, 2207053): NEW_UPLOAD,
    (-1, 2207073): Rule(K.CONTENT_REJECTED, "This kind of post cannot be deleted from here. Use the app."),
    (-2, None): SERVER_FAULT,
    (-2, 2207003): Rule(K.TRANSIENT, "Meta took too long to fetch the media. Postline prepares it again."),
    (-2, 2207020): Rule(K.TRANSIENT, "The prepared media has expired. Postline prepares it again."),
    (3, None): APP_PERMISSION,
    (4, None): APP_LIMIT,
    (4, 2207051): _unsure(
        K.AMBIGUOUS, "Instagram suspects spam and may have blocked the post. Look at the profile before sending again."
    ),
    (9, None): _wait("The profile has reached a limit. Postline waits and goes on by itself.", HOUR),
    (9, 2207042): _wait(
        "The profile has reached Instagram's posts per day. Postline sends it when there is room.", HOUR
    ),
    (10, None): PERMISSION,
    (12, None): APP_PERMISSION,
    (17, None): _wait("The person who connected has made too many calls. Postline waits.", HOUR / 4),
    (20, None): BUG,
    (20, 1772107): _unsure(K.AMBIGUOUS, "Meta's answer does not tell whether the post was made. Postline looks."),
    (24, 2207006): Rule(K.TRANSIENT, "Instagram does not find the prepared media. Postline prepares it again."),
    (24, 2207008): Rule(K.TRANSIENT, "The prepared media is gone. Postline prepares it again."),
    (25, 2207050): Rule(
        K.RECONNECT_NEEDED, "The Instagram account is restricted or asleep. Open the app, settle it, then reconnect."
    ),
    (32, None): _wait("Too many calls for this Page. Postline waits and goes on by itself.", HOUR / 4),
    (33, None): UNREADABLE,
    (100, None): BUG,
    (100, 33): UNREADABLE,
    (100, 36007): Rule(K.RECONNECT_NEEDED, "The authorization has expired. Start connecting again."),
    (100, 36009): Rule(K.RECONNECT_NEEDED, "The authorization was used already. Start connecting again."),
    (100, 2207023): BUG,
    (100, 2207028): Rule(K.CONTENT_REJECTED, "A carousel takes 2 to 10 items. Add or remove some."),
    (100, 2207035): PRODUCT_TAG,
    (100, 2207036): PRODUCT_TAG,
    (100, 2207037): PRODUCT_TAG,
    (100, 2207040): PRODUCT_TAG,
    (102, None): RECONNECT,
    (190, None): RECONNECT,
    (190, 458): Rule(K.RECONNECT_NEEDED, "The person has removed the app at Facebook. Reconnect the profile."),
    (190, 459): LOG_IN,
    (190, 460): Rule(K.RECONNECT_NEEDED, "The password was changed or the person logged out. Reconnect the profile."),
    (190, 463): Rule(K.RECONNECT_NEEDED, "The access has expired. Reconnect the profile."),
    (190, 464): LOG_IN,
    (190, 467): RECONNECT,
    (190, 490): RECONNECT,
    (190, 492): Rule(
        K.RECONNECT_NEEDED, "The person no longer has a role on the Page. Let somebody who has one reconnect it."
    ),
    (191, None): Rule(
        K.APP_NOT_READY, "The Meta app does not allow this redirect address. Add it in the app's settings."
    ),
    (210, None): PERMISSION,
    (341, None): APP_LIMIT,
    (352, None): BAD_VIDEO,
    (352, 2207026): BAD_VIDEO,
    (368, None): Rule(
        K.CONTENT_REJECTED, "Meta has blocked this action for now as abusive. Wait some hours, then change the post."
    ),
    (382, None): Rule(K.CONTENT_REJECTED, "The video is too small. Use a larger file."),
    (389, None): FETCH,
    (506, None): DUPLICATE,
    (551, None): Rule(K.CONTENT_REJECTED, "The person addressed is not available. Take the mention out."),
    (613, None): _wait("Too many calls of this kind. Postline waits and goes on by itself.", HOUR),
    (803, None): Rule(
        K.CONTENT_REJECTED, "Something that the post refers to does not exist at Meta. Check the options."
    ),
    (2500, None): BUG,
    (3001, None): BUG,
    (3001, 1504028): BUG,
    (6000, None): Rule(K.CONTENT_REJECTED, "Facebook cannot use this video. Convert it or use another file."),
    (6001, None): NEW_UPLOAD,
    (6001, 1363037): NEW_UPLOAD,
    (9004, None): FETCH,
    (9004, 2207052): FETCH,
    (9007, None): Rule(K.TRANSIENT, "Instagram still prepares the media. Postline waits."),
    (9007, 2207027): Rule(K.TRANSIENT, "Instagram still prepares the media. Postline waits."),
    (36000, None): Rule(K.CONTENT_REJECTED, "The picture is larger than 8 MB. Compress it."),
    (36001, None): Rule(K.CONTENT_REJECTED, "The picture's format is not supported. Use JPEG."),
    (36002, None): Rule(K.CONTENT_REJECTED, "Instagram does not take this picture. Use another."),
    (36003, None): Rule(K.CONTENT_REJECTED, "The picture is too tall or too wide: 4:5 to 1.91:1 is allowed. Crop it."),
    (36004, None): Rule(
        K.CONTENT_REJECTED,
        "The text is too long: 2,200 characters, 30 hashtags and 20 mentions are allowed. Shorten it.",
    ),
    (80001, None): TOO_FAST,
    (80002, None): TOO_FAST,
    (1609005, None): Rule(K.CONTENT_REJECTED, "Facebook cannot read the linked page. Check the link."),
}

# Subcodes that mean the same under whatever code they come.
BY_SUBCODE: Final[Mapping[int, Rule]] = {
    1346003: Rule(K.CONTENT_REJECTED, "Facebook flagged this content as abusive. Change it."),
    1349125: Rule(K.CONTENT_REJECTED, "Facebook does not take this kind of content. Change the media."),
    1363019: NEW_UPLOAD,
    1363021: NEW_UPLOAD,
    1363030: NEW_UPLOAD,
    1363033: NEW_UPLOAD,
    1363037: NEW_UPLOAD,
    1363040: Rule(K.CONTENT_REJECTED, "The reel must be between 9:16 and 16:9. Crop the video."),
    1363041: NEW_UPLOAD,
    1363047: SERVER_FAULT,
    1363127: Rule(K.CONTENT_REJECTED, "The reel needs at least 540 x 960 pixels. Use a larger video."),
    1363128: Rule(K.CONTENT_REJECTED, "The reel must last 3 to 90 seconds. Cut the video."),
    1363129: Rule(K.CONTENT_REJECTED, "The reel needs 24 to 60 frames a second. Convert the video."),
    1366046: Rule(K.CONTENT_REJECTED, "The photo is too large or of a wrong type. Use a JPEG or PNG of up to 4 MB."),
    1366051: Rule(K.CONTENT_REJECTED, "These photos were posted already. Add them to the post anew."),
    1390008: _wait("Facebook finds this profile posts too fast. Postline waits some hours.", 2 * HOUR),
    1404006: Rule(K.RECONNECT_NEEDED, "Facebook wants a security check. Log in at facebook.com, then reconnect."),
    1404078: Rule(
        K.RECONNECT_NEEDED,
        "The Page needs Facebook's publishing authorization. Complete it at facebook.com, then reconnect.",
    ),
    1404102: Rule(K.CONTENT_REJECTED, "Facebook says that this violates its Community Standards. Change the post."),
    1404112: Rule(K.CONTENT_REJECTED, "Facebook has limited this account for some days. Try again after that."),
    1609005: Rule(K.CONTENT_REJECTED, "Facebook cannot read the linked page. Check the link."),
    1609008: Rule(K.CONTENT_REJECTED, "Links to facebook.com cannot be posted so. Use another link."),
    1609010: Rule(K.TRANSIENT, "Facebook could not read the link. Postline tries again."),
    2061006: Rule(K.CONTENT_REJECTED, "A web address in the post is not valid. Correct it."),
    2069019: Rule(K.CONTENT_REJECTED, "The file is not valid. Use another."),
    2207076: NEW_UPLOAD,
    2207077: FETCH,
    2207081: Rule(K.CONTENT_REJECTED, "This account cannot use trial reels. Switch the option off."),
    2207082: NEW_UPLOAD,
    2207085: BAD_VIDEO,
    4854002: Rule(K.RECONNECT_NEEDED, "Facebook wants an identity check. Complete it in the app, then reconnect."),
} | {
    subcode: rule for (_, subcode), rule in RULES.items() if subcode is not None and subcode >= FIRST_INSTAGRAM_SUBCODE
}

# Whole ranges of codes: permissions, parameters of the audio search, limits by use case.
FAMILIES: Final = ((range(200, 300), PERMISSION), (range(9050, 9065), BUG), (range(80000, 80015), TOO_FAST))


def rule_for(code: int | None, subcode: int | None) -> Rule | None:
    """The rule of a code: the exact pair first, then the subcode, then families of codes, then the code alone."""
    if code is None:
        return BY_SUBCODE.get(subcode) if subcode is not None else None
    if (found := RULES.get((code, subcode))) is not None:
        return found
    if subcode is not None and (found := BY_SUBCODE.get(subcode)) is not None:
        return found
    family = next((rule for codes_of, rule in FAMILIES if code in codes_of), None)
    return RULES.get((code, None), family)


def error_for(
    code: int | None, subcode: int | None, text: str = "", retry_after: timedelta | None = None
) -> NetworkError:
    """The failure that a code stands for.

    An unknown one is the content's fault where nothing could be published, and an unknown outcome where it could.
    """
    name = "/".join(str(part) for part in (code, subcode) if part is not None) or "unknown"
    rule = rule_for(code, subcode)
    if rule is None:
        message = f"Meta refused this: {redact(text)[:200].rstrip('.') or 'it gave no reason'}. Change the post."
        return NetworkError(K.CONTENT_REJECTED, name, message)
    wait = (retry_after or rule.retry_after) if rule.kind is K.RATE_LIMITED else retry_after
    return NetworkError(rule.kind, name, rule.message, wait, rule.is_definite)


def error_from(envelope: Mapping[str, Any], retry_after: timedelta | None = None) -> NetworkError:
    """The failure in a Graph error envelope's inner object. Unknown fields are ignored."""
    text = str(envelope.get("error_user_msg") or envelope.get("message") or "")
    return error_for(as_number(envelope.get("code")), as_number(envelope.get("error_subcode")), text, retry_after)


def as_number(value: object) -> int | None:
    """A code as a whole number, whether it was sent as a number or as text."""
    try:
        return int(str(value))
    except ValueError:
        return None


def codes(error: NetworkError) -> tuple[int | None, int | None]:
    """Code and subcode of an error made here."""
    code, _, subcode = error.code.partition("/")
    return as_number(code), as_number(subcode)
