"""https://docs.segmentapis.com/tag/Spaces"""

from __future__ import annotations

from providers.declaration import Values
from providers.errors import EngageError, NotFound
from providers.lifecycle import Lifecycle, Reply, State
from providers.resource import Field, Resource, output, required
from providers.segment.client import Segment


class _SpaceLookups(Lifecycle[Segment]):
    """Looks only: the API can neither make a space nor change one."""

    def create(self, client: Segment, inputs: Values) -> State:
        space = find_space(client, inputs["space"])
        return State(space["id"], {**inputs, **self.outputs(client, space)})

    def read(self, client: Segment, id_: str, values: Values) -> State | None:
        try:
            space = client.get(f"/spaces/{id_}")["space"]
        except NotFound:
            return None
        # `space` may be null, says the document.
        return State(id_, {**values, **self.outputs(client, space)}) if space else None

    def update(self, client: Segment, id_: str, olds: Values, news: Values) -> Values:
        return {**olds, **news}

    def delete(self, client: Segment, id_: str, values: Values) -> None:
        """Nothing was made."""


def find_space(client: Segment, asked: str) -> Reply:
    """By slug or id, which are unique, before names. Raises EngageError where there is not one."""
    spaces = list(client.pages("/spaces", "spaces"))
    for key in ("slug", "id", "name"):
        matching = [space for space in spaces if space[key] == asked]
        if len(matching) > 1:
            raise EngageError(f"space: several have this name -> give a slug: {_slugs(matching)}")
        if matching:
            return matching[0]
    raise EngageError(
        f"space: the workspace has none with this slug, id or name -> take one of: {_slugs(spaces)}; or make it in"
        " Segment > Unify, as the API makes none"
    )


def _slugs(spaces: list[Reply]) -> str:
    return ", ".join(sorted(space["slug"] for space in spaces)) or "none"


class SpaceLookup(Resource, module="segment"):
    """Finds a space of Unify or Engage, which must exist: there is no API that makes one. Its id is the space's.

    It makes and changes nothing, and destroying it leaves the space as it is. Each workspace has two spaces from the
    beginning. The operations are in alpha, and need the feature Spaces.
    https://docs.segmentapis.com/tag/Spaces#operation/listSpaces
    """

    space: Field[str] = required("Slug, id or name of the space, as `dev`.", replaces=True)
    slug: Field[str] = output("Its slug.")
    name: Field[str] = output("Its name.")

    lifecycle = _SpaceLookups()
