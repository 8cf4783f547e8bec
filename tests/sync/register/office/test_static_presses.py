"""In a real Chromium, a press acts only on the button that the user saw when pressing."""

import uuid
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from sync.register.storage.roster import ContactRow
from tests.sync.register.departures.test_release import ask, withdraw
from tests.sync.register.office.pages.test_leaving_browser import state
from tests.sync.register.support import Clock, Kiosk, Running

REDRAW = "htmx.trigger(document.querySelector('[data-live]'), 'due')"
DRAWN = "document.addEventListener('htmx:afterSwap', () => { document.body.dataset.drawn = 'yes' })"
ANSWERED = "document.addEventListener('htmx:afterRequest', () => { document.body.dataset.answered = 'yes' })"
STOPPED = "addEventListener('submit', (event) => { sessionStorage.stopped += ` ${event.defaultPrevented}` })"
A_DOUBLE_CLICK_MS = 900
BOTH_PAGES = ["/", "/leaving"]


@pytest.fixture
def still(page_with_clock: Page) -> Callable[[str], Page]:
    """Opens a page, whose time goes on from then on only where a test lets it."""

    def open_still(where: str) -> Page:
        page = page_with_clock
        page.clock.install()
        open_(page, where)
        # In its future, and too soon for it to be stale.
        page.clock.pause_at(page.evaluate("Date.now()") + 15_000)
        return page

    return open_still


@pytest.fixture
def amelia(kiosk: Kiosk) -> str:
    return requested(kiosk)


@pytest.fixture
def leo(register: Running, kiosk: Kiosk, clock: Clock) -> str:
    """The next request: its card is as tall as Amelia's, so that it takes her card's place."""
    with register.database.write() as session:
        for contact in session.scalars(select(ContactRow)).all():
            contact_values = {"relationship": contact.relationship, "may_collect": contact.may_collect}
            name = contact.name.replace("May", "Jo")
            session.add(
                ContactRow(school_id="oak-lane", id=f"{contact.id}L", pupil="P2", name=name, **contact_values)
            )
    clock.forward(seconds=5)
    return requested(kiosk, pupil="P2", collector="Aunt Jo")


def requested(kiosk: Kiosk, **changes: str) -> str:
    departure = str(uuid.uuid4())
    ask(kiosk, departure, **changes)
    return departure


def open_(page: Page, where: str) -> None:
    page.goto(urljoin(page.url, where))


def release(page: Page, departure: str) -> Locator:
    return page.locator(f"form[action='/leaving/{departure}/release'] button.release")


def press(button: Locator) -> None:
    """Click with the mouse even if the button is disabled."""
    button.click(force=True)


@pytest.mark.parametrize("where", BOTH_PAGES)
def test_a_double_click_releases_one_pupil_and_not_the_next(
    still: Callable[[str], Page], kiosk: Kiosk, amelia: str, leo: str, where: str
) -> None:
    page = still(where)
    release(page, amelia).click()
    expect(release(page, amelia)).to_have_count(0)
    expect(release(page, leo)).to_be_disabled()  # it is where hers was
    press(release(page, leo))
    page.clock.run_for(A_DOUBLE_CLICK_MS)
    expect(release(page, leo)).to_be_enabled()
    assert (state(kiosk, amelia), state(kiosk, leo)) == ("released", "waiting")
    release(page, leo).click()
    expect(release(page, leo)).to_have_count(0)
    assert state(kiosk, leo) == "released"


@pytest.mark.parametrize("where", BOTH_PAGES)
def test_a_button_that_takes_anothers_place_is_disabled_for_a_moment(
    still: Callable[[str], Page], kiosk: Kiosk, amelia: str, leo: str, where: str
) -> None:
    page = still(where)
    withdraw(kiosk, amelia)
    page.evaluate(REDRAW)
    expect(release(page, amelia)).to_have_count(0)
    expect(release(page, leo)).to_be_disabled()
    press(release(page, leo))
    requested(kiosk, pupil="P3", collector="Somebody")
    page.evaluate(REDRAW)  # and stays disabled after another redraw
    expect(page.get_by_role("heading", name="Yusuf Ahmed")).to_be_visible()
    press(release(page, leo))
    expect(release(page, leo)).to_be_disabled()
    page.clock.run_for(A_DOUBLE_CLICK_MS)
    expect(release(page, leo)).to_be_enabled()
    assert state(kiosk, leo) == "waiting"


