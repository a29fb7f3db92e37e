/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

/**
 * What the object is told before it is loaded.
 *
 * @param ringBytes size of the ring buffer, a power of two of at least a page
 * @param idleNanos age of a complete exchange's last event after which the iterator emits it
 * @param requestPrefixBytes bytes kept of a request's head, 0 to 1024
 * @param responsePrefixBytes bytes kept of a response's head, 0 to 1024
 * @param readTiming how it is learned when a read began
 * @param pidNamespace inode of the PID namespace that process ids are told in; 0: the machine's own
 */
public record TracerSettings(
    int ringBytes,
    long idleNanos,
    int requestPrefixBytes,
    int responsePrefixBytes,
    ReadTiming readTiming,
    int pidNamespace) {

  /** Rejects what the object cannot take. */
  public TracerSettings {
    if (ringBytes < 4096 || Integer.bitCount(ringBytes) != 1) {
      throw new IllegalArgumentException("not a power of two of at least 4096: " + ringBytes);
    }
    if (requestPrefixBytes < 0 || requestPrefixBytes > 1024) {
      throw new IllegalArgumentException("not in 0..1024: " + requestPrefixBytes);
    }
    if (responsePrefixBytes < 0 || responsePrefixBytes > 1024) {
      throw new IllegalArgumentException("not in 0..1024: " + responsePrefixBytes);
    }
  }

  /** The same, with process ids of that namespace. */
  public TracerSettings in(int namespace) {
    return new TracerSettings(
        ringBytes, idleNanos, requestPrefixBytes, responsePrefixBytes, readTiming, namespace);
  }
}
