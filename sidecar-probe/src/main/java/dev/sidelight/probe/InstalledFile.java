/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A program that puts a file in its place on a node, at once or not at all: {@code java -cp
 * sidecar-probe.jar dev.sidelight.probe.InstalledFile FROM TO}. The image has no shell and no cp,
 * and the kubelet looks for a container's seccomp profile on the node.
 */
public final class InstalledFile {

  private InstalledFile() {}

  /** Ends with 1 and a line where it cannot. */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("usage: InstalledFile FROM TO");
      System.exit(2);
    }
    try {
      install(Path.of(args[0]), Path.of(args[1]));
    } catch (IOException e) {
      System.err.println("sidelight-probe: cannot install " + args[1] + ": " + e);
      System.exit(1);
    }
  }

  /**
   * Puts a copy there, in place of what was there before.
   *
   * @throws IOException where it cannot be read or written; what was there before still is
   */
  static void install(Path from, Path to) throws IOException {
    byte[] content = Files.readAllBytes(from);
    Path beside = to.resolveSibling(to.getFileName() + ".new");
    Files.write(beside, content);
    Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
