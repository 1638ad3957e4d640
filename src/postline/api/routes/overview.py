"""Looking at everything at once: the calendar and the reports."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from postline.api.deps import UnitDep
from postline.calendar.queries import read_calendar
from postline.calendar.schemas import CalendarOut
from postline.reports.queries import report_posts
from postline.reports.schemas import PostsReport

router = APIRouter(prefix="/accounts/{account_id}")

From = Annotated[date, Query(alias="from", description="First day, in the account's time zone")]
To = Annotated[date, Query(alias="to", description="The day after the last one")]


@router.get("/calendar", tags=["calendar"])
async def calendar(unit: UnitDep, first: From, end: To) -> CalendarOut:
    """All profiles' posts with a time in a span of days."""
    return await read_calendar(unit.session, unit.account, first, end)


@router.get("/reports/posts", tags=["reports"])
async def posts_report(unit: UnitDep, first: From, end: To) -> PostsReport:
    """What went live in a span of days, its numbers, and how late it was."""
    return await report_posts(unit.session, unit.account, first, end)
