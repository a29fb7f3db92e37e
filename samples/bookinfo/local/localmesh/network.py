# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The fabric, a routing network namespace, and the pods' namespaces behind it. The root namespace gets no interface and no address."""

import subprocess
from pathlib import Path

from localmesh import pods
from localmesh.errors import MeshError
from localmesh.layout import Layout
from localmesh.namespaces import create_netns, inside_netns, unmount

FABRIC = "fabric"
PROXY_UID = 1337
TUN = "hold0"
# Packets that the holder has written back leave by the main table; without this rule they would be held for ever.
RETURN_PRIORITY = 50
HOLD_PRIORITY = 100
HOLD_TABLE = 100

_ROUTER = "169.254.1.1"
_ROUTER_MAC = "02:77:00:00:00:01"

# What istio-init writes, by the same names.
REDIRECTION = f"""*nat
:ISTIO_INBOUND - [0:0]
:ISTIO_IN_REDIRECT - [0:0]
:ISTIO_OUTPUT - [0:0]
:ISTIO_REDIRECT - [0:0]
-A PREROUTING -p tcp -j ISTIO_INBOUND
-A OUTPUT -p tcp -j ISTIO_OUTPUT
-A ISTIO_INBOUND -p tcp -m multiport --dports 15008,15090,15021,15020 -j RETURN
-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT
-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006
-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
-A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN
-A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 15008 -m owner --uid-owner {PROXY_UID} -j ISTIO_IN_REDIRECT
-A ISTIO_OUTPUT -o lo -m owner ! --uid-owner {PROXY_UID} -j RETURN
-A ISTIO_OUTPUT -m owner --uid-owner {PROXY_UID} -j RETURN
-A ISTIO_OUTPUT -m owner --gid-owner {PROXY_UID} -j RETURN
-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN
-A ISTIO_OUTPUT -j ISTIO_REDIRECT
COMMIT
"""

# Loose reverse paths, because held packets come in by another interface than they left; no IPv6, so that nobody solicits.
_SETTINGS = """
for file in all default; do
  echo 0 > "/proc/sys/net/ipv4/conf/$file/rp_filter"
  [ ! -e "/proc/sys/net/ipv6/conf/$file/disable_ipv6" ] || echo 1 > "/proc/sys/net/ipv6/conf/$file/disable_ipv6"
done
"""
# A small connection table a pod: whoever reads /proc/net/tcp there (the app ratings under app-queue) walks all of its buckets,
# and the table that pods share otherwise has a quarter of a million. Kernels before 6.1 have no such setting.
_FORWARDING = (
    _SETTINGS
    + """
echo 1 > /proc/sys/net/ipv4/ip_forward
[ ! -e /proc/sys/net/ipv4/tcp_child_ehash_entries ] || echo 1024 > /proc/sys/net/ipv4/tcp_child_ehash_entries
"""
)


def create(layout: Layout, members: tuple[pods.Pod, ...]) -> None:
    """Makes all namespaces, links and routes, and the redirection of every pod with a sidecar."""
    hosts = [(pod.workload, pod.address) for pod in members] + [(pods.OUTSIDE, pods.OUTSIDE_ADDRESS)]
    (layout.run / "netns").mkdir()
    create_netns(layout.netns(FABRIC))
    make_router(layout.netns(FABRIC))
    with inside_netns(layout.netns(FABRIC)):
        for name, _ in hosts:
            create_netns(layout.netns(name))
    run_inside(layout.netns(FABRIC), ["ip", "-batch", "-"], _fabric_batch(layout, hosts))
    steps = [
        start_inside(layout.netns(name), ["sh", "-ec", _SETTINGS + "exec ip -batch -"], _host_batch(address))
        for name, address in hosts
    ]
    finish(steps)
    finish([start_inside(layout.netns(pod.workload), ["iptables-restore"], REDIRECTION) for pod in members if not pod.gateway])


def interface(address: str) -> str:
    """The fabric's end of the link to that host of 10.77.0.0/16."""
    _, _, third, last = address.split(".")
    return f"pod{last}" if third == "0" else f"pod{third}-{last}"


