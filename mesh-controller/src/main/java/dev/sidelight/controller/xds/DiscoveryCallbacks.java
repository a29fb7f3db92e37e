/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Learns of nodes by their requests, and of updates that they reject. Called on event loops. */
final class DiscoveryCallbacks implements DiscoveryServerCallbacks {

  private static final Logger LOGGER = LoggerFactory.getLogger(DiscoveryCallbacks.class);

  // deps
  private final Consumer<Node> onNode;

  // state
  private final AtomicLong rejectedUpdates = new AtomicLong();

  /** The consumer is called before the request is answered. */
  DiscoveryCallbacks(Consumer<Node> onNode) {
    this.onNode = onNode;
  }

  long rejectedUpdates() {
    return rejectedUpdates.get();
  }

  @Override
  public void onV3StreamRequest(long streamId, DiscoveryRequest request) {
    if (request.hasErrorDetail()) {
      rejected(request.getNode(), request.getTypeUrl(), request.getErrorDetail().getMessage());
    }
    onNode.accept(request.getNode());
  }

  @Override
  public void onV3StreamDeltaRequest(long streamId, DeltaDiscoveryRequest request) {
    if (request.hasErrorDetail()) {
      rejected(request.getNode(), request.getTypeUrl(), request.getErrorDetail().getMessage());
    }
    onNode.accept(request.getNode());
  }

  private void rejected(Node node, String typeUrl, String reason) {
    rejectedUpdates.incrementAndGet();
    LOGGER.error("node {} rejects an update of {}: {}", node.getId(), typeUrl, reason);
  }
}
