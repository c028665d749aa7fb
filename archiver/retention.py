"""How long what is written once is to be kept from being deleted: the settings' ``[retention]``.

The law: nothing is retained for more than ``LONGEST``. Nobody can take a retention under compliance back, so a slip of
the keyboard would stay for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archiver.errors import UsageError
from storage.protection import Mode, Retention

LONGEST = timedelta(days=36_525)
"""A hundred years."""

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """The default retention of an archive; none by default.

    Attributes:
        mode: ``governance`` or ``compliance``.
        years: for how long, from the day on which something is stored.
        days: the same in days; one of the two.
    """

    mode: str = str(Mode.GOVERNANCE)  # plain text, as the settings are read
    years: int = 0
    days: int = 0

    def check(self, where: str) -> None:
        """Refuse what makes no retention.

        Raises:
            UsageError: the mode is unknown, or there is not one duration, or it is longer than any may be.
        """
        if self.mode not in set(Mode):
            raise UsageError(f"{where}: mode must be one of {', '.join(Mode)}, and is {self.mode!r}")
        if bool(self.years) == bool(self.days):
            raise UsageError(f"{where} needs years or days, and not both")
        if timedelta(days=self.days or self.years * 365) > LONGEST:
            raise UsageError(f"{where} is longer than {LONGEST.days // 365} years", hint="nobody could take it back")

    def retention(self, now: datetime) -> Retention:
        """What that means today, to the end of the day: the same words on the same day give the same retention."""
        day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + _A_DAY
        return Retention(Mode(self.mode), _years_later(day, self.years) if self.years else day + self.days * _A_DAY)


def _years_later(day: datetime, years: int) -> datetime:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)
