"""Roster import: who is on roll, from the files that schools can export.

A file is opened (`opening`), read row by row (`reading`), compared with the register (`plan`) and, once
somebody has seen what would happen and agreed, applied in one transaction (`applying`). `latebook roster
import` and the office page both go this way.

Names, year, form, UPN and admission number are all that is read from a row. Whatever else a file holds
(dates of birth, addresses, phone numbers, passwords) is passed over and never kept.

**Which pupil is which.** A pupil's id in the register never changes: cards, contacts, marks and entries
hang on it. A row is the pupil of the same UPN, else of the same admission number, else of the register id
that equals the row's own id (a SIS id, a `sourcedId`). Where the register knows no such number, it is the
only pupil on roll of the same name, year and form; a row without any number is also found by name and
year, or by name alone, as long as one pupil and one row carry it. A new pupil's id is the row's own id,
else the admission number, else a short new one (`n1`, `n2`, …): never the UPN, which by the DfE's guide is a
“blind” number that is not put to everyday use, and never anything worked out from it.

**Who is gone.** A pupil on roll whom the file does not name has left: they get the day as `left_on` and
vanish from what kiosks are sent, and nothing of theirs is deleted. A pupil whose row could not be taken
stays as they are. A Common Transfer File names only those it is about, so nobody leaves by one.
"""
