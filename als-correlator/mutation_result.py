#!/usr/bin/env python3
# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Judges what PIT found in als-correlator: which small faults no unit test noticed, and whether they are too many."""

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

REPORT = Path(__file__).parent / "target/pit-reports/mutations.xml"
LEAST_KILLED_PERCENT = 85


def main() -> int:
    """Prints the undetected faults by class, and the result."""
    mutations = ElementTree.parse(REPORT).getroot().findall("mutation")
    undetected = [mutation for mutation in mutations if mutation.get("detected") != "true"]
    by_file = Counter(mutation.findtext("sourceFile") for mutation in undetected)
    for file, count in by_file.most_common():
        lines = sorted({int(mutation.findtext("lineNumber")) for mutation in undetected
                        if mutation.findtext("sourceFile") == file})
        print(f"{file}: {count} not noticed, lines {', '.join(map(str, lines))}")
    by_status = Counter(mutation.get("status") for mutation in undetected)
    killed = len(mutations) - len(undetected)
    # Rounded down: 84.96% is not 85.
    killed_per_mille = 1000 * killed // len(mutations) if mutations else 0
    ok = killed_per_mille >= 10 * LEAST_KILLED_PERCENT
    print(f"RESULT mutation={'ok' if ok else 'missed'} killed={killed_per_mille / 10:.1f}% mutants={len(mutations)} "
          f"survived={len(undetected) - by_status['NO_COVERAGE']} no_coverage={by_status['NO_COVERAGE']}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
