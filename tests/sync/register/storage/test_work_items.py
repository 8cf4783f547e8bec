"""The typed content of work items, also of those that older versions wrote."""

from datetime import date

import pytest
from pydantic import BaseModel, ValidationError

from sync.register.storage import work_items
from sync.register.storage.models import WorkKind
from sync.register.storage.work_items import (
    BarredCollector,
    ClocksApart,
    Conflict,
    DamagedJournal,
    NumberGap,
    NumberingWentBack,
    PlanPastReview,
    PlanToConfirm,
    RejectedEntry,
    ReusedId,
    SchoolDecides,
    SeenOnSite,
    SmallerRoster,
    UncertainTime,
    UncertainVoid,
    UncheckedRelease,
    UnknownPupil,
    UnlistedArrival,
    UnreleasedDeparture,
    UnsentEntries,
    WorkItem,
    item_of,
)

ITEMS: list[WorkItem] = [
    Conflict(has="/", kiosk="L"),
    SchoolDecides(suggested="M"),
    SchoolDecides(suggested=None),
    UnknownPupil(pupil="P9"),
    UncertainTime(why="not trusted", code="L"),
    NumberGap(epoch=2, first=3, last=5),
    ReusedId(id="0193", content="ab"),
    RejectedEntry(id=None, seq=7, field="pupil", kind="arrival", pupil="P1", at="2026-11-24T09:07:42Z"),
    UnsentEntries(waiting=3),
    UncertainVoid(why="clock", voids="0193"),
    UncertainVoid(why="another kiosk", corrects="0194"),
    NumberingWentBack(epoch=2, seq=4, last=9),
    SeenOnSite(),
    SeenOnSite(departure="0195", pupil="P1"),
    ClocksApart(ahead_s=-40),
    DamagedJournal(file="journal.db.damaged-20261124T090700Z", saved=112, missing=[(57, 57), (60, 62)]),
    SmallerRoster(pupils=500, before=600),
    BarredCollector(match="barred", name="B. Person", relationship="father"),
    UncheckedRelease(why="not asked", match="may collect", listed="Aunt May (aunt)"),
    UnreleasedDeparture(),
    UnlistedArrival(name="Sam New", form="7B"),
    UncertainTime(why="old", code="L"),
    UncheckedRelease(why="may not", match="unknown", listed=None),
    PlanToConfirm(pupil="P1", plan=1),
    PlanPastReview(pupil="P1", plan=1, review=date(2026, 12, 18)),
]


def test_every_kind_of_work_item_has_a_model() -> None:
    assert {item.kind for item in ITEMS} == set(WorkKind)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: type(item).__name__)
def test_a_work_item_is_read_back_as_it_was_written(item: WorkItem) -> None:
    assert item_of(item.kind.value, item.detail()) == item


@pytest.mark.parametrize(
    ("kind", "detail", "item"),
    [
        ("gap", {"first": 3, "last": 5}, NumberGap(epoch=1, first=3, last=5)),
        ("clock", {}, UncertainTime()),
        ("rejected", {"id": "x", "seq": None, "field": "at"}, RejectedEntry(id="x", seq=None, field="at")),
        ("back", {"choice": "back"}, SeenOnSite()),
    ],
)
def test_a_row_of_an_older_version_is_read(kind: str, detail: dict[str, object], item: WorkItem) -> None:
    assert item_of(kind, detail) == item


def test_a_row_that_no_version_wrote_is_an_error() -> None:
    with pytest.raises(ValidationError):
        item_of("gap", {"first": "some"})


def test_no_two_models_have_the_same_kind() -> None:
    models = [
        model
        for model in vars(work_items).values()
        if isinstance(model, type) and issubclass(model, BaseModel) and "work" in model.model_fields
    ]
    assert len({model.model_fields["work"].default for model in models}) == len(models) == len(WorkKind)
