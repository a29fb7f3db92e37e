/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.stub.StreamObserver;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * ADS in front of java-control-plane, which needs the node in every request: an Envoy that sends it
 * in a stream's first request only (set_node_on_first_message_only) is completed here.
 */
final class AggregatedDiscoveryService extends AggregatedDiscoveryServiceImplBase {

  // deps
  private final AggregatedDiscoveryServiceImplBase delegate;

  AggregatedDiscoveryService(AggregatedDiscoveryServiceImplBase delegate) {
    this.delegate = delegate;
  }

  @Override
  public StreamObserver<DiscoveryRequest> streamAggregatedResources(
      StreamObserver<DiscoveryResponse> responses) {
    return new NodeKeeper<>(
        delegate.streamAggregatedResources(responses),
        request -> request.hasNode() ? request.getNode() : null,
        (request, node) -> request.toBuilder().setNode(node).build());
  }

  @Override
  public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
      StreamObserver<DeltaDiscoveryResponse> responses) {
    return new NodeKeeper<>(
        delegate.deltaAggregatedResources(responses),
        request -> request.hasNode() ? request.getNode() : null,
        (request, node) -> request.toBuilder().setNode(node).build());
  }

  /** One stream's requests; called by one thread at a time, as gRPC promises. */
  private static final class NodeKeeper<T> implements StreamObserver<T> {

    // deps
    private final StreamObserver<T> delegate;
    private final Function<T, Node> nodeOf;
    private final BiFunction<T, Node, T> withNode;

    // state
    private Node node = Node.getDefaultInstance();

    NodeKeeper(
        StreamObserver<T> delegate, Function<T, Node> nodeOf, BiFunction<T, Node, T> withNode) {
      this.delegate = delegate;
      this.nodeOf = nodeOf;
      this.withNode = withNode;
    }

    @Override
    public void onNext(T request) {
      Node sent = nodeOf.apply(request);
      if (sent != null) {
        // The rest, its list of extensions above all, is 60 KB that an open watch would hold.
        node = Node.newBuilder().setId(sent.getId()).setMetadata(sent.getMetadata()).build();
      }
      delegate.onNext(withNode.apply(request, node));
    }

    @Override
    public void onError(Throwable problem) {
      delegate.onError(problem);
    }

    @Override
    public void onCompleted() {
      delegate.onCompleted();
    }
  }
}
