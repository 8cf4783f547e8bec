"""Properties of the search for any school and input, against a plain statement of its rule."""

from collections.abc import Callable, Sequence
from string import ascii_uppercase

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from demo.names import ORIGINS, SHORT_NAMES
from demo.school import oak_lane
from kiosk.school.letters import plain_letters, search_keys, words_of
from kiosk.school.roster import FEWEST_LETTERS, MOST_FOUND, TOLERANT_FROM, Roster, SearchResult
from sync.wire import Pupil
from tests.kiosk.reception import bundle, pupil

DEMO = oak_lane().pupils
DEMO_ROSTER = Roster(DEMO, bundle().cards)
LETTER = st.sampled_from(ascii_uppercase)


def schools() -> st.SearchStrategy[list[Pupil]]:
    """A few pupils with names as in English schools, or with short, similar names."""
    real = [name for origin in ORIGINS for name in (*origin.girls, *origin.boys)]
    last = [name for origin in ORIGINS for name in origin.families]
    alike = st.text("ABÉ-’ ", min_size=1, max_size=6)
    person = st.builds(
        lambda first, last, year: (first, last, year, SHORT_NAMES.get(first)),
        st.sampled_from(real) | alike,
        st.sampled_from(last) | alike,
        st.sampled_from(["R", "1", "10"]),
    )
    return st.lists(person, min_size=1, max_size=12).map(
        lambda people: [
            pupil(f"P{number}", first, last, year=year, preferred=called)
            for number, (first, last, year, called) in enumerate(people)
        ]
    )


def is_one_mistake(typed: str, meant: str) -> bool:
    """Whether one letter of `meant` was left out, added, replaced or swapped with the next (or none was)."""
    same = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if same is None:
        return abs(len(typed) - len(meant)) <= 1
    rest, should = typed[same:], meant[same:]
    swapped = rest[:2] == should[1::-1] and len(should) > 1
    return (
        rest[1:] == should[1:]
        or rest[1:] == should
        or rest == should[1:]
        or (swapped and rest[2:] == should[2:])
    )


def matches_exactly(key: str, typed: str) -> bool:
    return key.startswith(typed)


def matches_with_one_mistake(key: str, typed: str) -> bool:
    if len(typed) < TOLERANT_FROM:
        return False
    lengths = range(len(typed) - 1, min(len(typed) + 1, len(key)) + 1)
    return any(is_one_mistake(typed, key[:length]) for length in lengths)


def who(people: list[Pupil], typed: str, test: Callable[[str, str], bool]) -> set[str]:
    return {p.id for p in people if any(test(key, typed) for key in search_keys(p))}


def initials(one: Pupil) -> set[str]:
    """The pupil's initials, in either order."""
    firsts = {plain_letters(name)[:1] for name in (one.first, one.preferred or one.first)}
    lasts = {word[0] for word in words_of(one.last)}
    pairs = {first + last for first in firsts for last in lasts if first}
    return pairs | {pair[::-1] for pair in pairs}


@st.composite
def typed_names(draw: st.DrawFn, people: Sequence[Pupil]) -> tuple[Pupil, str, str]:
    """A pupil, the beginning of one of the pupil's names, and the same with one mistake."""
    one = draw(st.sampled_from(people))
    keys = sorted(search_keys(one))
    assume(keys)
    key = draw(st.sampled_from(keys))
    typed = key[: draw(st.integers(1, len(key)))]
    place, letter = draw(st.integers(0, len(typed) - 1)), draw(LETTER)
    before, after = typed[:place], typed[place + 1 :]
    mistaken = (
        before + after,
        before + letter + typed[place:],
        before + letter + after,
        before + after[:1] + typed[place] + after[1:],
    )
    return one, typed, draw(st.sampled_from(mistaken))


@settings(deadline=None)
@given(st.data())
def test_the_beginning_of_any_name_finds_its_pupil_or_announces_more(data: st.DataObject) -> None:
    one, typed, _ = data.draw(typed_names(DEMO))
    assume(len(typed) >= FEWEST_LETTERS)
    result = DEMO_ROSTER.find(typed)
    assert one in result.pupils or result.has_more
    assert not result.approximate


