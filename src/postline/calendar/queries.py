"""Reading the calendar."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.models import Account
from postline.approvals import service as approvals
from postline.calendar.schemas import CalendarEntry, CalendarOut, CalendarProfile
from postline.core.schedule import to_instant, to_local
from postline.core.words import Format, NetworkKey
from postline.media.schemas import asset_path
from postline.posts.models import Delivery, Post
from postline.posts.queries import derived_state, whole_posts
from postline.posts.service import due_instant
from postline.refusals import invalid

CAPTION_SHOWN: Final = 120
LONGEST: Final = timedelta(days=400)


async def read_calendar(session: AsyncSession, account: Account, first: date, end: date) -> CalendarOut:
    """Posts with a time from the start of `first` up to and without `end`, in the account's zone, in order of time."""
    since, until = day_bounds(account.time_zone, first, end)
    # A post's own zone may differ from the account's, so read a day more on both sides and compare instants.
    margin = timedelta(days=1)
    in_reach = select(Delivery.post_id).where(Delivery.due_at >= since, Delivery.due_at < until)
    lowest, highest = (datetime.combine(first, time()) - margin, datetime.combine(end, time()) + margin)
    query = whole_posts().where(Post.local_time.between(lowest, highest) | Post.id.in_(in_reach))
    posts = [post for post in await session.scalars(query) if _is_within(post, since, until)]
    current = await approvals.latest_by_post(session, [post.id for post in posts])
    entries = [
        CalendarEntry(
            post_id=post.id,
            local_time=to_local(instant, account.time_zone),
            due_at=instant,
            format=Format(post.format),
            caption=post.caption[:CAPTION_SHOWN],
            state=derived_state(post, current.get(post.id)),
            needs_approval=post.needs_approval,
            thumbnail_url=f"{asset_path(post.media[0].asset)}/thumbnail" if post.media else None,
            profiles=[
                CalendarProfile(id=d.profile_id, network=NetworkKey(d.network), name=d.profile.name)
                for d in post.deliveries
            ],
            version=post.version,
        )
        for post in posts
        if (instant := due_instant(post)) is not None
    ]
    return CalendarOut(time_zone=account.time_zone, entries=sorted(entries, key=lambda entry: entry.due_at))


def day_bounds(zone: str, first: date, end: date) -> tuple[datetime, datetime]:
    """The instants at which two days begin in a zone. Raises Refusal when they are not in order or too far apart."""
    if not first < end <= first + LONGEST:
        raise invalid("range-unusable", "Choose an end after the start, and at most 400 days.", "/to")
    return to_instant(datetime.combine(first, time()), zone), to_instant(datetime.combine(end, time()), zone)


def _is_within(post: Post, since: datetime, until: datetime) -> bool:
    instant = due_instant(post)
    return instant is not None and since <= instant < until
