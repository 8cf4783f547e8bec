"""School calendars as files: iCalendar, bank holidays, school years."""
