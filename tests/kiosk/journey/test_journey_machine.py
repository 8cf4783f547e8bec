"""Touches, taps, answers and faults in any order: the kiosk never fails and never shows anything untrue."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, time
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from attendance.reasons import Reason
from kiosk.desk import SELF, SignOut
from kiosk.journey import RELEASE_S, CardResult
from kiosk.views import (
    BackAtView,
    BringView,
    BroughtView,
    ConfirmView,
    DoneView,
    Evidence,
    EvidenceView,
    FindView,
    HomeView,
    LeftView,
    Link,
    LinkStatus,
    Look,
    NameView,
    PinState,
    PinView,
    ReasonView,
    Relationship,
    RelationshipView,
    ReleaseState,
    ReleaseView,
    ReleaseYesView,
    RequestListView,
    StaffView,
    UnlistedView,
    YearView,
)
from kiosk.views.touches import (
    AddPupil,
    AddSibling,
    AskStaff,
    AssignCard,
    CancelRequest,
    ChangeName,
    ChooseBringing,
    ChooseCollecting,
    ChooseEvidence,
    ChooseLanguage,
    ChooseLate,
    ChooseLeaving,
    ChoosePupil,
    ChooseReason,
    ChooseRelationship,
    ChooseRequest,
    ChooseReturning,
    ChooseReturnTime,
    ChooseStaff,
    ChooseYear,
    CleanScreen,
    Confirm,
    ConfirmName,
    ConfirmPupil,
    EnterPin,
    Erase,
    FindByYear,
    Finish,
    GoBack,
    LeaveApp,
    Lock,
    ManageCards,
    NameNotListed,
    OpenHelp,
    PressLetter,
    RevokeCards,
    SendNow,
    ShowPresence,
    ShowRequests,
    SignInChildren,
    Stay,
    ToggleContrast,
    ToggleLargeText,
    Touch,
    TurnPage,
    UndoEntry,
    Wake,
)
from sync.wire import DepartureState, Entry, Kind
from tests.kiosk.reception import PUPILS, bundle, card_of, pupil, reception
from tests.kiosk.walking import choose, collecting, present

FAMILY = (*PUPILS[:4], pupil("P5", "Tom", "Black", "10C", year="10", leaves_alone=True))
SCHOOL = bundle(pupils=FAMILY)
IDS = [each.id for each in FAMILY]
PLAIN_TOUCHES = (
    ChooseLate(),
    ChooseBringing(),
    ChooseCollecting(),
    ChooseLeaving(),
    ChooseReturning(),
    ChooseStaff(),
    Erase(),
    FindByYear(),
    ConfirmName(),
    AddPupil(),
    ChangeName(),
    SignInChildren(),
    AddSibling(),
    AskStaff(),
    ShowRequests(),
    CancelRequest(),
    EnterPin(),
    Confirm(),
    ShowPresence(),
    TurnPage(),
    SendNow(),
    CleanScreen(),
    ManageCards(),
    AssignCard(),
    RevokeCards(),
    LeaveApp(),
    Lock(),
    GoBack(),
    Finish(),
    Wake(),
    Stay(),
    OpenHelp(),
    ToggleLargeText(),
    ToggleContrast(),
    NameNotListed(),
)
EVENTS = ("go_home", "screen_failed", "two_cards", "unreadable_card", "school_changed")
"""Methods of the journey that other parts call."""


class AnyVisits(RuleBasedStateMachine):
    """A kiosk with its users, office, card register, disk and clock."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.open = ExitStack()
        self.desk = self.open.enter_context(reception(self.folder, at="10:00", school=SCHOOL))
        self.make_room: Callable[[], None] | None = None
        self.office_released: set[str] = set()
        self.right_pins = 0
        self.seen_entries: set[UUID] = set()
        self.day: dict[str, date] = {}
        self.released_family: set[str] = set()
        """The pupils of the release that was on the screen last."""
        self.before: set[UUID] = set()
        """The entries that were there when the release began."""

    # --- users -------------------------------------------------------------------------------------

    @rule(touch=st.sampled_from(PLAIN_TOUCHES))
    def touch(self, touch: Touch) -> None:
        self.desk.journey.handle(touch)

    @rule(name=st.sampled_from(EVENTS))
    def event(self, name: str) -> None:
        getattr(self.desk.journey, name)()

    @rule(data=st.data(), steps=st.integers(min_value=1, max_value=10))
    def go_on_as_a_user_would(self, data: st.DataObject, steps: int) -> None:
        """Touch what a user would touch on each screen: chance alone would hardly ever reach a release."""
        for _ in range(steps):
            self.go_on(data)
            self.note_the_release_on_the_screen()
            self.a_result_mentions_the_whole_family()
            self.everything_shown_as_recorded_is_in_the_journal()

    def go_on(self, data: st.DataObject) -> None:
        journey, view = self.desk.journey, self.desk.journey.view
        match view:
            case HomeView():
                touches: tuple[Touch, ...] = (*PLAIN_TOUCHES[:6], ShowRequests())
                journey.handle(data.draw(st.sampled_from(touches)))
            case YearView():
                journey.handle(ChooseYear(data.draw(st.sampled_from(view.years))))
            case FindView() if view.matches:
                chosen = data.draw(st.sampled_from(view.matches)).id
                journey.handle(ConfirmPupil(chosen) if view.asks else ChoosePupil(chosen))
            case FindView():
                self.desk.type(data.draw(st.sampled_from(["TO", "AM", "ZO", "KE"])))
            case BringView():
                self.bring(data)
            case UnlistedView():
                self.desk.type("JAMIE NOLAN")
                journey.handle(ConfirmName())
            case NameView():
                self.desk.type("RUTH OKAFOR")
                journey.handle(ConfirmName())
            case RelationshipView() | ReasonView() | BackAtView() | EvidenceView():
                self.answer(data)
            case ReleaseView() if data.draw(st.booleans()):
                waits = [each.pupil.id for each in view.pupils if each.state is not ReleaseState.SAVING]
                if waits:
                    self.office_says(data.draw(st.sampled_from(["released", "refused"])), waits[0])
            case PinView() | ReleaseView():
                self.type_pin("4711")
            case _:
                self.desk.settle()
                self.go_on_as_staff(data)

    def bring(self, data: st.DataObject) -> None:
        """Choose a reason or add a child; then sign the children in."""
        journey, view = self.desk.journey, self.desk.view_as(BringView)
        if view.reasons:
            journey.handle(ChooseReason(data.draw(st.sampled_from(view.reasons))))
        choices: list[Touch] = [AddPupil(), SignInChildren()]
        journey.handle(data.draw(st.sampled_from(choices)))

    def answer(self, data: st.DataObject) -> None:
        journey, view = self.desk.journey, self.desk.journey.view
        match view:
            case RelationshipView():
                journey.handle(ChooseRelationship(data.draw(st.sampled_from([None, *Relationship]))))
            case ReasonView():
                journey.handle(ChooseReason(data.draw(st.sampled_from([None, *view.reasons]))))
            case BackAtView():
                journey.handle(ChooseReturnTime(data.draw(st.sampled_from([None, *view.times]))))
            case EvidenceView():
                journey.handle(ChooseEvidence(data.draw(st.sampled_from([None, *Evidence]))))

    @rule(pupil=st.sampled_from([("P5", "TO"), ("P1", "AM"), ("P3", "ZO")]), at_once=st.booleans())
    def collect(self, pupil: tuple[str, str], at_once: bool) -> None:
        """An adult goes all the way to the release, from wherever the kiosk is."""
        self.desk.journey.go_home()
        for choice, _expected in collecting(*pupil):
            choose(self.desk, choice)
        if at_once and isinstance(self.desk.journey.view, ReleaseView):
            self.office_says("released", pupil[0])

    def go_on_as_staff(self, data: st.DataObject) -> None:
        journey, view = self.desk.journey, self.desk.journey.view
        match view:
            case RequestListView():
                journey.handle(ChooseRequest(data.draw(st.sampled_from(view.requests)).id))
            case ReleaseYesView():
                self.desk.waits(1)
                journey.handle(Confirm())
            case StaffView() if view.lines:
                journey.handle(UndoEntry(data.draw(st.sampled_from(view.lines)).entry))
            case ConfirmView():
                journey.handle(Confirm())
            case _:
                journey.handle(Finish())

    @rule(letter=st.sampled_from("AMEKTOBLZ -’"))
    def press(self, letter: str) -> None:
        self.desk.journey.handle(PressLetter(letter))

    @rule(pupil_id=st.sampled_from([*IDS, "nobody"]))
    def choose_pupil(self, pupil_id: str) -> None:
        self.desk.journey.handle(ChoosePupil(pupil_id))

    @rule(pupil_id=st.sampled_from([*IDS, "nobody"]))
    def confirm_pupil(self, pupil_id: str) -> None:
        self.desk.journey.handle(ConfirmPupil(pupil_id))

    @rule(reason=st.sampled_from([None, *Reason]))
    def choose_reason(self, reason: Reason | None) -> None:
        self.desk.journey.handle(ChooseReason(reason))

    @rule(back=st.sampled_from([None, time(11, 30), time(0, 0)]))
    def choose_back_at(self, back: time | None) -> None:
        self.desk.journey.handle(ChooseReturnTime(back))

    @rule(year=st.sampled_from(["7", "N", "99"]), tag=st.sampled_from(["pl", "ur", "en"]))
    def choose_year_and_language(self, year: str, tag: str) -> None:
        self.desk.journey.handle(ChooseYear(year))
        self.desk.journey.handle(ChooseLanguage(tag))

    @rule(digits=st.sampled_from(["4711", "190283", "0000", "12"]))
    def type_pin(self, digits: str) -> None:
        journey = self.desk.journey
        if isinstance(journey.view, ReleaseView):
            journey.handle(AskStaff())
        if isinstance(journey.view, PinView) and digits in ("4711", "190283"):
            self.right_pins += 1
        if not isinstance(journey.view, PinView) or journey.view.state is not PinState.CHECKING:
            self.desk.pin(digits)

    @rule(pupil_id=st.sampled_from(IDS))
    def tap(self, pupil_id: str) -> None:
        self.desk.tap(pupil_id)

    @rule()
    def tap_unknown(self) -> None:
        self.desk.journey.card([card_of("P99")], self.desk.clock.reading())

    # --- time, other parts and faults --------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.5, 5, 20, 61, 299, 3600]))
    def time_passes(self, seconds: float) -> None:
        self.desk.waits(seconds)

    @rule()
    def settle(self) -> None:
        self.desk.settle()

    @rule(
        which=st.integers(min_value=0, max_value=50),
        answer=st.sampled_from(["released", "refused", "withdrawn", "never", "offline", "waiting"]),
    )
    def office(self, which: int, answer: str) -> None:
        office, journey = self.desk.office, self.desk.journey
        if not office.requests:
            return
        request_id = list(office.requests)[which % len(office.requests)]
        pupil_id = office.requests[request_id].pupil
        if answer in ("offline", "waiting"):
            journey.request_changed(request_id, ReleaseState(answer))
        elif answer == "never":
            journey.request_answered(request_id, None)
        else:
            office.requests[request_id] = office.requests.pop(request_id)  # make it the last one of the pupil
            self.office_says(answer, pupil_id)

    def office_says(self, answer: str, pupil_id: str) -> None:
        office = self.desk.office
        if answer == "released" and office.request_for(pupil_id) not in office.withdrawn:
            self.office_released.add(pupil_id)
        office.says(DepartureState(answer), pupil_id)

    @rule(cards=st.sampled_from([None, 0, 1]))
    def card_register(self, cards: int | None) -> None:
        if self.desk.cards.callbacks:
            self.desk.cards.answers(CardResult(cards=cards, error=None if cards else "No."))

    @rule(may=st.sampled_from([None, True, False]))
    def family_list(self, may: bool | None) -> None:
        self.desk.family_list.list_says(may)

    @rule(link=st.sampled_from(list(Link)))
    def link(self, link: Link) -> None:
        self.desk.journey.link_changed(LinkStatus(link, 1))

    @rule(ready=st.booleans())
    def reader(self, ready: bool) -> None:
        self.desk.journey.reader_changed(ready=ready)

    @rule()
    def disk(self) -> None:
        """Fill the disk, or make room again."""
        if self.make_room is None:
            self.make_room = self.desk.disk_is_full()
        else:
            self.make_room()
            self.make_room = None

    @rule(trust=st.sampled_from(["synced", "held", "unknown"]))
    def clock(self, trust: str) -> None:
        self.desk.clock.trust = trust

    @rule()
    def restart(self) -> None:
        self.desk.journey.stop()
        self.desk.settle()
        self.check_seen_entries()
        office, clock = self.desk.office, self.desk.clock
        self.open.close()
        self.make_room = None
        self.desk = self.open.enter_context(reception(self.folder, school=SCHOOL, clock=clock))
        office.journey = self.desk.journey
        taken_up = set(self.desk.office.requests)
        self.desk.office.requests.update(office.requests)
        self.desk.office.withdrawn.extend(
            each for each in office.requests if each in office.withdrawn or each not in taken_up
        )  # no adult waits for these any more

    # --- invariants --------------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        return [record.entry for record in self.desk.journal.newest(10_000).result(5)]

    def check_seen_entries(self) -> None:
        """Everything that a screen has shown as recorded is in the journal."""
        assert self.seen_entries <= {entry.id for entry in self.entries()}

    @invariant()
    def note_the_release_on_the_screen(self) -> None:
        view = self.desk.journey.view
        if isinstance(view, ReleaseView):
            family = {each.pupil.id for each in view.pupils}
            if family != self.released_family:
                self.released_family, self.before = family, {entry.id for entry in self.entries()}
        elif not isinstance(view, PinView | LeftView):
            self.released_family = set()

    @invariant()
    def everything_shown_as_recorded_is_in_the_journal(self) -> None:
        view = self.desk.journey.view
        if isinstance(view, DoneView):
            new = {view.entry} - self.seen_entries
        elif isinstance(view, LeftView | BroughtView):
            new = set(view.entries) - self.seen_entries
        else:
            return
        self.seen_entries |= new
        if new:
            self.check_seen_entries()

    @invariant()
    def a_result_mentions_the_whole_family(self) -> None:
        view = self.desk.journey.view
        if not isinstance(view, LeftView) or self.released_family.isdisjoint(each.id for each in view.pupils):
            return  # also the result of another request, whose pupil has tapped a card on the way out
        earlier = bool(view.entries) and self.before.issuperset(view.entries)
        if not earlier:  # not the result of a card that waited for the end of this release
            mentioned = [each.id for each in (*view.pupils, *view.not_released, *view.not_saved)]
            assert sorted(mentioned) == sorted(self.released_family)
            self.released_family = set()

    @invariant()
    def no_pupil_is_out_without_a_release_or_permission(self) -> None:
        for entry in self.entries():
            if entry.kind is not Kind.DEPARTURE:
                continue
            detail = present(entry.departure)
            if detail.collector == SELF:
                assert entry.pupil == "P5"
            elif detail.released_by == "A. Reed":
                assert entry.pupil in self.office_released
            else:
                assert detail.released_by in ("R. Osei (Receptionist)", "M. Lindqvist (Head of year)")
                assert self.right_pins

    @invariant()
    def no_pupil_is_signed_out_twice(self) -> None:
        entries = self.entries()
        undone = {entry.pupil for entry in entries if entry.voids}
        last: dict[str, Kind] = {}
        for entry in entries:
            if entry.pupil in undone or entry.corrects:
                continue
            twice = entry.kind is last.get(entry.pupil) is Kind.DEPARTURE
            assert not twice or entry.at.date() != self.day[entry.pupil], "signed out twice"
            last[entry.pupil] = entry.kind
            self.day[entry.pupil] = entry.at.date()

    @invariant()
    def no_pupil_arrives_twice(self) -> None:
        entries = self.entries()
        undone = {entry.pupil for entry in entries if entry.voids}
        arrivals = [
            (entry.pupil, entry.date, entry.session)
            for entry in entries
            if entry.kind is Kind.ARRIVAL and entry.clock.trust != "unknown" and entry.pupil not in undone
        ]
        assert len(set(arrivals)) == len(arrivals)

    def teardown(self) -> None:
        desk = self.desk
        if self.make_room is not None:
            self.make_room()
        while isinstance(desk.journey.view, PinView) and desk.journey.view.state is PinState.CHECKING:
            desk.deliver_next()
        for _ in range(60):
            desk.settle()
            desk.waits(RELEASE_S)
        assert isinstance(desk.journey.view, HomeView), "every visit ends at home after a while"
        assert desk.journey.view.requests == (), "no request is left waiting"
        assert desk.frames[-1].look == Look("en")
        assert desk.frames[-1].cards_waiting == 0, "no card is left waiting"
        assert desk.frames[-1].notice is None
        self.check_seen_entries()
        out = {each.pupil.id for each in desk.desk.whereabouts() if isinstance(each, SignOut)}
        clock = desk.clock
        self.open.close()
        with reception(self.folder, school=SCHOOL, clock=clock) as again:
            out_after_restart = {
                each.pupil.id for each in again.desk.whereabouts() if isinstance(each, SignOut)
            }
        assert out_after_restart == out, "a restart knows who is out"
        shutil.rmtree(self.folder)


TestAnyVisits = AnyVisits.TestCase
TestAnyVisits.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
