/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** The file of a Unix socket: a killed controller leaves it behind, and it blocks the next one. */
final class UnixSocketFile {

  /** Of the lowest bit of the mode first. */
  private static final PosixFilePermission[] PERMISSIONS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  private UnixSocketFile() {}

  /**
   * Removes a socket that nobody listens on.
   *
   * @throws SettingException where the path is something else, is in use, or cannot be used
   */
  static void removeStale(Path path) {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isDirectory(path.toAbsolutePath().getParent())) {
        throw unusable(path, "is in no directory; create it, or name another path");
      }
      return;
    }
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isOther()) {
        throw unusable(path, "is a file, not a socket; remove it, or name another path");
      }
      if (isListenedOn(path)) {
        throw unusable(path, "is in use; stop the other process, or name another path");
      }
      Files.delete(path);
    } catch (IOException e) {
      throw unusable(path, "cannot be removed (" + e + "); remove it, or name another path");
    }
  }

  private static boolean isListenedOn(Path path) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static SettingException unusable(Path path, String wayOut) {
    return new SettingException(Setting.ALS_SOCKET_PATH.key() + ": " + path + " " + wayOut);
  }

  /** Sets its permissions, as in chmod. */
  static void setMode(Path path, int mode) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < PERMISSIONS.length; bit++) {
      if ((mode & 1 << bit) != 0) {
        permissions.add(PERMISSIONS[bit]);
      }
    }
    Files.setPosixFilePermissions(path, permissions);
  }
}
