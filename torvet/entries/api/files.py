"""Files over the API: upload one, then attach it by its key."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from torvet.base.api import Name, answers, found
from torvet.base.policies import signed_in
from torvet.base.text.characters import clean_line
from torvet.entries import actions, shapes
from torvet.entries.models import Attachment
from torvet.people.viewer import viewer_of

router = Router(tags=["Files"])
PathKey = Annotated[Name, Field(max_length=32)]


@router.post(
    "/files",
    response=answers(shapes.File, 400, 413, 415, status=201),
    operation_id="upload",
    summary="Upload a picture or a file",
)
@signed_in
def upload(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    alt: Annotated[str, Form(max_length=300, description="What it shows, for those who cannot see it")] = "",
) -> Status[shapes.File]:
    """Upload one file, to be attached to an entry by its `key` within a day. Position data is taken out of pictures."""
    made = actions.upload(by=viewer_of(request), source=file, name=file.name or "", alt=clean_line(alt))
    return Status(201, shapes.file_shape(made))


@router.get("/files/{key}", response=answers(shapes.File), operation_id="file", summary="One file")
@signed_in
def file(request: HttpRequest, key: PathKey) -> shapes.File:
    """What is known of a file; its bytes are at its `url`."""
    return shapes.file_shape(found(Attachment.objects.visible_to(viewer_of(request)).filter(key=key).first()))
