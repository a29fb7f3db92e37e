# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""`istio-addon/render`: writes the manifests anew, or with --check says whether they are as their templates and values make them."""

import argparse
import sys
from pathlib import Path

from manifests import rendering


def main() -> int:
    """Answers the exit code."""
    parser = argparse.ArgumentParser(prog="render", description="Renders the manifests of istio-addon from values.toml.")
    parser.add_argument("--check", action="store_true", help="only say whether the rendered files are stale")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="overrides", help="another value than that of values.toml; may be repeated")
    parser.add_argument("--output", type=Path, metavar="DIRECTORY", help="where to write (default: here, where values.toml says all)")
    arguments = parser.parse_args()
    overrides = dict(each.split("=", 1) if "=" in each else (each, "") for each in arguments.overrides)
    if overrides and not arguments.output:
        parser.error("--set needs --output DIRECTORY: the files here are those of values.toml")
    if arguments.check:
        stale = rendering.stale()
        for path in stale:
            print(f"istio-addon/{path} is not as values and templates make it: run `istio-addon/render`", file=sys.stderr)
        return 1 if stale else 0
    try:
        for path in rendering.write(rendering.values(overrides), arguments.output or rendering.ADDON):
            print(path)
    except rendering.ValueRefused as refused:
        parser.error(str(refused))
    return 0


if __name__ == "__main__":
    sys.exit(main())
