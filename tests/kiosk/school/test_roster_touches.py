"""With how few touches every pupil of a school of 600 signs in by name, if they take the hint."""

from collections import Counter

from demo.school import oak_lane
from kiosk.school.display_names import given_name
from kiosk.school.letters import plain_letters, words_of
from kiosk.school.roster import FEWEST_LETTERS, MOST_FOUND, Roster
from sync.wire import Pupil

SCHOOL = oak_lane()
ROSTER = Roster(SCHOOL.pupils, SCHOOL.cards)
BESIDES_LETTERS = 3
"""“I’m late”, the name, the reason. Done closes by itself."""
MOST_TOUCHES = 5


def ways(pupil: Pupil) -> list[str]:
    """What the hint invites a pupil to type: the first name, the surname, or the initials."""
    first, last = plain_letters(given_name(pupil)), plain_letters(pupil.last)
    return [first + last, last + first, first[0] + words_of(pupil.last)[0][0]]


def touches(pupil: Pupil, typed: str) -> int | None:
    """Touches from home to the recorded reason; `None` if the pupil is never listed."""
    for letters in range(FEWEST_LETTERS, len(typed) + 1):
        found = ROSTER.find(typed[:letters]).pupils
        assert len(found) <= MOST_FOUND
        if any(each.id == pupil.id for each in found):
            return BESIDES_LETTERS + letters
    return None


def fewest(pupil: Pupil) -> int:
    return min(needed for typed in ways(pupil) if (needed := touches(pupil, typed)) is not None)


def test_nearly_every_pupil_signs_in_by_name_with_five_touches_and_none_needs_more_than_six() -> None:
    counted = Counter(map(fewest, SCHOOL.pupils))
    assert len(SCHOOL.pupils) == 600
    assert counted[MOST_TOUCHES] >= 0.99 * len(SCHOOL.pupils), counted
    assert max(counted) <= MOST_TOUCHES + 1, counted


def test_nine_in_ten_are_listed_by_their_initials_alone() -> None:
    by_initials = [touches(pupil, ways(pupil)[-1]) for pupil in SCHOOL.pupils]
    found = [needed for needed in by_initials if needed is not None]
    assert len(found) >= 0.88 * len(SCHOOL.pupils), len(found)
    assert set(found) == {MOST_TOUCHES}


def test_no_name_is_shown_before_two_letters() -> None:
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        assert ROSTER.find(letter).pupils == ()
