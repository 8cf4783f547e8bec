"""HTML from templates, and icons as SVG."""

from functools import cache
from importlib import resources

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from attendance.text import capitalise

_environment = Environment(
    loader=PackageLoader("sync.register.office"),
    autoescape=True,
    undefined=StrictUndefined,  # a misspelt name raises an error
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def icon(name: str) -> Markup:
    """A Lucide icon in the colour of the text. It is hidden from screen readers: a label stands beside it."""
    svg = resources.files("sync.register.office").joinpath("icons", f"{name}.svg").read_text("utf-8")
    drawing = svg[svg.index("<svg") :].replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)
    return Markup(drawing)  # noqa: S704 -- a file of ours


_environment.globals["icon"] = icon
_environment.filters["first_capital"] = capitalise


def render_template(
    template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: object
) -> HTMLResponse:
    """A page from a template. It is not cached, because it shows pupils."""
    html = _environment.get_template(template).render(**values)
    return HTMLResponse(html, status, {"Cache-Control": "no-store", **(headers or {})})
