# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The templates with the values put in: each $name of a template is a value of values.toml, the version of pom.xml, or seccompProfile."""

import re
import string
import textwrap
import tomllib
from collections.abc import Iterable
from pathlib import Path

ADDON = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).parent / "templates"

# What sidelight.yaml is made of, in the order in which it is applied.
_PARTS = ("base/controller/controller-rbac.yaml", "base/controller/controller.yaml", "base/probe/probe-rbac.yaml", "base/probe/probe.yaml")
_NAME = re.compile(r"\$(\w+)")
_ACCESS_LOGS = ("full", "telemetry", "off")

_HEADER = """\
# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
#
# Rendered from istio-addon/manifests by istio-addon/render; do not edit.

"""


class ValueRefused(Exception):
    """A value that there is not, or that cannot be; the message names it."""


def values(overrides: dict[str, str] | None = None) -> dict[str, str]:
    """Those of values.toml, of the overrides where they say else, the version and the probe's seccomp profile."""
    chosen = tomllib.loads((ADDON / "values.toml").read_text())
    for name, value in (overrides or {}).items():
        if name not in chosen:
            raise ValueRefused(f"no value {name}; there are {', '.join(chosen)}")
        chosen[name] = value
    if chosen["accessLogs"] not in _ACCESS_LOGS:
        raise ValueRefused(f"accessLogs is {chosen['accessLogs']}: {', '.join(_ACCESS_LOGS)}")
    profile = textwrap.indent((ADDON / "seccomp/probe.json").read_text().rstrip("\n"), 4 * " ")
    return {**chosen, "version": version(), "seccompProfile": profile}


def version() -> str:
    """That of pom.xml, which is the tag of the images."""
    found = re.search(r"<artifactId>sidelight-parent</artifactId>\s*<version>([^<]+)</version>", (ADDON.parent / "pom.xml").read_text())
    if found is None:
        raise ValueError("pom.xml no longer states its version as it did")
    return found[1]


def files(chosen: dict[str, str]) -> dict[str, str]:
    """The text of every rendered file by its path below istio-addon."""

    def fill(path: str) -> str:
        return _fill((TEMPLATES / path).read_text(), chosen)

    paths = [str(path.relative_to(TEMPLATES)) for folder in ("base", "overlays", "grafana") for path in sorted((TEMPLATES / folder).rglob("*.yaml"))]
    made = {path: fill(path) for path in paths}
    made["sidelight.yaml"] = "---\n".join(made[part] for part in _PARTS)
    providers = fill("istioctl/providers.yaml")
    made["istioctl/sidelight-operator.yaml"] = fill("istioctl/operator.yaml") + textwrap.indent(providers, 4 * " ")
    made["istioctl/istiod-values.yaml"] = fill("istioctl/values.yaml") + textwrap.indent(providers, 2 * " ")
    for name in ("monitors.yaml", "kustomization.yaml"):
        made[f"prometheus/operator/{name}"] = fill(f"prometheus/{name}")
    made["prometheus/operator/rule.yaml"] = fill("prometheus/rule.yaml") + _groups(sorted((ADDON / "prometheus/rules").glob("*.yaml")))
    return {path: _HEADER + text for path, text in made.items()}


def _fill(template: str, chosen: dict[str, str]) -> str:
    """Puts the values in; a line with an empty one is left out."""
    lines = [line for line in template.splitlines(keepends=True) if all(chosen.get(name) != "" for name in _NAME.findall(line))]
    return string.Template("".join(lines)).substitute(chosen)


def _groups(rules: Iterable[Path]) -> str:
    """The groups of all rule files, as a list of the PrometheusRule."""
    texts = [path.read_text().split("\ngroups:\n", 1)[1] for path in rules]
    return "".join(textwrap.indent(text.rstrip("\n") + "\n", 2 * " ") for text in texts)


def stale() -> list[str]:
    """Rendered files that are missing or not as templates and values make them."""
    return [path for path, text in files(values()).items() if not (ADDON / path).is_file() or (ADDON / path).read_text() != text]


def write(chosen: dict[str, str], directory: Path) -> list[Path]:
    """Writes every rendered file below a directory, elsewhere than here with the dashboards that one of them names; answers the paths."""
    texts = files(chosen)
    if directory != ADDON:
        texts |= {str(path.relative_to(ADDON)): path.read_text() for path in (ADDON / "grafana/dashboards").glob("*.json")}
    for path, text in texts.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return [directory / path for path in texts]
