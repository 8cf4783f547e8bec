"""The addresses of Pupils & cards: the list, and a pupil's record."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from sync.register import audit
from sync.register.context import Register, RegisterDep, client_of
from sync.register.office.pages.frame import framed
from sync.register.office.views import wording
from sync.register.office.views.pupil import DAYS, KIND_WORDS, Record, record
from sync.register.office.web.exporting import export_list
from sync.register.office.web.guard import LoggedIn
from sync.register.office.web.rendering import page
from sync.register.permissions import Permission, Person, may, require
from sync.register.roster.search import PupilListing, PupilSearch, find_pupils, years_and_forms
from sync.register.storage.models import PupilRow, SchoolRow

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

LIST = "pupil-list"
"""The part of the page that is fetched anew as somebody types."""
MOST_SHOWN = 200
"""Pupils on the page before somebody asks for all of them; a file and a printed list have everybody."""


Text = Annotated[str, Query(max_length=100)]


class _Shown:
    """The list as the templates draw it."""

    def __init__(self, pupils: list[PupilListing], wanted: PupilSearch, *, everybody: bool) -> None:
        self.wanted = wanted
        self.number = len(pupils)
        self.pupils = pupils if everybody else pupils[:MOST_SHOWN]
        self.more = len(pupils) - len(self.pupils)
        query = {"find": wanted.text, "year": wanted.year, "form": wanted.form}
        chosen = {name: value for name, value in query.items() if value}
        if wanted.left:
            chosen["left"] = "true"
        self.query = urlencode(chosen)
        self.everybody = urlencode(chosen | {"everybody": "true"})

    @property
    def said(self) -> str:
        """The list in a sentence."""
        number = wording.count(self.number, "pupil", "pupils")
        return f"{number} who {'has' if self.number == 1 else 'have'} left" if self.wanted.left else number


@router.get("/pupils")
def pupils_page(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    *,
    find: Text = "",
    year: Text = "",
    form: Text = "",
    left: bool = False,
    everybody: bool = False,
) -> Response:
    """The pupils by year and form, and the search; the list alone, where that is what is fetched."""
    require(person.role, Permission.SEE_PUPIL)
    wanted = PupilSearch(find, year, form, left)
    with register.database.read() as session:
        shown = _Shown(find_pupils(session, person.school, wanted), wanted, everybody=everybody)
        years, forms = years_and_forms(session, person.school)
    if request.headers.get("hx-target") == LIST:
        return page("pupils_list.html", shown=shown)
    return framed(
        "pupils.html",
        request,
        register,
        person,
        here="pupils",
        shown=shown,
        years=years,
        forms=forms,
        may_import=may(person.role, Permission.IMPORT_ROSTER),
    )


@router.get("/pupils.csv")
def pupils_csv(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    *,
    find: Text = "",
    year: Text = "",
    form: Text = "",
    left: bool = False,
) -> Response:
    """The same list as a file. No UPN is in it: that number is not for everyday lists (DfE's guide)."""
    require(person.role, Permission.SEE_PUPIL)
    with register.database.read() as session:
        pupils = find_pupils(session, person.school, PupilSearch(find, year, form, left))
    header = ("Year", "Form", "Last name", "First name", "Preferred name", "Admission number", "Cards")
    rows = [
        (each.year, each.form, each.last, each.first, each.preferred, each.admission_number, each.cards)
        for each in pupils
    ]
    return export_list(request, register, person, what="pupils", header=header, rows=rows)


@router.get("/pupil")
def pupil_page(
    request: Request, register: RegisterDep, person: LoggedIn, id_: Annotated[str, Query(alias="id")]
) -> Response:
    """A pupil's record. That somebody has looked is in the audit."""
    return show_record(request, register, person, id_)


def show_record(
    request: Request,
    register: Register,
    person: Person,
    pupil: str,
    *,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """The record's page, and a look at it in the audit.

    Raises:
        NotAllowedError, HTTPException: as for `record_of`.
    """
    return framed(
        "pupil.html",
        request,
        register,
        person,
        here="pupils",
        status=status,
        record=record_of(request, register, person, pupil),
        days=DAYS,
        kinds=KIND_WORDS,
        problem=problem,
        may_change=may(person.role, Permission.CHANGE_PUPIL),
    )


def record_of(request: Request, register: Register, person: Person, pupil: str) -> Record:
    """A pupil's record. That somebody has looked is in the audit.

    Raises:
        NotAllowedError: they may not see pupils' records.
        HTTPException: 404, the school has no such pupil.
    """
    require(person.role, Permission.SEE_PUPIL)
    now = register.now()
    with register.database.write() as session:
        if session.get(PupilRow, (person.school, pupil)) is None:
            raise HTTPException(404)
        who = audit.by(person, client_of(request))
        audit.note(session, who, audit.Action.PUPIL_SEEN, now=now, subject=pupil)
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school)
        return record(session, school, session.get_one(PupilRow, (person.school, pupil)), now=now)
