/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.pod.Pod;
import dev.sidelight.probe.pod.PodScanner;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Whether the other end of a connection can be in the same pod: its address is the pod's own, or an
 * application connects to elsewhere, which redirection may take to the sidecar.
 */
final class PeerInPod {
  private final PodScanner scanner;

  PeerInPod(PodScanner scanner) {
    this.scanner = scanner;
  }

  boolean test(HopEnd end) {
    if (end.isInitiator() && !scanner.isEnvoy(end.socket().ownerTgid())) {
      return true;
    }
    Pod pod = scanner.pod(end.netns()).orElse(null);
    return pod == null || pod.owns(address(end.socket().remoteAddress()));
  }

  private static InetAddress address(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + address.length + " bytes", e);
    }
  }
}
