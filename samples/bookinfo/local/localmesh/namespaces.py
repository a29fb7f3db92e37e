# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Network namespaces and mounts by their system calls: a process a step would make `mesh up` wait for exec."""

import contextlib
import ctypes
import ctypes.util
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_MS_BIND = 4096
_MS_SHARED = 1 << 20
_MNT_DETACH = 2
_PR_SET_PDEATHSIG = 1
_PR_SET_TIMERSLACK = 29
_OWN_NETNS = "/proc/thread-self/ns/net"

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, operation: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{operation}: {os.strerror(number)}")


def mount(source: str, target: Path, kind: str, flags: int = 0) -> None:
    """mount(2), visible only where the mount namespace is private."""
    _check(_libc.mount(source.encode(), bytes(target), kind.encode(), flags, None), f"mount {kind} {target}")


def unmount(target: Path) -> None:
    """Takes a mount away, now or when its last user ends; fine where there is none."""
    _libc.umount2(bytes(target), _MNT_DETACH)


def share(target: Path) -> None:
    """Makes a mount one whose later mounts are seen, both ways, by mount namespaces that are made from this one with propagation unchanged."""
    mount("none", target, "none", _MS_SHARED)


def bind_file(source: str, target: Path) -> None:
    """Makes one file appear at another path."""
    target.touch()
    mount(source, target, "none", _MS_BIND)


def create_netns(path: Path) -> None:
    """Makes a network namespace that lives as long as its mount at `path`."""
    with open(_OWN_NETNS) as own:
        _check(_libc.unshare(_CLONE_NEWNET), "unshare a network namespace")
        try:
            bind_file(_OWN_NETNS, path)
        finally:
            _check(_libc.setns(own.fileno(), _CLONE_NEWNET), "return to the own network namespace")


@contextlib.contextmanager
def inside_netns(path: Path | str) -> Iterator[None]:
    """This thread's sockets made within belong to that namespace, for as long as they live."""
    with open(_OWN_NETNS) as own, open(path) as other:
        _check(_libc.setns(other.fileno(), _CLONE_NEWNET), f"enter {path}")
        try:
            yield
        finally:
            _check(_libc.setns(own.fileno(), _CLONE_NEWNET), "return to the own network namespace")


def connect_in(path: Path | str, address: tuple[str, int], timeout_seconds: float) -> socket.socket:
    """A TCP connection made in another network namespace."""
    with inside_netns(path):
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_seconds)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def die_with_parent(number: signal.Signals | int, parent: int) -> None:
    """Asks the kernel for a signal when the parent ends; a parent that has ended already ends this process too."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0), "prctl PR_SET_PDEATHSIG")
    if number and os.getppid() != parent:
        os._exit(1)


def exact_timers() -> None:
    """Lets sleeps of this thread end when they should, not up to 50 us later."""
    _check(_libc.prctl(_PR_SET_TIMERSLACK, 1, 0, 0, 0), "prctl PR_SET_TIMERSLACK")
