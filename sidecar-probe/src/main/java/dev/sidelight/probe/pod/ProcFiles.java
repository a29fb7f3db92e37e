/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** /proc, where anything may vanish between two looks: what is not there reads as empty. */
final class ProcFiles {
  private static final String DELETED = " (deleted)";

  private final Path root;

  ProcFiles(Path root) {
    this.root = root;
  }

  List<Integer> processes() {
    String[] names = root.toFile().list();
    List<Integer> ids = new ArrayList<>();
    if (names != null) {
      for (String name : names) {
        if (Character.isDigit(name.charAt(0))) {
          ids.add(Integer.parseInt(name));
        }
      }
    }
    return ids;
  }

  /** The file's name alone; empty for kernel threads, processes gone, and what may not be seen. */
  String executable(int process) {
    String target = link(process, "exe");
    if (target.endsWith(DELETED)) {
      target = target.substring(0, target.length() - DELETED.length());
    }
    return target.substring(target.lastIndexOf('/') + 1);
  }

  /** Inode of the network namespace; 0 where it cannot be read. */
  int netns(int process) {
    String target = link(process, "ns/net");
    int open = target.indexOf('[');
    return open < 0 ? 0 : Integer.parseUnsignedInt(target.substring(open + 1, target.length() - 1));
  }

  /** The effective user as its own user namespace numbers it; -1 where it cannot be read. */
  int containerUid(int process) {
    return ContainerUid.of(lines(process, "status"), lines(process, "uid_map"));
  }

  List<String> lines(int process, String file) {
    try {
      return Files.readAllLines(
          root.resolve(Integer.toString(process)).resolve(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of();
    }
  }

  private String link(int process, String name) {
    try {
      return Files.readSymbolicLink(root.resolve(Integer.toString(process)).resolve(name))
          .toString();
    } catch (IOException e) {
      return "";
    }
  }
}
