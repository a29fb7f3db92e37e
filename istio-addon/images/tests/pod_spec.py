# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What a pod of the addon's manifest means to a container engine."""

import json
from pathlib import Path
from typing import Any

from localmesh.cluster import yaml_stream

_ADDON = Path(__file__).resolve().parents[2]

# What concerns where a pod is put and how long it lives; all else a test here has to know of.
_PLACING = {"serviceAccountName", "enableServiceLinks", "terminationGracePeriodSeconds", "nodeSelector", "priorityClassName", "tolerations"}
_PROBES = {"startupProbe", "livenessProbe", "readinessProbe"}


class UnknownField(Exception):
    """The manifest says something of a pod that is not translated: a test would run it otherwise than a node does."""


def pod(kind: str, name: str) -> dict[str, Any]:
    """The pod's spec of a workload of istio-addon/sidelight.yaml."""
    return dict(_object(kind, name)["spec"]["template"]["spec"])


def config_map(name: str) -> dict[str, str]:
    """The files of a ConfigMap of istio-addon/sidelight.yaml."""
    return dict(_object("ConfigMap", name)["data"])


def _object(kind: str, name: str) -> dict[str, Any]:
    documents = yaml_stream.documents((_ADDON / "sidelight.yaml").read_text())
    (found,) = (document for document in documents if document["kind"] == kind and document["metadata"]["name"] == name)
    return found


def podman_arguments(spec: dict[str, Any], name: str, volumes: dict[str, Path], environment: dict[str, str] | None = None, profiles: Path | None = None) -> list[str]:
    """
    Arguments of `podman run`: all that the pod says of this container's privileges, settings, files and memory, then its image and arguments.
    `volumes` are what the kubelet would lay into the volumes of these names, `environment` replaces values, `profiles` is the kubelet's directory of seccomp profiles.
    """
    _refuse_unknown(spec, {"containers", "initContainers", "volumes", "hostPID", "securityContext", *_PLACING})
    (container,) = (each for each in [*spec.get("initContainers", []), *spec["containers"]] if each["name"] == name)
    _refuse_unknown(container, {"name", "image", "imagePullPolicy", "command", "args", "ports", "env", "resources", "securityContext", "volumeMounts", *_PROBES})
    arguments = ["--pid", "host"] if spec.get("hostPID") else []
    # The container's word goes before the pod's.
    arguments += _security({**spec.get("securityContext", {}), **container["securityContext"]}, profiles)
    arguments += ["--memory", container["resources"]["limits"]["memory"].lower().removesuffix("i")]
    for variable, value in (_environment(container) | (environment or {})).items():
        arguments += ["--env", f"{variable}={value}"]
    for mount in container["volumeMounts"]:
        arguments += ["--volume", f"{volumes[mount['name']]}:{mount['mountPath']}:{'ro' if mount.get('readOnly') else 'rw'}"]
    if "command" in container:
        arguments += ["--entrypoint", json.dumps(container["command"])]
    return [*arguments, f"docker.io/{container['image']}", *container.get("args", [])]


def capabilities(spec: dict[str, Any]) -> int:
    """The capabilities that the container adds to none, as the kernel's mask."""
    numbers = {"SYS_PTRACE": 19, "PERFMON": 38, "BPF": 39}
    return sum(1 << numbers[name] for name in spec["containers"][0]["securityContext"]["capabilities"].get("add", []))


def _environment(container: dict[str, Any]) -> dict[str, str]:
    values = {}
    for variable in container.get("env", []):
        field = variable.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
        values[variable["name"]] = "node-1" if field == "spec.nodeName" else variable["value"]
    return values


def _security(context: dict[str, Any], profiles: Path | None) -> list[str]:
    known = {
        "runAsNonRoot",
        "runAsUser",
        "runAsGroup",
        "seccompProfile",
        "privileged",
        "allowPrivilegeEscalation",
        "readOnlyRootFilesystem",
        "capabilities",
        "appArmorProfile",
    }
    _refuse_unknown(context, known)
    if context.get("privileged") or context["allowPrivilegeEscalation"] or not context["readOnlyRootFilesystem"]:
        raise UnknownField(f"more than is wanted: {context}")
    # As Kubernetes has it: everything in the root is read-only, /tmp and /run with it.
    arguments = ["--read-only", "--read-only-tmpfs=false", "--security-opt", "no-new-privileges"]
    arguments += ["--user", f"{context['runAsUser']}:{context['runAsGroup']}"]
    arguments += [f"--cap-drop={name}" for name in context["capabilities"]["drop"]]
    arguments += [f"--cap-add={name}" for name in context["capabilities"].get("add", [])]
    arguments += _seccomp(context.get("seccompProfile", {"type": "Unconfined"}), profiles)
    if context.get("appArmorProfile", {}).get("type") == "Unconfined":
        arguments += ["--security-opt", "apparmor=unconfined"]
    return arguments


def _seccomp(profile: dict[str, str], profiles: Path | None) -> list[str]:
    if profile["type"] == "RuntimeDefault":
        return []
    if profile["type"] == "Unconfined":
        return ["--security-opt", "seccomp=unconfined"]
    if profiles is None:
        raise UnknownField(f"a profile of the node: {profile}")
    return ["--security-opt", f"seccomp={profiles / profile['localhostProfile']}"]


def _refuse_unknown(given: dict[str, Any], known: set[str]) -> None:
    if unknown := set(given) - known:
        raise UnknownField(", ".join(sorted(unknown)))
