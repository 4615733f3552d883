"""Run by a program's own Python, whatever its version: prints the packages installed for it as JSON.

Takes the place of `pip list`, which takes several times as long and is not in every environment.
"""

import json
import re
from importlib.metadata import distributions
from pathlib import Path
from typing import Any


def installed() -> "list[dict[str, Any]]":
    """Each package with the packages it requires, and with its pulumi-plugin.json if there is one."""
    found = []
    for distribution in distributions():
        metadata = distribution.metadata
        name = metadata["Name"]
        plugin = Path(str(distribution.locate_file(name.replace("-", "_")))) / "pulumi-plugin.json"
        found.append(
            {
                "name": name,
                "version": metadata["Version"],
                "requires": [
                    re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in metadata.get_all("Requires-Dist") or []
                ],
                "plugin": json.loads(plugin.read_text()) if plugin.exists() else None,
            }
        )
    return found


if __name__ == "__main__":
    print(json.dumps(installed()))
