# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The templates with the values put in: each $name of a template is a value of values.toml, or the version of pom.xml."""

import re
import string
import tomllib
from pathlib import Path

ADDON = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).parent / "templates"

# In the order in which they are applied.
CONTROLLER = ("controller-rbac.yaml", "controller.yaml")
PROBE = ("probe-rbac.yaml", "probe.yaml")

_HEADER = """\
# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
#
# Rendered from istio-addon/manifests by istio-addon/render; do not edit.
"""


class ValueRefused(Exception):
    """A value that there is not, or that cannot be; the message names it."""


def values(overrides: dict[str, str] | None = None) -> dict[str, str]:
    """Those of values.toml, of the overrides where they say else, and the version."""
    chosen = tomllib.loads((ADDON / "values.toml").read_text())
    for name, value in (overrides or {}).items():
        if name not in chosen:
            raise ValueRefused(f"no value {name}; there are {', '.join(chosen)}")
        chosen[name] = value
    if chosen["accessLogs"] not in ("full", "telemetry", "off"):
        raise ValueRefused(f"accessLogs is {chosen['accessLogs']}: full, telemetry or off")
    return {**chosen, "version": version()}


def version() -> str:
    """That of pom.xml, which is the tag of the images."""
    found = re.search(r"<artifactId>sidelight-parent</artifactId>\s*<version>([^<]+)</version>", (ADDON.parent / "pom.xml").read_text())
    if found is None:
        raise ValueError("pom.xml no longer states its version as it did")
    return found[1]


def files(chosen: dict[str, str]) -> dict[str, str]:
    """Every rendered file by its path below istio-addon."""
    rendered = {name: _fill(name, chosen) for name in (*CONTROLLER, *PROBE)}
    made = {"sidelight.yaml": _HEADER + "---\n".join(rendered.values())}
    for folder, names in {"controller": CONTROLLER, "probe": PROBE}.items():
        for name in names:
            made[f"base/{folder}/{name}"] = _HEADER + rendered[name]
    return made


def _fill(name: str, chosen: dict[str, str]) -> str:
    return string.Template((TEMPLATES / name).read_text()).substitute(chosen)


def stale() -> list[str]:
    """Rendered files that are missing or not as the templates and values make them."""
    return [path for path, text in files(values()).items() if not (ADDON / path).is_file() or (ADDON / path).read_text() != text]


def write(chosen: dict[str, str], directory: Path) -> list[Path]:
    """Writes every rendered file below a directory; answers their paths."""
    written = []
    for path, text in files(chosen).items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        written.append(target)
    return written
