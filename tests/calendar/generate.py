#!/usr/bin/env python3
"""Writes due-days.csv: for each day of 2020 to 2040 as the day of notification, the last of five working days after it.

Belgian public holidays come from the PyPI package `holidays`, version 0.109; Saturdays count under mon-sat, Sundays
never do. The table is committed, and nothing needs this script unless the table is to be made anew:

    pip install holidays==0.109 && python3 tests/calendar/generate.py > tests/calendar/due-days.csv
"""

from datetime import date, timedelta

import holidays

FIRST, LAST, TERM = date(2020, 1, 1), date(2040, 12, 31), 5
BELGIUM = holidays.country_holidays("BE", years=range(FIRST.year, LAST.year + 2))
DAY = timedelta(days=1)


def due(notified: date, days_of_week: int) -> date:
    """The day on which the fifth working day after `notified` is counted; Monday is weekday 0."""
    working_days = []
    day = notified
    while len(working_days) < TERM:
        day += DAY
        if day.weekday() < days_of_week and day not in BELGIUM:
            working_days.append(day)
    return working_days[-1]


print("notified,mon-fri,mon-sat")
day = FIRST
while day <= LAST:
    print(day, due(day, 5), due(day, 6), sep=",")
    day += DAY