@pytest.mark.parametrize("where", BOTH_PAGES)
def test_a_button_that_takes_the_place_of_another_control_is_disabled_too(
    still: Callable[[str], Page], kiosk: Kiosk, request: pytest.FixtureRequest, where: str
) -> None:
    amelia = requested(kiosk, collector="Barred Person")  # who cannot be released with one press
    leo = request.getfixturevalue("leo")
    page = still(where)
    expect(release(page, leo)).to_be_enabled()
    withdraw(kiosk, amelia)
    page.evaluate(REDRAW)
    expect(release(page, leo)).to_be_disabled()


def test_the_keyboard_acts_on_the_focused_button_at_once(
    still: Callable[[str], Page], kiosk: Kiosk, amelia: str, leo: str
) -> None:
    page = still("/leaving")
    release(page, amelia).click()
    expect(release(page, leo)).to_be_disabled()
    release(page, leo).focus()
    page.keyboard.press("Enter")
    expect(release(page, leo)).to_have_count(0)
    assert state(kiosk, leo) == "released"


def test_a_double_click_sends_a_form_once(page: Page) -> None:
    open_(page, "/kiosks")
    page.evaluate(STOPPED)
    page.get_by_role("button", name="Make an enrolment code").dblclick()
    expect(page.get_by_role("button", name="Make another code")).to_be_visible()
    assert page.evaluate("sessionStorage.stopped").count("false") == 1


def test_nothing_is_redrawn_while_a_key_is_down(
    still: Callable[[str], Page], kiosk: Kiosk, clock: Clock
) -> None:
    requested(kiosk, collector="Barred Person")
    page = still("/leaving")
    page.get_by_text("Release all the same").click()
    tick = page.get_by_label("I have checked that Barred Person may collect Amelia Kaur today.")
    tick.focus()
    page.keyboard.down("Space")
    page.evaluate(ANSWERED)
    clock.forward(minutes=1)
    requested(kiosk, pupil="P2")
    page.evaluate(REDRAW)
    expect(page.locator("body[data-answered]")).to_have_count(1)
    expect(page.get_by_role("heading", name="Leo Price, 10C")).to_have_count(0)
    page.keyboard.up("Space")
    expect(tick).to_be_checked()
    expect(page.get_by_role("heading", name="Leo Price, 10C")).to_be_visible()


def test_a_key_without_a_release_does_not_keep_the_page_stale(
    still: Callable[[str], Page], kiosk: Kiosk, clock: Clock
) -> None:
    page = still("/leaving")
    page.keyboard.down("Shift")
    requested(kiosk)
    page.clock.run_for(2000)
    page.keyboard.down("Shift")  # it repeats, as if something lay on the keyboard
    page.evaluate(REDRAW)
    expect(page.get_by_role("heading", name="Amelia Kaur")).to_be_visible()


@pytest.mark.parametrize("place", [(where, older) for where in BOTH_PAGES for older in (False, True)])
def test_the_focus_survives_a_redraw(
    page: Page, kiosk: Kiosk, amelia: str, leo: str, place: tuple[str, bool]
) -> None:
    where, older = place
    open_(page, where)
    if older:
        page.evaluate("Element.prototype.moveBefore = undefined")
    release(page, leo).focus()
    page.evaluate(DRAWN)
    withdraw(kiosk, amelia)
    expect(release(page, amelia)).to_have_count(0)
    expect(page.locator("body[data-drawn]")).to_have_count(1)
    expect(release(page, leo)).to_be_focused()


def test_typing_continues_after_a_redraw(page: Page, kiosk: Kiosk, clock: Clock, amelia: str) -> None:
    open_(page, "/leaving")
    page.evaluate("Element.prototype.moveBefore = undefined")
    page.get_by_text("Do not release Amelia Kaur").click()
    page.get_by_label("Why not?").focus()
    page.keyboard.type("her mother ")
    clock.forward(seconds=5)
    requested(kiosk, pupil="P2")
    expect(page.get_by_role("heading", name="Leo Price, 10C")).to_be_visible()
    page.keyboard.type("said no")
    expect(page.get_by_label("Why not?").first).to_have_value("her mother said no")
