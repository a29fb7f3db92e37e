/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenerFactoryTest {

  @Test
  void virtualOutbound_handsOverByOriginalDestination() {
    Listener listener = ListenerFactory.virtualOutbound();
    assertThat(listener.getAddress().getSocketAddress().getPortValue()).isEqualTo(15001);
    assertThat(listener.getUseOriginalDst().getValue()).isTrue();
  }

  @Test
  void outbound_isNotBoundAndTakesItsRoutesByRds() throws InvalidProtocolBufferException {
    Listener listener = ListenerFactory.outbound(TestMesh.REVIEWS);
    assertThat(listener.getBindToPort().getValue()).isFalse();
    assertThat(listener.hasBindToPort()).isTrue();
    HttpConnectionManager manager = manager(listener.getFilterChains(0));
    assertThat(manager.getRds().getConfigSource().hasAds()).isTrue();
    assertThat(manager.getRds().getRouteConfigName())
        .isEqualTo("reviews.bookinfo.svc.cluster.local:9080");
    assertThat(manager.getHttpFiltersList())
        .extracting(HttpFilter::getName)
        .containsExactly("envoy.filters.http.fault", "envoy.filters.http.router");
    assertThat(manager.getPreserveExternalRequestId()).isTrue();
  }

  @Test
  void outboundTcp_isATcpProxyWithItsLog() throws InvalidProtocolBufferException {
    Listener listener = ListenerFactory.outbound(TestMesh.RATINGS_DB);
    TcpProxy proxy =
        listener.getFilterChains(0).getFilters(0).getTypedConfig().unpack(TcpProxy.class);
    assertThat(proxy.getCluster())
        .isEqualTo("outbound|3306||ratings-db.bookinfo.svc.cluster.local");
    assertThat(proxy.getAccessLogList()).hasSize(1);
  }

  @Test
  void virtualInbound_takesMutualTlsAndPlaintextOfItsOwnPorts() {
    Listener listener =
        ListenerFactory.virtualInbound(
            TestMesh.mesh(), TestMesh.REVIEWS_V1, List.of(TestMesh.REVIEWS));
    assertThat(listener.getListenerFiltersList()).hasSize(2);
    assertThat(listener.getFilterChainsList())
        .extracting(
            FilterChain::getName,
            c -> c.getFilterChainMatch().getTransportProtocol(),
            c -> c.getFilterChainMatch().getDestinationPort().getValue(),
            FilterChain::hasTransportSocket)
        .containsExactly(
            tuple("blackhole", "", 15006, false),
            tuple("0.0.0.0_9080", "tls", 9080, true),
            tuple("0.0.0.0_9080_plaintext", "raw_buffer", 9080, false),
            tuple("virtualInbound", "", 0, false));
  }

  @Test
  void gateway_keepsARequestIdAndMakesOneWhereThereIsNone() throws InvalidProtocolBufferException {
    Listener listener = ListenerFactory.gateway(TestMesh.INGRESS);
    assertThat(listener.getAddress().getSocketAddress().getPortValue()).isEqualTo(8080);
    HttpConnectionManager manager = manager(listener.getFilterChains(0));
    assertThat(manager.getGenerateRequestId().getValue()).isTrue();
    assertThat(manager.getPreserveExternalRequestId()).isTrue();
    assertThat(manager.getRds().getRouteConfigName()).isEqualTo("http.8080");
  }

  private static HttpConnectionManager manager(FilterChain chain)
      throws InvalidProtocolBufferException {
    return chain.getFilters(0).getTypedConfig().unpack(HttpConnectionManager.class);
  }
}
