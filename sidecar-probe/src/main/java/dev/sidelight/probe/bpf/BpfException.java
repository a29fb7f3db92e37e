/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.Map;

/** A call into libbpf or the kernel failed. */
public final class BpfException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int EPERM = 1;
  private static final int EACCES = 13;

  /** Those that bpf() answers with. */
  private static final Map<Integer, String> NAMES =
      Map.of(
          EPERM,
          "EPERM, operation not permitted",
          2,
          "ENOENT, no such object",
          7,
          "E2BIG, too big or the map is full",
          12,
          "ENOMEM, out of memory",
          EACCES,
          "EACCES, refused by the verifier or by permissions",
          16,
          "EBUSY, in use",
          17,
          "EEXIST, exists",
          22,
          "EINVAL, invalid argument",
          95,
          "EOPNOTSUPP, not supported by this kernel");

  private final String operation;
  private final int errno;

  /**
   * Names what failed and why.
   *
   * @param operation the call and its object
   * @param errno positive, as in errno.h
   */
  public BpfException(String operation, int errno) {
    super(operation + ": " + describe(errno));
    this.operation = operation;
    this.errno = errno;
  }

  /** The call and its object. */
  public String operation() {
    return operation;
  }

  /** Positive, as in errno.h. */
  public int errno() {
    return errno;
  }

  /** Whether the kernel refused for want of a capability. */
  public boolean isPermission() {
    return errno == EPERM || errno == EACCES;
  }

  private static String describe(int errno) {
    return NAMES.getOrDefault(errno, "see errno.h") + " (errno " + errno + ")";
  }
}
