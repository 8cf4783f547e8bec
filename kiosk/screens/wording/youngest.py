"""The texts for the youngest. Pure. A grown-up may read them out."""

from kiosk.screens.wording.find import year
from kiosk.screens.wording.sentence import Sentence, say
from kiosk.screens.wording.translate import _
from kiosk.views import AskedChildView, ClassLabel


def class_name(label: ClassLabel) -> Sentence:
    """The class by its form, or by its year if it has no form."""
    return say("{form}", form=label.form) if label.form else year(label.year)


def class_year(label: ClassLabel) -> Sentence:
    """The year below the class's name."""
    return year(label.year) if label.form else ()


def is_this(view: AskedChildView) -> Sentence:
    """The question about the child who was chosen."""
    return say(_("Are you {name}?"), name=view.name)
