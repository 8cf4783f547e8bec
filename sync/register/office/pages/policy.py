"""Choosing another policy: upload it, preview it with its findings, then confirm."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from attendance.errors import PolicyError
from attendance.policy.files import load, parse
from attendance.policy.model import Policy
from sync.register.context import RegisterDep
from sync.register.office.pages.settings import carry_out, show_settings
from sync.register.office.views.policy import policy_view
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import LoggedIn, allowed, own_form
from sync.register.permissions import Permission, require
from sync.register.schools import policies, school_settings
from sync.register.storage.models import SchoolRow

router = APIRouter(
    prefix="/settings/policy",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[allowed(Permission.CHANGE_POLICY), Depends(own_form)],
)

MOST_BYTES = 256 * 1024
"""The largest policy file in bytes: a hundred times an ordinary one."""


@router.post("")
def preview(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    file: Annotated[UploadFile | None, File()] = None,
    shipped: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Preview a policy in words with its checker's findings. Nothing is changed yet."""
    require(person.role, Permission.CHANGE_POLICY)
    try:
        policy = _policy(file, shipped)
    except PolicyError as error:
        return show_settings(request, register, person, problem=str(error), status=400)
    with register.database.read() as session:
        before = policies.version_of(session.get_one(SchoolRow, person.school).policy)
    return render_page(
        "policy.html",
        request,
        register,
        person,
        page_name="settings",
        policy=policy_view(policy, register.now().date()),
        body=policy.model_dump_json(),
        before=before,
    )


def _policy(file: UploadFile | None, shipped: str) -> Policy:
    """The file's policy, or one of those that come with Latebook.

    Raises:
        PolicyError: neither was chosen, or the file is not a policy.
    """
    if file is None or not file.filename:
        if not shipped:
            raise PolicyError("Choose a policy or a file.")
        return load(shipped)
    content = file.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise PolicyError(
            f"{file.filename} is too large. A policy file can be at most {MOST_BYTES // 1024} KB."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{file.filename} is not a text file. A policy is a TOML file in UTF-8.") from error
    return parse(text, file.filename)


@router.post("/confirm")
def confirm(
    request: Request,
    register: RegisterDep,
    person: LoggedIn,
    body: Annotated[str, Form()],
    before: Annotated[str, Form(max_length=100)],
) -> Response:
    """Use the policy that was previewed."""
    try:
        policy = Policy.model_validate_json(body)
    except ValidationError as error:
        raise HTTPException(400, "This is not the policy that was shown. Go back and try again.") from error
    return carry_out(
        request,
        register,
        person,
        "policy",
        lambda session, change: school_settings.choose_policy(session, change, policy, instead_of=before),
    )
