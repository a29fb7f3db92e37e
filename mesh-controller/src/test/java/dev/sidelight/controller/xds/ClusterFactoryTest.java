/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClusterFactoryTest {

  @Test
  void outbound_trustsTheEndpointsIdentitiesAlone() throws InvalidProtocolBufferException {
    Cluster cluster =
        ClusterFactory.outbound(TestMesh.mesh(), TestMesh.INGRESS_NODE, TestMesh.REVIEWS);
    UpstreamTlsContext tls =
        cluster.getTransportSocket().getTypedConfig().unpack(UpstreamTlsContext.class);
    assertThat(tls.getSni()).isEqualTo("outbound_.9080_._.reviews.bookinfo.svc.cluster.local");
    var common = tls.getCommonTlsContext();
    assertThat(common.getAlpnProtocolsList()).containsExactly("istio");
    assertThat(common.getTlsParams().getTlsMaximumProtocolVersion()).isEqualTo(TlsProtocol.TLSv1_3);
    assertThat(common.getValidationContext().getMatchTypedSubjectAltNamesList())
        .extracting(m -> m.getMatcher().getExact())
        .containsExactly("spiffe://cluster.local/ns/bookinfo/sa/bookinfo-reviews");
    assertThat(common.getTlsCertificates(0).getCertificateChain().getFilename())
        .isEqualTo("/pki/istio-ingressgateway.crt");
  }

  @Test
  void outbound_agreesOnH2WhereTheServiceSpeaksIt() throws InvalidProtocolBufferException {
    MeshService plain = TestMesh.REVIEWS;
    MeshService service =
        new MeshService(
            plain.name(),
            plain.namespace(),
            plain.address(),
            plain.port(),
            MeshService.Protocol.HTTP2,
            false,
            plain.endpoints());
    UpstreamTlsContext tls =
        ClusterFactory.outbound(TestMesh.mesh(), TestMesh.REVIEWS_V1, service)
            .getTransportSocket()
            .getTypedConfig()
            .unpack(UpstreamTlsContext.class);
    assertThat(tls.getCommonTlsContext().getAlpnProtocolsList()).containsExactly("h2");
  }

  @Test
  void outbound_hasEveryEndpoint() {
    Cluster cluster =
        ClusterFactory.outbound(TestMesh.mesh(), TestMesh.REVIEWS_V1, TestMesh.REVIEWS);
    assertThat(cluster.getLoadAssignment().getEndpoints(0).getLbEndpointsList())
        .extracting(e -> e.getEndpoint().getAddress().getSocketAddress().getAddress())
        .containsExactly("127.0.0.13", "127.0.0.14");
  }

  @Test
  void outbound_limitsConnectionsOfTheWorkloadThatIsToHaveFew() {
    ProxyNode caller = TestMesh.REVIEWS_V1;
    Mesh mesh =
        TestMesh.mesh(
            new Mesh.Fault(
                caller.workload(), caller.namespace(), Mesh.Direction.OUTBOUND, Duration.ZERO, 1));
    assertThat(maxConnections(ClusterFactory.outbound(mesh, caller, TestMesh.REVIEWS))).isOne();
    assertThat(
            maxConnections(ClusterFactory.outbound(mesh, TestMesh.INGRESS_NODE, TestMesh.REVIEWS)))
        .isEqualTo(-1);
  }

  private static int maxConnections(Cluster cluster) {
    return cluster.getCircuitBreakers().getThresholds(0).getMaxConnections().getValue();
  }

  @Test
  void inbound_connectsFromTheAddressThatIsNotRedirected() {
    Cluster cluster = ClusterFactory.inbound(TestMesh.REVIEWS);
    assertThat(cluster.getType()).isEqualTo(Cluster.DiscoveryType.ORIGINAL_DST);
    assertThat(cluster.getUpstreamBindConfig().getSourceAddress().getAddress())
        .isEqualTo("127.0.0.6");
  }

  @Test
  void inbound_originatesTlsWithoutACertificateWhereTheAppServesIt()
      throws InvalidProtocolBufferException {
    MeshService plain = TestMesh.REVIEWS;
    MeshService service =
        new MeshService(
            plain.name(),
            plain.namespace(),
            plain.address(),
            plain.port(),
            plain.protocol(),
            true,
            plain.endpoints());
    UpstreamTlsContext tls =
        ClusterFactory.inbound(service)
            .getTransportSocket()
            .getTypedConfig()
            .unpack(UpstreamTlsContext.class);
    assertThat(tls.getCommonTlsContext().getTlsCertificatesList()).isEmpty();
    assertThat(tls.getCommonTlsContext().getTlsParams().getTlsMaximumProtocolVersion())
        .isEqualTo(TlsProtocol.TLSv1_3);
    assertThat(ClusterFactory.inbound(plain).hasTransportSocket()).isFalse();
  }

  @Test
  void passthrough_keepsTheSourceAddress() {
    assertThat(ClusterFactory.passthrough().hasUpstreamBindConfig()).isFalse();
    assertThat(ClusterFactory.inboundPassthrough().hasUpstreamBindConfig()).isTrue();
  }
}
