"""The views for the youngest, who cannot read yet: classes with symbols, first names, one large question."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.views.common import PupilLabel, View


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """A class as its tile shows it."""

    year: str
    form: str
    animal: str
    """The animal that stands for it: `rabbit`."""
    colour: int
    """The number of its colour; both are the same on every screen and every day."""


@dataclass(frozen=True, slots=True)
class ClassesView(View):
    """“Which class are you in?”: the classes of the policy's youngest years."""

    started: datetime
    """Wall time of the first touch, which counts as the time of arrival."""
    classes: tuple[ClassLabel, ...]


@dataclass(frozen=True, slots=True)
class ChildName:
    """A child in the list of a class: the first name, with more only if two children share it."""

    pupil_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ClassNamesView(View):
    """“Which one are you?”: first names of one class, a few letters at a time."""

    started: datetime
    label: ClassLabel
    groups: tuple[str, ...]
    """The groups of first letters: `A – C`."""
    group: int
    """The position of the group that is shown."""
    names: tuple[ChildName, ...]


@dataclass(frozen=True, slots=True)
class AskedChildView(View):
    """“Is this you?”, with the name large. Only Yes signs the child in."""

    started: datetime
    label: ClassLabel
    pupil: PupilLabel
    name: str
