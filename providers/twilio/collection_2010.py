"""Collections of Twilio's 2010 API, whose paths have the account and an ending. https://www.twilio.com/docs/usage/api"""

from __future__ import annotations

from providers.lifecycle import Collection
from providers.twilio.client import Twilio


def path_2010(*parts: str) -> str:
    """A path of the account. Without .json, the answer is XML: https://www.twilio.com/docs/usage/twilios-response"""
    return f"/2010-04-01/Accounts/{{AccountSid}}/{'/'.join(parts)}.json"


class Collection2010(Collection[Twilio]):
    """name  of the collection, as its path has it; `items` is what its pages call it"""

    def __init__(self, name: str, items: str) -> None:
        super().__init__(path_2010(name), id_key="sid", items=items, update="POST")
        self.name = name

    def object_path(self, id_: str) -> str:
        return path_2010(self.name, id_)
