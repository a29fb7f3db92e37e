# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The addon on the control plane that all suites share: installed, asked what it may, and removed."""

import subprocess
from pathlib import Path
from typing import Any

from localmesh.cluster import yaml_stream
from localmesh.cluster.api import ApiClient
from localmesh.cluster.cluster import Cluster, wait_until
from manifests import rendering

NAMESPACE = "istio-system"
MANIFEST = rendering.ADDON / "sidelight.yaml"
CONTROLLER = "system:serviceaccount:istio-system:sidelight-controller"
PROBE = "system:serviceaccount:istio-system:sidelight-probe"
SECONDS = 60.0

_PART_OF_SIDELIGHT = "app.kubernetes.io/part-of=sidelight"
_WORKLOADS = ("deployment/sidelight-controller", "daemonset/sidelight-probe")


def documents(text: str) -> list[dict[str, Any]]:
    """The objects of a manifest."""
    return yaml_stream.documents(text)


def the(objects: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    """One of them."""
    return next(each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name))


def install(cluster: Cluster, text: str, namespace: str = NAMESPACE) -> None:
    """`kubectl apply`, until the pods are ready, and the API server goes by the policy of one replica, of which it hears as by any watch."""
    cluster.kubectl("apply", "-f", "-", text=text)
    for workload in _WORKLOADS:
        cluster.kubectl("-n", namespace, "rollout", "status", workload, f"--timeout={SECONDS:.0f}s")
    wait_until(lambda: "runs as one replica" in scale_to_two(cluster, namespace, "--dry-run=server"), SECONDS, "a second replica to be refused")


def scale_to_two(cluster: Cluster, namespace: str, *options: str) -> str:
    """What kubectl says of a second replica, which is refused."""
    return cluster.kubectl("-n", namespace, "scale", "deployment/sidelight-controller", "--replicas=2", *options, check=False).stderr


def uninstall(cluster: Cluster, manifest: Path = MANIFEST) -> None:
    """`kubectl delete`, until nothing is left; fine where nothing is."""
    cluster.kubectl("delete", "--ignore-not-found", "-f", str(manifest))
    wait_until(lambda: left(cluster) == [], SECONDS, "the addon's objects to be gone")


def left(cluster: Cluster) -> list[str]:
    """Whatever is a part of the addon, of every kind that can be listed; pods and what else is made from it too."""
    kinds = cluster.kubectl("api-resources", "--verbs=list,delete", "-o", "name").stdout.split()
    # Both are other objects' shadows: an event outlives what it tells of by an hour, by design.
    asked = [kind for kind in kinds if kind not in ("events", "events.events.k8s.io")]
    return cluster.kubectl("get", ",".join(asked), "-A", "-l", _PART_OF_SIDELIGHT, "-o", "name", "--ignore-not-found").stdout.split()


def may(client: ApiClient, user: str, verb: str, resource: str, name: str = "", namespace: str = "") -> bool:
    """Whether RBAC lets a user do this; `resource` is RESOURCE[/SUBRESOURCE][.GROUP]."""
    what, _, group = resource.partition(".")
    plural, _, subresource = what.partition("/")
    attributes = {"verb": verb, "group": group, "resource": plural, "subresource": subresource, "name": name, "namespace": namespace}
    _, _, account_namespace, _ = user.split(":")
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{account_namespace}", "system:authenticated"]
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "groups": groups, "resourceAttributes": attributes},
    }
    return bool(client.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)["status"]["allowed"])


def granted(objects: list[dict[str, Any]], account: str) -> list[tuple[str, str, str]]:
    """Verb, resource and name of each right that the roles bound to a ServiceAccount give; bare lists for any name."""
    roles = {(each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]): each["rules"] for each in objects if each["kind"] in ("Role", "ClusterRole")}
    granted = []
    for binding in objects:
        if binding["kind"] in ("RoleBinding", "ClusterRoleBinding") and [subject["name"] for subject in binding["subjects"]] == [account]:
            for rule in roles[binding["roleRef"]["kind"], binding["metadata"].get("namespace", ""), binding["roleRef"]["name"]]:
                for group in rule["apiGroups"]:
                    resources = [f"{resource}.{group}" if group else resource for resource in rule["resources"]]
                    granted += [(verb, resource, name) for verb in rule["verbs"] for resource in resources for name in rule.get("resourceNames", [""])]
    return granted


def previous_manifest() -> str:
    """sidelight.yaml as it was before its last change."""
    path = "istio-addon/sidelight.yaml"
    commits = _git("log", "--format=%H", "--", path).split()
    current = MANIFEST.read_text()
    for commit in commits:
        text = _git("show", f"{commit}:{path}")
        if text != current:
            return text
    raise AssertionError(f"no commit has another {path} than this one; is the clone shallow?")


def _git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", str(rendering.ADDON.parent), *arguments], check=True, capture_output=True, text=True).stdout
