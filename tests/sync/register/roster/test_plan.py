"""What an import would do, and does: pupils who are new, changed and gone, and which row is whose."""

from datetime import date

import pytest
from sqlalchemy import select

from sync.register.roster.applying import apply_plan
from sync.register.roster.errors import RosterChangedError, RosterError
from sync.register.roster.files import Source
from sync.register.roster.plan import FieldChange, Plan, make_plan
from sync.register.schools.plans import plans_of
from sync.register.schools.schools import bundle, bundle_version
from sync.register.storage.database import Database
from sync.register.storage.models import CardRow, PlanRow, PupilRow
from tests.sync.register.roster.formats.test_ctf import ctf, pupil
from tests.sync.register.roster.support import SCHOOL, TODAY, csv, import_, plan, pupils, reading, upn

pytestmark = pytest.mark.both_databases

HEADING = "Adm No,UPN,Surname,Forename,Preferred Name,NC Year,Reg Group"
MANY = 20
"""So many pupils that one of them is less than a tenth."""


def roster(count: int = MANY, **changed: str) -> Source:
    """Pupils 1 to `count`; `p3="…"` replaces the row of pupil 3, `p3=""` leaves it out."""
    rows = [changed.get(f"p{n}", f"{n:04d},{upn(n)},Bell{n},Ida,,7,7B") for n in range(1, count + 1)]
    return csv(HEADING, *filter(None, rows))


def numbers(of: Plan) -> tuple[int, int, int, int, int]:
    """New, changed, gone, unchanged, not taken."""
    return len(of.new), len(of.changed), len(of.gone), of.unchanged, len(of.refused)


def version(database: Database) -> str:
    with database.read() as session:
        return bundle_version(session, SCHOOL)


def test_the_first_import_adds_every_pupil_with_the_admission_number_as_id(school: Database) -> None:
    assert numbers(import_(school, roster())) == (MANY, 0, 0, 0, 0)
    third = pupils(school)["0003"]
    assert (third.first, third.last, third.year, third.form) == ("Ida", "Bell3", "7", "7B")
    assert (third.upn, third.admission_number, third.left_on) == (upn(3), "0003", None)
    with school.read() as session:
        assert [p.id for p in bundle(session, SCHOOL).pupils] == [f"{n:04d}" for n in range(1, MANY + 1)]


def test_the_same_file_twice_changes_nothing(school: Database) -> None:
    import_(school, roster())
    before, known = version(school), pupils(school)
    again = import_(school, roster())
    assert again.empty
    assert numbers(again) == (0, 0, 0, MANY, 0)
    assert (version(school), pupils(school)) == (before, known)


def test_the_preview_lists_new_changed_and_gone_pupils_and_writes_nothing(school: Database) -> None:
    import_(school, roster())
    before = pupils(school)
    file = roster(MANY + 2, p3=f"0003,{upn(3)},Bell-Frost,Ida,Dee,8,8A", p5="", p6="0006,,Bell6,Ida,,99,7B")
    seen = plan(school, file)
    assert numbers(seen) == (2, 1, 1, MANY - 3, 1)
    assert [each.id for each in seen.new] == ["0021", "0022"]
    assert seen.changed[0].changes == (
        FieldChange("last", "Bell3", "Bell-Frost"),
        FieldChange("preferred", None, "Dee"),
        FieldChange("year", "7", "8"),
        FieldChange("form", "7B", "8A"),
    )
    assert [each.id for each in seen.gone] == ["0005"]
    assert [each.id for each in seen.held] == ["0006"], "a pupil whose row is bad has not left"
    assert pupils(school) == before


def test_an_import_changes_the_bundle(school: Database) -> None:
    import_(school, roster())
    before = version(school)
    import_(school, roster(p3=f"0003,{upn(3)},Bell3,Ida,,8,8A"))
    with school.read() as session:
        assert bundle(session, SCHOOL).version == bundle_version(session, SCHOOL) != before


def test_a_pupil_who_is_gone_keeps_their_card_and_can_come_back(school: Database) -> None:
    import_(school, roster())
    with school.write() as session:
        session.add(CardRow(school_id=SCHOOL, hash="aa" * 32, pupil="0005"))
    import_(school, roster(p5=""))
    assert pupils(school)["0005"].left_on == TODAY
    with school.read() as session:
        assert "0005" not in {each.id for each in bundle(session, SCHOOL).pupils}
    again = import_(school, roster(p5=""), on=date(2026, 12, 1))
    assert again.empty, "no pupil leaves twice"
    back = import_(school, roster())
    assert back.changed[0].changes == (FieldChange("left_on", TODAY, None),)
    with school.read() as session:
        assert session.scalars(select(CardRow.pupil)).all() == ["0005"]


def test_plans_stay(school: Database) -> None:
    import_(school, roster())
    with school.write() as session:
        session.add(PlanRow(school_id=SCHOOL, pupil="0003", code="C2", days={"tue": {"due_in": "10:30"}}))
    import_(school, roster(p3=f"0003,{upn(3)},Bell3,Ida,,8,8A"))
    with school.read() as session:
        row = session.get_one(PupilRow, (SCHOOL, "0003"))
        assert row.year == "8"
        assert [each.pupil for each in plans_of(session, SCHOOL)] == ["0003"]


