/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static dev.sidelight.controller.xds.ResourceTypes.typedConfig;

import com.google.protobuf.BoolValue;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/** Builds the mutual TLS between sidecars: SPIFFE identities, certificates from files. */
final class TlsContextFactory {

  private static final String TRANSPORT_SOCKET = "envoy.transport_sockets.tls";

  private TlsContextFactory() {}

  /** Accepts any identity of the mesh, and nobody without one. */
  static TransportSocket downstream(Mesh mesh, ProxyNode node) {
    CommonTlsContext.Builder common =
        common(mesh, node, List.of(StringMatcher.newBuilder().setPrefix(mesh.spiffePrefix())))
            .addAllAlpnProtocols(List.of("istio", "h2", "http/1.1"));
    return transportSocket(
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(common)
            .setRequireClientCertificate(BoolValue.of(true))
            .build());
  }

  /**
   * Accepts the identities of the service's endpoints alone. What ALPN agrees on also tells the
   * other sidecar which HTTP it gets: anything but h2 is HTTP/1.1 to it.
   */
  static TransportSocket upstream(Mesh mesh, ProxyNode node, MeshService service) {
    List<StringMatcher.Builder> identities =
        service.endpoints().stream()
            .map(e -> mesh.spiffeId(service.namespace(), e.serviceAccount()))
            .distinct()
            .map(id -> StringMatcher.newBuilder().setExact(id))
            .toList();
    String alpn = service.protocol() == MeshService.Protocol.HTTP2 ? "h2" : "istio";
    return transportSocket(
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(common(mesh, node, identities).addAlpnProtocols(alpn))
            .setSni("outbound_." + service.port() + "_._." + service.host())
            .build());
  }

  /** To an app that serves TLS: within the pod, so without identities on either side. */
  static TransportSocket toApp() {
    return transportSocket(
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(CommonTlsContext.newBuilder().setTlsParams(versions()))
            .build());
  }

  private static CommonTlsContext.Builder common(
      Mesh mesh, ProxyNode node, List<StringMatcher.Builder> identities) {
    CertificateValidationContext.Builder validation =
        CertificateValidationContext.newBuilder().setTrustedCa(file(mesh, "ca.crt"));
    for (StringMatcher.Builder identity : identities) {
      validation.addMatchTypedSubjectAltNames(
          SubjectAltNameMatcher.newBuilder()
              .setSanType(SubjectAltNameMatcher.SanType.URI)
              .setMatcher(identity));
    }
    return CommonTlsContext.newBuilder()
        .setTlsParams(versions())
        .addTlsCertificates(
            TlsCertificate.newBuilder()
                .setCertificateChain(file(mesh, node.workload() + ".crt"))
                .setPrivateKey(file(mesh, node.workload() + ".key")))
        .setValidationContext(validation);
  }

  /** Envoy's own default for upstream connections stops at 1.2. */
  private static TlsParameters versions() {
    return TlsParameters.newBuilder()
        .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_2)
        .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3)
        .build();
  }

  private static DataSource file(Mesh mesh, String name) {
    return DataSource.newBuilder().setFilename(mesh.pki().resolve(name).toString()).build();
  }

  private static TransportSocket transportSocket(com.google.protobuf.Message context) {
    return TransportSocket.newBuilder()
        .setName(TRANSPORT_SOCKET)
        .setTypedConfig(typedConfig(context))
        .build();
  }
}
