"""Days counted from today, as moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY, SUNDAY = 5, 6
MORNING = "11:00"


@dataclass(frozen=True, slots=True)
class Days:
    """Turns "14 days ago at 17:30" into a moment."""

    today: date
    zone: ZoneInfo

    def day(self, number: int) -> date:
        """Return the day that is `number` days from today."""
        return self.today + timedelta(days=number)

    def moment(self, number: int, clock: str) -> datetime:
        """Return a moment of that day."""
        return datetime.combine(self.day(number), time.fromisoformat(clock), tzinfo=self.zone)

    def meeting(self, number: int, clock: str) -> datetime:
        """Return when a meeting of about that day begins: nobody meets on Sundays, and on Saturdays in the morning."""
        weekday = self.day(number).weekday()
        if weekday == SUNDAY:
            return self.meeting(number - 1, clock)
        return self.moment(number, MORNING if weekday == SATURDAY else clock)