def test_more_than_a_tenth_gone_needs_a_confirmation_of_its_own(school: Database) -> None:
    import_(school, roster())
    two = roster(p1="", p2="")
    assert not plan(school, two).shrinks, "two of twenty are a tenth, not more"
    three = roster(p1="", p2="", p3="")
    with pytest.raises(RosterError, match="would take 3 of 20 pupils off the roll, more than a tenth"):
        import_(school, three)
    assert all(each.on_roll for each in pupils(school).values())
    import_(school, three, shrink=True)
    assert sum(each.on_roll for each in pupils(school).values()) == MANY - 3


def test_only_the_plan_that_was_agreed_to_is_applied(school: Database) -> None:
    file = reading(roster())
    with school.read() as session:
        agreed = make_plan(session, SCHOOL, file)
    import_(school, roster(1))
    with pytest.raises(RosterChangedError, match="has changed since the preview"), school.write() as session:
        apply_plan(session, SCHOOL, file, agreed=agreed.fingerprint, on=TODAY)
    assert list(pupils(school)) == ["0001"]


def test_another_schools_pupils_are_not_touched(school: Database) -> None:
    import_(school, roster())
    with school.read() as session, pytest.raises(RosterError, match="there is no school 'elm'"):
        make_plan(session, "elm", reading(roster()))


def test_a_common_transfer_file_adds_pupils_and_removes_none(school: Database) -> None:
    import_(school, roster())
    done = import_(school, ctf(pupil(3, "Ida", "Bell3", "8"), pupil(77)))
    assert numbers(done) == (1, 1, 0, 0, 0)
    assert [each.id for each in done.new] == ["n1"], "there is no number but the UPN, and that is no id"
    assert pupils(school)["0003"].form == "7B", "the file has no forms"


def test_a_faulty_row_that_could_be_any_pupils_lets_no_pupil_leave(school: Database) -> None:
    import_(school, roster())
    slipped = roster(p5="", p6="0006,,Bell6,Ida,,7,7B,too,many")
    assert numbers(plan(school, slipped)) == (0, 0, 0, MANY - 2, 1)
    whose = roster(p5="", p6=f"0006,{upn(6)},Bell6,Ida,,7,7B,too,many")
    assert [each.id for each in plan(school, whose).gone] == ["0005"], "its UPN tells whose it is"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"9999,{upn(3)},Bell3,Ida,,7,7B", "the UPN"),
        ("0003,,Bell3,Ida,,7,7B", "the admission number"),
        ("3,,Other,Name,,9,9A", "the admission number, as a spreadsheet leaves it"),
        (f"0003,{upn(99)},Bell3,Ida,,7,7B", "the admission number: a UPN can be corrected"),
        (",,Bell3,Ida,,8,8C", "the name, in a row without numbers"),
    ],
)
def test_the_id_is_kept_when_matched_by(school: Database, row: str, why: str) -> None:
    import_(school, roster())
    done = import_(school, roster(p3=row))
    assert (len(done.new), len(done.gone)) == (0, 0), why
    assert set(pupils(school)) == {f"{n:04d}" for n in range(1, MANY + 1)}


def test_an_id_of_the_file_is_the_id_and_is_found_again(school: Database) -> None:
    import_(school, csv("ID,First Name,Last Name,Grade", "S1,Leo,Price,9"))
    renamed = import_(school, csv("ID,First Name,Last Name,Grade", "S1,Leo,Price-Bell,10"))
    assert numbers(renamed) == (0, 1, 0, 0, 0)
    assert list(pupils(school)) == ["S1"]


def test_pupils_matched_by_name_alone_get_their_numbers(school: Database) -> None:
    import_(school, csv("Surname,Forename,Year,Form", "Price,Leo,9,9A", "Bell,Ida,7,7B"))
    assert set(pupils(school)) == {"n1", "n2"}
    done = import_(school, csv(HEADING, f"0001,{upn(1)},PRICE,Leo,,9,9A", f"0002,{upn(2)},Bell,Ida,,7,7B"))
    assert numbers(done) == (0, 2, 0, 0, 0)
    assert pupils(school)["n1"].upn == upn(1)


def test_pupils_of_one_name_are_distinguished_by_form_and_never_guessed(school: Database) -> None:
    heading = "Surname,Forename,Year,Form"
    twins = csv(heading, "Bell,Ida,7,7A", "Bell,Ida,7,7B")
    import_(school, twins)
    assert import_(school, twins).unchanged == 2
    moved = plan(school, csv(heading, "Bell,Ida,8,8C", "Bell,Ida,8,8D"))
    assert numbers(moved) == (0, 0, 0, 0, 2)
    assert len(moved.held) == 2
    assert "several pupils have this name" in moved.refused[0].reason


def test_a_row_with_the_numbers_of_two_pupils_is_refused(school: Database) -> None:
    import_(school, roster())
    mixed = plan(school, roster(p3=f"0003,{upn(4)},Bell3,Ida,,7,7B", p4=""))
    assert "its UPN is one pupil's in the register and its admission number another's" in str(mixed.faults[0])
    assert {each.id for each in mixed.held} == {"0003", "0004"}


def test_a_new_pupil_never_gets_the_id_of_another(school: Database) -> None:
    import_(school, csv("ID,Adm No,First Name,Last Name,Grade", "77,0001,Leo,Price,9"))
    done = import_(
        school, csv("ID,Adm No,First Name,Last Name,Grade", "a,0001,Leo,Price,9", "77,0002,Maja,Bell,7")
    )
    assert [(each.id, each.last) for each in done.new] == [("n1", "Bell")]
