/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

/**
 * What the object counted since it was loaded.
 *
 * @param emitted records that hooks and iterator had to give
 * @param ringFull of these, refused by a full ring
 * @param storageFull events on a socket for which no state could be allocated
 * @param flushTorn copies that the iterator threw away since a hook wrote meanwhile; it tries again
 * @param framesLost times that a walk along HTTP/2 frames lost its place
 * @param framesUnread times that a frame's bytes could not be read
 * @param arrivalsMissed reads of bytes whose arrival no hook was told of
 */
public record TracerCounters(
    long emitted,
    long ringFull,
    long storageFull,
    long flushTorn,
    long framesLost,
    long framesUnread,
    long arrivalsMissed) {

  /** Nothing counted yet. */
  public static final TracerCounters NONE = new TracerCounters(0, 0, 0, 0, 0, 0, 0);
}
