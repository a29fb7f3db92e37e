#!/usr/bin/env python3
# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Runs KernelIT in a guest for each kernel of kernels.list, all at once, under qemu without acceleration. The guests'
image is made where it is missing or its recipe has changed, and kept in .tools/kernels. Ends in a RESULT line; exits 1
where a kernel did not pass."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
MODULE = HERE.parent
TOOLS = MODULE.parent / ".tools" / "kernels"
RECIPE = ("image", "fetch-kernels", "initramfs-init", "kernels.list")
NEEDED = {"qemu-system-x86_64": "qemu-system-x86", "mmdebstrap": "mmdebstrap", "mke2fs": "e2fsprogs", "mvn": "maven"}
TESTS = 5
# Only against a hang: a guest takes under a minute where nothing else runs.
GUEST_SECONDS = 900
# Without cx16 since qemu 7.2 sets wrong flags after a cmpxchg16b, by which a 6.12 kernel dies in its allocator.
CPU = "max,-cx16"

began = time.monotonic()


def say(text):
    print("[%6.1f s] %s" % (time.monotonic() - began, text), file=sys.stderr, flush=True)


def require_tools():
    missing = sorted(package for tool, package in NEEDED.items() if not shutil.which(tool))
    if missing:
        sys.exit("test-kernels: missing Debian packages: %s; run make prerequisites" % " ".join(missing))
    if os.geteuid() != 0:
        sys.exit("test-kernels: needs root, to make the guests' image")


def series():
    return [line.split()[0] for line in (HERE / "kernels.list").read_text().splitlines()]


def make_image():
    recipe = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in RECIPE)).hexdigest()
    stamp = TOOLS / "recipe"
    if stamp.exists() and stamp.read_text() == recipe:
        say("the guests' image is there")
        return
    say("making the guests' image")
    subprocess.run([HERE / "image", TOOLS], check=True)
    stamp.write_text(recipe)


def pack_probe():
    """The module's classes, tests and what they need, as the second disk of each guest."""
    say("packing the probe and its tests")
    target = MODULE / "target" / "kernels"
    shutil.rmtree(target, ignore_errors=True)
    disk = target / "disk"
    for folder in ("classes", "test-classes"):
        shutil.copytree(MODULE / "target" / folder, disk / folder)
    shutil.copytree(MODULE / "src" / "test" / "resources" / "kernel", disk / "src" / "test" / "resources" / "kernel")
    shutil.copy(HERE / "guest-init", disk)
    subprocess.run(
        ["mvn", "-q", "-B", "-ntp", "-Dstyle.color=never", "-pl", "sidecar-probe", "dependency:copy-dependencies", "-DincludeScope=test",
         "-DoutputDirectory=%s" % (disk / "lib")], cwd=MODULE.parent, check=True)
    subprocess.run(
        ["mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-d", disk, target / "probe.ext4", "300M"],
        stdout=subprocess.DEVNULL, check=True)
    return target


class Guest:
    """One kernel under test. What its console says is kept beside the disk."""

    def __init__(self, name, target):
        self.name = name
        self.log = target / ("console-%s.log" % name)
        self.probe = target / "probe.ext4"
        self.seconds = 0.0
        self.text = ""

    def command(self):
        boot = TOOLS / self.name
        return [
            "qemu-system-x86_64", "-accel", "tcg", "-cpu", CPU, "-m", "1536", "-nic", "none", "-no-reboot", "-nographic",
            "-kernel", boot / "vmlinuz", "-initrd", boot / "initrd",
            "-append", "console=ttyS0 mitigations=off panic=-1 quiet",
            "-drive", "file=%s,if=virtio,format=raw,snapshot=on" % (TOOLS / "root.ext4"),
            "-drive", "file=%s,if=virtio,format=raw,readonly=on" % self.probe,
        ]

    def run(self):
        start = time.monotonic()
        with subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as qemu, self.log.open("w") as log:
            timer = threading.Timer(GUEST_SECONDS, qemu.kill)
            timer.start()
            for line in qemu.stdout:
                log.write(line)
                log.flush()
                self.text += line
                told = re.search(r"(GUEST |^RESULT |^ *[+'|].*\[(OK|X)\]|Kernel panic).*", line)
                if told:
                    say("%-5s %s" % (self.name, told.group().strip()))
            timer.cancel()
        self.seconds = time.monotonic() - start

    def passed(self):
        return "GUEST status 0" in self.text and "%d tests successful" % TESTS in self.text and "RESULT loss=netem" in self.text


def main():
    require_tools()
    make_image()
    target = pack_probe()
    guests = [Guest(name, target) for name in series()]
    threads = [threading.Thread(target=guest.run) for guest in guests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for guest in guests:
        say("%s %s in %.0f s" % (guest.name, "passed" if guest.passed() else "FAILED, see %s" % guest.log, guest.seconds))
    passed = sum(guest.passed() for guest in guests)
    print("RESULT kernels=%d passed=%d seconds=%.0f" % (len(guests), passed, time.monotonic() - began))
    sys.exit(0 if passed == len(guests) else 1)


if __name__ == "__main__":
    main()
