/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static dev.sidelight.controller.xds.ResourceTypes.address;
import static dev.sidelight.controller.xds.ResourceTypes.typedConfig;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import dev.sidelight.controller.xds.Mesh.Direction;
import dev.sidelight.controller.xds.MeshService.Protocol;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.List;

/** Builds listeners under Istio's names, at the ports that Istio's iptables rules redirect to. */
final class ListenerFactory {

  static final int OUTBOUND_PORT = 15001;
  static final int INBOUND_PORT = 15006;

  private static final String ANY_ADDRESS = "0.0.0.0";
  private static final long LISTENER_FILTERS_TIMEOUT_SECONDS = 5;

  private ListenerFactory() {}

  /** Takes what the app sends, and hands it to the listener of the address it was sent to. */
  static Listener virtualOutbound() {
    return Listener.newBuilder()
        .setName("virtualOutbound")
        .setAddress(address(ANY_ADDRESS, OUTBOUND_PORT))
        .setUseOriginalDst(BoolValue.of(true))
        .setTrafficDirection(TrafficDirection.OUTBOUND)
        .addFilterChains(blackHole(OUTBOUND_PORT, Direction.OUTBOUND))
        .addFilterChains(
            FilterChain.newBuilder()
                .setName("virtualOutbound-catchall-tcp")
                .addFilters(tcpProxy(ClusterFactory.PASSTHROUGH, Direction.OUTBOUND)))
        .build();
  }

  /** A service's virtual address; bound to no port, only virtualOutbound leads here. */
  static Listener outbound(MeshService service) {
    Filter filter =
        service.protocol() == Protocol.TCP
            ? tcpProxy(service.outboundCluster(), Direction.OUTBOUND)
            : HttpConnectionManagerFactory.outbound(
                "outbound_" + service.outboundListener(), service.outboundRoute());
    return Listener.newBuilder()
        .setName(service.outboundListener())
        .setAddress(address(service.address(), service.port()))
        .setBindToPort(BoolValue.of(false))
        .setTrafficDirection(TrafficDirection.OUTBOUND)
        .addFilterChains(FilterChain.newBuilder().addFilters(filter))
        .build();
  }

  /** Takes what comes to the pod: mutual TLS or plaintext, as Istio's PERMISSIVE mode. */
  static Listener virtualInbound(Mesh mesh, ProxyNode node, List<MeshService> ownServices) {
    Listener.Builder listener =
        Listener.newBuilder()
            .setName("virtualInbound")
            .setAddress(address(ANY_ADDRESS, INBOUND_PORT))
            .setTrafficDirection(TrafficDirection.INBOUND)
            .addListenerFilters(
                listenerFilter(
                    "envoy.filters.listener.original_dst", OriginalDst.getDefaultInstance()))
            .addListenerFilters(
                listenerFilter(
                    "envoy.filters.listener.tls_inspector", TlsInspector.getDefaultInstance()))
            .setListenerFiltersTimeout(Durations.fromSeconds(LISTENER_FILTERS_TIMEOUT_SECONDS))
            .setContinueOnListenerFiltersTimeout(true)
            .addFilterChains(blackHole(INBOUND_PORT, Direction.INBOUND));
    for (MeshService service : ownServices) {
      listener
          .addFilterChains(
              inbound(service, "tls")
                  .setName("0.0.0.0_" + service.port())
                  .setTransportSocket(TlsContextFactory.downstream(mesh, node)))
          .addFilterChains(
              inbound(service, "raw_buffer").setName("0.0.0.0_" + service.port() + "_plaintext"));
    }
    return listener
        .addFilterChains(
            FilterChain.newBuilder()
                .setName("virtualInbound")
                .addFilters(tcpProxy(ClusterFactory.INBOUND_PASSTHROUGH, Direction.INBOUND)))
        .build();
  }

  /** The port that the outside world sees. */
  static Listener gateway(MeshGateway gateway) {
    return Listener.newBuilder()
        .setName(gateway.listener())
        .setAddress(address(ANY_ADDRESS, gateway.port()))
        .setTrafficDirection(TrafficDirection.OUTBOUND)
        .addFilterChains(
            FilterChain.newBuilder()
                .addFilters(
                    HttpConnectionManagerFactory.gateway(
                        "outbound_" + gateway.listener(), gateway.route())))
        .build();
  }

  private static FilterChain.Builder inbound(MeshService service, String transportProtocol) {
    Filter filter =
        service.protocol() == Protocol.TCP
            ? tcpProxy(service.inboundCluster(), Direction.INBOUND)
            : HttpConnectionManagerFactory.inbound(
                "inbound_0.0.0.0_" + service.port(), service.inboundRoute());
    return FilterChain.newBuilder()
        .setFilterChainMatch(
            FilterChainMatch.newBuilder()
                .setDestinationPort(UInt32Value.of(service.port()))
                .setTransportProtocol(transportProtocol))
        .addFilters(filter);
  }

  /** Whoever calls the redirection's own port would be sent round in a circle. */
  private static FilterChain blackHole(int port, Direction direction) {
    return FilterChain.newBuilder()
        .setName("blackhole")
        .setFilterChainMatch(FilterChainMatch.newBuilder().setDestinationPort(UInt32Value.of(port)))
        .addFilters(tcpProxy(ClusterFactory.BLACK_HOLE, direction))
        .build();
  }

  private static Filter tcpProxy(String cluster, Direction direction) {
    return Filter.newBuilder()
        .setName("envoy.filters.network.tcp_proxy")
        .setTypedConfig(
            typedConfig(
                TcpProxy.newBuilder()
                    .setStatPrefix(cluster)
                    .setCluster(cluster)
                    .addAccessLog(AccessLogFactory.tcp(direction))
                    .build()))
        .build();
  }

  private static ListenerFilter listenerFilter(String name, Message config) {
    return ListenerFilter.newBuilder().setName(name).setTypedConfig(typedConfig(config)).build();
  }
}
