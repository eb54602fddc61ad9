"""Bulgarian: 19 ноември 2026 г., 24 hours. A no-break space holds the "г." to its year, and the "ч." to its hour."""

DATE_FORMAT = "j F Y\u00a0г."
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y\u00a0г., H:i\u00a0ч."
YEAR_MONTH_FORMAT = "F Y\u00a0г."
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "j.m.Y\u00a0г."
SHORT_DATETIME_FORMAT = "j.m.Y\u00a0г., H:i\u00a0ч."
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]
