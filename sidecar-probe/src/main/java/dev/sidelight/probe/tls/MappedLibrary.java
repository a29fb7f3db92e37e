/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.tls;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file that a process has mapped and that is a libssl by its name.
 *
 * @param identity device and inode, by which two containers' mappings of one file are one
 * @param path as the process sees it
 */
record MappedLibrary(String identity, String path) {
  // Wheels of Python carry theirs under names such as libssl-3a880ada.so.1.1.
  private static final Pattern NAME = Pattern.compile("libssl[-.\\w]*\\.so[.\\d]*");
  private static final String DELETED = " (deleted)";
  private static final int FIELDS = 6;

  /** Those of /proc/PID/maps, each once. */
  static List<MappedLibrary> of(List<String> maps) {
    List<MappedLibrary> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String line : maps) {
      parse(line).filter(library -> seen.add(library.identity())).ifPresent(found::add);
    }
    return found;
  }

  /**
   * The path below the process's root. /proc gives it from that root on, but for a root that is no
   * root of a mount namespace (chroot) and a reader in another: then from the namespace's.
   *
   * @param root what /proc/PID/root links to
   */
  String pathBelow(String root) {
    return root.length() > 1 && path.startsWith(root + "/") ? path.substring(root.length()) : path;
  }

  /** address permissions offset device inode path. */
  private static Optional<MappedLibrary> parse(String line) {
    // Most lines are of something else, and a process has thousands.
    if (!line.contains("libssl")) {
      return Optional.empty();
    }
    String[] fields = line.split(" +", FIELDS);
    if (fields.length < FIELDS || fields[5].endsWith(DELETED)) {
      return Optional.empty();
    }
    String path = fields[5];
    if (!NAME.matcher(path.substring(path.lastIndexOf('/') + 1)).matches()) {
      return Optional.empty();
    }
    return Optional.of(new MappedLibrary(fields[3] + ":" + fields[4], path));
  }
}
