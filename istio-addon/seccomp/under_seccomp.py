#!/usr/bin/env python3
# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Runs a program under a seccomp profile as a container runtime would: under_seccomp.py PROFILE COMMAND ... By libseccomp, as runc and crun do."""

import ctypes
import json
import os
import sys
from typing import Any

_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_EPERM = 1
_OPERATORS = {"SCMP_CMP_NE": 1, "SCMP_CMP_LT": 2, "SCMP_CMP_LE": 3, "SCMP_CMP_EQ": 4, "SCMP_CMP_GE": 5, "SCMP_CMP_GT": 6, "SCMP_CMP_MASKED_EQ": 7}


class _Comparison(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("datum_a", ctypes.c_uint64), ("datum_b", ctypes.c_uint64)]


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
    library.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(_Comparison)]
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    return library


def _action(name: str, errno: int) -> int:
    return {"SCMP_ACT_ALLOW": _ALLOW, "SCMP_ACT_ERRNO": _ERRNO | errno}[name]


def load(profile: dict[str, Any]) -> None:
    """Puts this process, and what it becomes, under the profile; OSError where the kernel does not."""
    library = _library()
    default = _action(profile["defaultAction"], profile.get("defaultErrnoRet", _EPERM))
    context = library.seccomp_init(default)
    for rule in profile["syscalls"]:
        action = _action(rule["action"], rule.get("errnoRet", _EPERM))
        if action == default:
            # libseccomp takes no such rule; it says so to runtimes that do not know defaultErrnoRet.
            continue
        compared = [_Comparison(each["index"], _OPERATORS[each["op"]], each["value"], each.get("valueTwo", 0)) for each in rule.get("args", [])]
        for name in rule["names"]:
            number = library.seccomp_syscall_resolve_name(name.encode())
            # Runtimes pass over names that they do not know; here a misspelt one shall be seen.
            if number == -1:
                raise ValueError(f"no system call {name}")
            _checked(library.seccomp_rule_add_array(context, action, number, len(compared), (_Comparison * len(compared))(*compared)), name)
    _checked(library.seccomp_load(context), "seccomp_load")


def _checked(result: int, what: str) -> None:
    if result != 0:
        raise OSError(-result, f"{what}: {os.strerror(-result)}")


def main() -> None:
    """Becomes the program."""
    profile, *command = sys.argv[1:]
    with open(profile) as text:
        load(json.load(text))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