@settings(deadline=None)
@given(st.data())
def test_four_letters_with_one_mistake_find_the_pupil_or_announce_more(
    data: st.DataObject,
) -> None:
    one, _, mistaken = data.draw(typed_names(DEMO))
    assume(len(mistaken) >= TOLERANT_FROM)
    result = DEMO_ROSTER.find(mistaken)
    assert one in result.pupils or result.has_more


@settings(deadline=None)
@given(st.data())
def test_the_result_follows_the_rule_of_one_mistake(data: st.DataObject) -> None:
    people = data.draw(schools())
    _, typed, mistaken = data.draw(typed_names(people))
    letters = data.draw(st.sampled_from([typed, mistaken]))
    assume(len(letters) >= FEWEST_LETTERS)
    result = Roster(people, bundle().cards).find(letters)
    exact, inexact = who(people, letters, matches_exactly), who(people, letters, matches_with_one_mistake)
    exact |= {p.id for p in people if letters in initials(p)}
    listed = {p.id for p in result.pupils}
    assert listed <= (exact or inexact)
    assert len(listed) == min(MOST_FOUND, len(exact or inexact))
    assert result.has_more == (len(exact | inexact) > len(listed))
    assert result.approximate == bool(inexact and not exact)


@settings(deadline=None, max_examples=50)  # each tries 26 letters, and some of them another 26
@given(st.data())
def test_exactly_the_letters_that_can_follow_lead_to_a_pupil(data: st.DataObject) -> None:
    people = data.draw(schools())
    roster = Roster(people, bundle().cards)
    _, typed, mistaken = data.draw(typed_names(people))
    other = data.draw(st.sampled_from(["", plain_letters(people[0].first) + " "]))
    letters = other + data.draw(st.sampled_from(["", typed, mistaken]))
    year = data.draw(st.sampled_from([None, "R", "1"]))
    next_letters = roster.find(letters, year=year).next_letters
    last = letters.split(" ")[-1]
    for letter in ascii_uppercase:
        # Padded to two letters, the fewest for which pupils are listed.
        further = results_for(roster, letters + letter, year)
        if len(last) < TOLERANT_FROM and not other:
            # The fourth letter must be exact.
            further = [result for result in further if not result.approximate]
        if other and len(last) + 1 == TOLERANT_FROM:
            continue  # the same, but the mistake may be in the word before
        assert bool(further) == (letter in next_letters), letters + letter
    if " " in next_letters:
        assert roster.find(letters + " ", year=year).pupils


def results_for(roster: Roster, letters: str, year: str | None) -> list[SearchResult]:
    """The results for these letters, or for one more letter when they are too few to list pupils."""
    if len(letters.replace(" ", "")) >= FEWEST_LETTERS:
        tries = [letters]
    else:
        tries = [letters + letter for letter in ascii_uppercase]
    return [result for text in tries if (result := roster.find(text, year=year)).pupils]


@settings(deadline=None)
@given(st.data())
def test_from_two_letters_on_at_most_six_pupils_are_listed_once_each(data: st.DataObject) -> None:
    people = data.draw(schools())
    _, typed, mistaken = data.draw(typed_names(people))
    letters = data.draw(st.sampled_from([typed, mistaken]) | st.text("ABEM ", max_size=12))
    result = Roster(people, bundle().cards).find(letters, year=data.draw(st.sampled_from([None, "R"])))
    listed = [p.id for p in result.pupils]
    assert len(listed) <= (MOST_FOUND if len(letters.replace(" ", "")) >= FEWEST_LETTERS else 0)
    assert len(set(listed)) == len(listed)


@settings(deadline=None)
@given(st.data())
def test_a_search_within_a_year_equals_a_search_in_a_school_of_that_year(data: st.DataObject) -> None:
    people = data.draw(schools())
    one, typed, mistaken = data.draw(typed_names(people))
    letters = data.draw(st.sampled_from([typed, mistaken]))
    alone = Roster([p for p in people if p.year == one.year], bundle().cards)
    assert Roster(people, bundle().cards).find(letters, year=one.year) == alone.find(letters)


@settings(deadline=None)
@given(st.data())
def test_the_order_of_the_roster_changes_nothing(data: st.DataObject) -> None:
    people = data.draw(schools())
    _, typed, mistaken = data.draw(typed_names(people))
    again = data.draw(st.permutations(people))
    for letters in (typed, mistaken):
        assert Roster(people, bundle().cards).find(letters) == Roster(again, bundle().cards).find(letters)
