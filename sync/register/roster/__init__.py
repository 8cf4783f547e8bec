"""Roster import: the pupils on roll, from the files that schools can export.

A file is opened (`opening`), read row by row (`reading`), compared with the register (`plan`) and, once a
user has confirmed the result, applied in one transaction (`applying`). `latebook roster import`
and the office page both work this way.

Only the names, year, form, UPN and admission number of a row are read. Anything else in a file (dates of
birth, addresses, phone numbers, passwords) is skipped and never stored.

**Which pupil a row belongs to.** A pupil's id in the register never changes: cards, contacts, marks and
entries refer to it. A row belongs to the pupil with the same UPN, else the same admission number, else the
register id that equals the row's own id (a SIS id, a `sourcedId`). If the register has no such number, it
belongs to the only pupil on roll with the same name, year and form; a row without any number is also matched
by name and year, or by name alone, as long as one pupil and one row have it. A new pupil's id is the row's
own id, else the admission number, else a short new one (`n1`, `n2`, …). It is never the UPN, which the DfE's
guide calls a “blind” number that is not for everyday use, nor anything derived from it.

**Who has left.** A pupil on roll whom the file does not name has left: they get the day as `left_on` and are
no longer sent to kiosks, but none of their data is deleted. A pupil whose row was refused stays as they are.
A Common Transfer File names only the pupils it is about, so no pupil leaves because of one.
"""
