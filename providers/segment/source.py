"""https://docs.segmentapis.com/tag/Sources"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import StringConstraints

from providers.resource import Field, ListField, MapField, Resource, optional, output, owner, required
from providers.segment.objects import Objects

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,54}$")]


class Source(Resource, module="segment"):
    """A place that events come from, with a write key. Its id is Segment's.

    The owner's tag stands behind its slug, which is unique in the workspace: so it is found again after a lost reply.
    One that was adopted is not deleted with the stack. Its name is given in a step after the POST, which takes none.
    https://docs.segmentapis.com/tag/Sources#operation/createSource
    """

    slug: Field[Slug] = required("Identifies it in the workspace, followed by the owner's tag.", tagged="-{}")
    metadata_id: Field[str] = required("Its kind: an id of the catalog of sources.", sent="create", replaces=True)
    name: Field[str | None] = optional("Shown in the list of sources.", default=None, sent="update")
    enabled: Field[bool] = optional("Does it take events in?", default=True)
    settings: MapField[Any] = optional("What its kind asks for, as the catalog's options say.", default=None)
    allow_replacement: Field[bool] = optional(
        "Lets a change of metadata_id make another source, and delete this one.",
        default=False,
        sent="never",
        write_once=True,
    )
    adopt: Field[str | None] = optional(
        "Id of an existing source to take over.", default=None, sent="never", write_once=True
    )
    delete_adopted: Field[bool] = optional(
        "Deletes it at the end even though it was adopted, with its write keys and destinations.",
        default=False,
        sent="never",
    )
    marker: Field[str] = owner()
    workspace_id: Field[str] = output("The workspace that it belongs to.")
    full_slug: Field[str] = output("Its slug as the workspace has it, with the tag.", wire="slug")
    write_keys: ListField[str] = output("What a sender of events authenticates with.", secret=True)

    lifecycle = Objects("/sources", items="sources", names=("source",))
