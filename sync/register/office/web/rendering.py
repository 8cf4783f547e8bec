"""Making HTML: the templates and the icons."""

from functools import cache
from importlib import resources

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_environment = Environment(
    loader=PackageLoader("sync.register.office"),
    autoescape=True,
    undefined=StrictUndefined,  # a misspelt name is an error, not an empty place
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def icon(name: str) -> Markup:
    """A Lucide icon, drawn in the colour of the text; it says nothing that a word beside it does not."""
    svg = resources.files("sync.register.office").joinpath("icons", f"{name}.svg").read_text("utf-8")
    drawing = svg[svg.index("<svg") :].replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)
    return Markup(drawing)  # noqa: S704 -- a file of ours


_environment.globals["icon"] = icon


def page(
    template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: object
) -> HTMLResponse:
    """A page from a template, never kept by the browser: it has pupils on it."""
    html = _environment.get_template(template).render(**values)
    return HTMLResponse(html, status, {"Cache-Control": "no-store", **(headers or {})})