def _mac(address: str) -> str:
    _, _, third, last = address.split(".")
    return f"02:77:00:00:{int(third) + 1:02x}:{int(last):02x}"


def _fabric_batch(layout: Layout, hosts: list[tuple[str, str]]) -> str:
    lines = ["link set lo up", f"tuntap add dev {TUN} mode tun", f"link set {TUN} up txqueuelen 10000"]
    lines += [
        f"route add default dev {TUN} table {HOLD_TABLE}",
        f"rule add iif {TUN} lookup main priority {RETURN_PRIORITY}",
    ]
    for name, address in hosts:
        lines += _link_lines(layout.netns(name), address)
    return "\n".join(lines) + "\n"


def _link_lines(netns: Path, address: str) -> list[str]:
    link = interface(address)
    return [
        f"link add {link} address {_ROUTER_MAC} type veth peer name eth0 address {_mac(address)} netns {netns}",
        f"addr add {_ROUTER}/32 dev {link}",
        f"link set {link} up",
        f"route add {address}/32 dev {link}",
        # Fixed neighbours: an ARP exchange now and then would look like network latency.
        f"neigh replace {address} lladdr {_mac(address)} dev {link} nud permanent",
    ]


def make_router(fabric: Path) -> None:
    """Lets a namespace forward packets."""
    run_inside(fabric, ["sh", "-ec", _FORWARDING])


def link(fabric: Path, netns: Path, address: str) -> None:
    """Makes a host's namespace and links it to a router's."""
    with inside_netns(fabric):
        create_netns(netns)
    run_inside(fabric, ["ip", "-batch", "-"], "\n".join(_link_lines(netns, address)) + "\n")
    run_inside(netns, ["sh", "-ec", _SETTINGS + "exec ip -batch -"], _host_batch(address))


def unlink(fabric: Path, netns: Path, address: str) -> None:
    """Takes a host away that was linked; its namespace ends with its last process."""
    start_inside(fabric, ["ip", "link", "del", interface(address)]).communicate()
    unmount(netns)
    netns.unlink(missing_ok=True)


def _host_batch(address: str) -> str:
    lines = [
        "link set lo up",
        f"addr add {address}/32 dev eth0",
        "link set eth0 up",
        f"neigh replace {_ROUTER} lladdr {_ROUTER_MAC} dev eth0 nud permanent",
        f"route add {_ROUTER} dev eth0 scope link",
        f"route add default via {_ROUTER} dev eth0",
    ]
    return "\n".join(lines) + "\n"


def start_inside(netns: Path, argv: list[str], text: str = "") -> subprocess.Popen[str]:
    """Starts a command in a namespace, its standard input already written."""
    process = subprocess.Popen(
        ["nsenter", f"--net={netns}", *argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdin is not None
    try:
        process.stdin.write(text)
        process.stdin.close()
    except BrokenPipeError:
        pass  # It ended without reading: finish() says why.
    process.stdin = None
    return process


def finish(processes: list[subprocess.Popen[str]]) -> None:
    """Waits for all; MeshError carries what the first failing one said."""
    outputs = [process.communicate()[0] for process in processes]
    for process, output in zip(processes, outputs, strict=True):
        if process.returncode != 0:
            command = " ".join(map(str, process.args[2:])) if isinstance(process.args, list) else str(process.args)
            raise MeshError(f"`{command[:60]}` failed with {process.returncode}: {output.strip()}")


def run_inside(netns: Path, argv: list[str], text: str = "") -> None:
    """Runs a command in a namespace to its end."""
    finish([start_inside(netns, argv, text)])


def has_netem(layout: Layout) -> bool:
    """Whether this kernel can hold packets by itself."""
    attempt = start_inside(layout.netns(FABRIC), ["tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"])
    attempt.communicate()
    if attempt.returncode == 0:
        run_inside(layout.netns(FABRIC), ["tc", "qdisc", "del", "dev", "lo", "root"])
    return attempt.returncode == 0
