# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""One container of a pod: its environment, its root, its user and capabilities, as its object says."""

import math
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localmesh.errors import MeshError
from localmesh.istio.images import Image, repository
from localmesh.istio.node import Node, field
from localmesh.istio.volumes import Volumes
from localmesh.processes import Program

# What a container runtime leaves to containers that drop nothing.
_DEFAULT_CAPABILITIES = {
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
    "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}  # fmt: skip
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_UNITS = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "k": 10**3, "M": 10**6, "G": 10**9}
_REFERENCE = re.compile(r"\$\(([\w.-]+)\)")


@dataclass(frozen=True)
class Place:
    """Where a pod is: its object, its address, namespace and files."""

    node: Node
    pod: dict[str, Any]
    address: str
    netns: Path
    directory: Path
    hosts: Path
    volumes: Volumes

    @property
    def name(self) -> str:
        """The pod's."""
        return str(self.pod["metadata"]["name"])


def program(place: Place, container: dict[str, Any], known: dict[str, Image], cgroup: Path, container_id: str) -> Program:
    """How it is started; MeshError where this machine cannot do what it asks for."""
    image_name = repository(container["image"], known)
    image = known[image_name]
    environment = _environment(place, container, image)
    command = [_expand(word, environment) for word in container.get("command") or image.entrypoint]
    # As in Kubernetes: a command of its own leaves the image's arguments out, and none of ours has any.
    command += [_expand(word, environment) for word in container.get("args", [])]
    root = place.directory / f"{container['name']}.{container_id[:12]}"
    script = _root_script(place, container, place.node.images / image_name, root)
    script += f'exec chroot {shlex.quote(str(root / "merged"))} {shlex.join(_privileges(place.pod, container, image))} "$@"\n'
    directory = container.get("workingDir", "/")
    argv = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", script, "sh", "env", f"--chdir={directory}", *command]
    log = place.node.layout.log(f"{place.name}.{container['name']}")
    return Program(f"{place.name}.{container['name']}", argv, log, environment, netns=place.netns, cgroup=cgroup)


def _expand(text: str, environment: dict[str, str]) -> str:
    return _REFERENCE.sub(lambda match: environment.get(match[1], match[0]), text)


def _environment(place: Place, container: dict[str, Any], image: Image) -> dict[str, str]:
    kubernetes = place.node.kubernetes_service
    environment = {"PATH": _PATH, "HOME": "/", "HOSTNAME": place.name, "KUBERNETES_SERVICE_HOST": kubernetes, "KUBERNETES_SERVICE_PORT": "443", **image.environment}
    if container.get("envFrom"):
        raise MeshError(f"{container['name']} of {place.name}: envFrom is not known here")
    for variable in container.get("env", []):
        source = variable.get("valueFrom", {})
        if "fieldRef" in source:
            value = field(place.pod, place.address, place.node, source["fieldRef"]["fieldPath"])
        elif "resourceFieldRef" in source:
            value = _resource(container, source["resourceFieldRef"]["resource"])
        elif source:
            raise MeshError(f"{container['name']} of {place.name}: a variable from {', '.join(source)} is not known here")
        else:
            value = _expand(variable.get("value", ""), environment)
        environment[variable["name"]] = value
    return environment


def _resource(container: dict[str, Any], path: str) -> str:
    kind, _, name = path.partition(".")
    quantity = str(container.get("resources", {}).get(kind, {}).get(name, "1"))
    if quantity.endswith("m"):
        return str(math.ceil(int(quantity[:-1]) / 1000))
    for unit, factor in _UNITS.items():
        if quantity.endswith(unit):
            return str(int(quantity[: -len(unit)]) * factor)
    return quantity


def _root_script(place: Place, container: dict[str, Any], layer: Path, root: Path) -> str:
    """Shell that mounts the container's root; it runs in a mount namespace of the container's own."""
    upper, work, merged = root / "upper", root / "work", root / "merged"
    # This machine's /var/run is a link to its own /run: followed while the root is made, it would lead out of it.
    for directory in (upper / "etc", upper / "var" / "run", work, merged):
        directory.mkdir(parents=True)
    # Names that /etc/hosts has not are nobody's: asked for, they are refused at once.
    (upper / "etc" / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    lines = [f"mount -t overlay overlay -o lowerdir={layer}:/,upperdir={upper},workdir={work} {merged}"]
    lines += [f"mount --rbind /{name} {merged}/{name}" for name in ("proc", "dev", "sys")]
    lines += [f"touch {merged}/etc/hosts", f"mount --bind {place.hosts} {merged}/etc/hosts"]
    for mount in container.get("volumeMounts", []):
        source = place.volumes.path(mount["name"]) / mount.get("subPath", "")
        target = shlex.quote(f"{merged}{mount['mountPath']}")
        make = f"mkdir -p {target}" if source.is_dir() else f"mkdir -p $(dirname {target}); touch {target}"
        lines += [make, f"mount --rbind {shlex.quote(str(source))} {target}"]
        if mount.get("readOnly"):
            lines.append(f"mount -o remount,bind,ro {target}")
    if container.get("securityContext", {}).get("readOnlyRootFilesystem"):
        lines.append(f"mount -o remount,bind,ro {merged}")
    return "\n".join(lines) + "\n"


def user(pod: dict[str, Any], container: dict[str, Any], image: Image) -> tuple[int, int]:
    """Whose process it is: user and group. MeshError where it would be root and must not."""
    of_pod, own = pod["spec"].get("securityContext") or {}, container.get("securityContext") or {}
    uid = own.get("runAsUser", of_pod.get("runAsUser", image.user))
    gid = own.get("runAsGroup", of_pod.get("runAsGroup", uid))
    if own.get("runAsNonRoot", of_pod.get("runAsNonRoot", False)) and uid == 0:
        raise MeshError(f"{container['name']} of {pod['metadata']['name']} must not run as root, and its image does")
    return int(uid), int(gid)


def _privileges(pod: dict[str, Any], container: dict[str, Any], image: Image) -> list[str]:
    """setpriv with what the security context leaves."""
    uid, gid = user(pod, container, image)
    of_pod, own = pod["spec"].get("securityContext") or {}, container.get("securityContext") or {}
    groups = sorted({*of_pod.get("supplementalGroups", []), *([of_pod["fsGroup"]] if "fsGroup" in of_pod else [])})
    argv = ["setpriv", "--reuid", str(uid), "--regid", str(gid), *(["--groups", ",".join(map(str, groups))] if groups else ["--clear-groups"])]
    if not own.get("privileged"):
        left = capabilities(own.get("capabilities") or {})
        argv += ["--inh-caps=-all", "--bounding-set=" + ",".join(["-all", *(f"+{name.lower()}" for name in sorted(left))])]
    if own.get("allowPrivilegeEscalation") is False:
        argv.append("--no-new-privs")
    return argv


def capabilities(wanted: dict[str, Any]) -> set[str]:
    """What a container may have of root's rights."""
    drop = {name.removeprefix("CAP_") for name in wanted.get("drop", [])}
    left = set() if "ALL" in drop else _DEFAULT_CAPABILITIES - drop
    return left | {name.removeprefix("CAP_") for name in wanted.get("add", [])}
