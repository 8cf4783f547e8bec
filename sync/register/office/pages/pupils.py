"""The Pupils & cards page: the list of pupils, searched and filtered, and the list as a file."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from sync.register.context import RegisterDep
from sync.register.office.views import wording
from sync.register.office.web.exporting import export_list
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import LoggedIn, allowed
from sync.register.office.web.navigation import NavigationEntry
from sync.register.office.web.rendering import render_template
from sync.register.permissions import Permission, may, require
from sync.register.roster.search import PupilListing, PupilSearch, find_pupils, years_and_forms

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[allowed(Permission.SEE_PUPIL)],
)
NAVIGATION = NavigationEntry(
    "pupils", "/pupils", "Pupils & cards", "users-round", Permission.SEE_PUPIL, place=80
)

LIST = "pupil-list"
"""The part of the page that is fetched again while the user types."""
MOST_SHOWN = 200
"""Pupils on the page until the user asks for all. A file has all of them."""


Text = Annotated[str, Query(max_length=100)]


class _PupilList:
    """The list as the templates draw it."""

    def __init__(self, pupils: list[PupilListing], search: PupilSearch, *, everyone: bool) -> None:
        self.search = search
        self.number = len(pupils)
        self.pupils = pupils if everyone else pupils[:MOST_SHOWN]
        self.more = len(pupils) - len(self.pupils)
        fields = {"find": search.text, "year": search.year, "form": search.form}
        query = {name: value for name, value in fields.items() if value}
        if search.left:
            query["left"] = "true"
        self.query = urlencode(query)
        self.everyone_query = urlencode(query | {"everyone": "true"})

    @property
    def heading(self) -> str:
        """`12 pupils`, or `1 pupil who has left`."""
        number = wording.count(self.number, "pupil", "pupils")
        return f"{number} who {'has' if self.number == 1 else 'have'} left" if self.search.left else number


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
    everyone: bool = False,
) -> Response:
    """The Pupils & cards page; only the list for a request from the search field."""
    require(person.role, Permission.SEE_PUPIL)
    search = PupilSearch(find, year, form, left)
    with register.database.read() as session:
        listing = _PupilList(find_pupils(session, person.school, search), search, everyone=everyone)
        years, forms = years_and_forms(session, person.school)
    if request.headers.get("hx-target") == LIST:
        return render_template("pupils_list.html", listing=listing)
    return render_page(
        "pupils.html",
        request,
        register,
        person,
        page_name="pupils",
        listing=listing,
        years=years,
        forms=forms,
        may_import=may(person.role, Permission.IMPORT_ROSTER),
    )


@router.get("/pupils.csv")
def pupils_file(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    *,
    find: Text = "",
    year: Text = "",
    form: Text = "",
    left: bool = False,
) -> Response:
    """The same list as a file. The UPN is left out: the DfE's guide keeps it off everyday lists."""
    require(person.role, Permission.SEE_PUPIL)
    with register.database.read() as session:
        pupils = find_pupils(session, person.school, PupilSearch(find, year, form, left))
    header = ("Year", "Form", "Last name", "First name", "Preferred name", "Admission number", "Cards")
    rows = [
        (each.year, each.form, each.last, each.first, each.preferred, each.admission_number, each.cards)
        for each in pupils
    ]
    return export_list(request, register, person, name="pupils", header=header, rows=rows)
