/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.Workload;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties.CertificateProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties.CertificateProperties.SubjectAltName;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.HTTPAccessLogEntries;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import java.util.List;

/** Messages as Envoy's own classes write them. */
final class TestMessages {
  static final String NODE_ID =
      "sidecar~10.77.0.13~reviews-v1-5f6d8c9b7-abcde.bookinfo~bookinfo.svc.cluster.local";

  static final Proxy PROXY =
      new Proxy(
          NODE_ID,
          ProxyType.SIDECAR,
          "10.77.0.13",
          new Workload("Kubernetes", "bookinfo", "reviews-v1", "reviews", "v1"));

  static final Proxy GATEWAY =
      new Proxy("router~10.77.0.2~gw.ns~d", ProxyType.GATEWAY, "10.77.0.2", Workload.UNKNOWN);

  private TestMessages() {}

  static Identifier.Builder identifier() {
    Struct labels =
        Struct.newBuilder()
            .putFields("app", text("ignored"))
            .putFields("service.istio.io/canonical-name", text("reviews"))
            .putFields("service.istio.io/canonical-revision", text("v1"))
            .build();
    Struct metadata =
        Struct.newBuilder()
            .putFields("CLUSTER_ID", text("Kubernetes"))
            .putFields("NAMESPACE", text("bookinfo"))
            .putFields("WORKLOAD_NAME", text("reviews-v1"))
            .putFields("LABELS", Value.newBuilder().setStructValue(labels).build())
            .build();
    return Identifier.newBuilder()
        .setNode(Node.newBuilder().setId(NODE_ID).setMetadata(metadata))
        .setLogName("sidelight");
  }

  static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }

  static Address address(String address, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port))
        .build();
  }

  /** The least that is an entry. */
  static AccessLogCommon.Builder leastCommon() {
    return AccessLogCommon.newBuilder()
        .setStartTime(Timestamp.newBuilder().setSeconds(1_795_534_422L).setNanos(943_338_000))
        .setDownstreamRemoteAddress(address("10.77.0.9", 50000));
  }

  static HTTPAccessLogEntry entry(AccessLogCommon.Builder common) {
    return HTTPAccessLogEntry.newBuilder().setCommonProperties(common).build();
  }

  /** Every field that is read, each with a value of its own. */
  static HTTPAccessLogEntry fullEntry() {
    return HTTPAccessLogEntry.newBuilder()
        .setCommonProperties(fullCommon())
        .setProtocolVersion(HTTPAccessLogEntry.HTTPVersion.HTTP11)
        .setRequest(
            HTTPRequestProperties.newBuilder()
                .setRequestMethod(RequestMethod.POST)
                .setScheme("http")
                .setAuthority("reviews:9080")
                .setPath("/reviews/0?token=secret")
                .setUserAgent("curl")
                .setRequestId("r-1")
                .putRequestHeaders("x-request-id", "r-1"))
        .setResponse(
            HTTPResponseProperties.newBuilder()
                .setResponseCode(UInt32Value.of(503))
                .setResponseBodyBytes(12)
                .setResponseCodeDetails("via_upstream"))
        .build();
  }

  private static AccessLogCommon.Builder fullCommon() {
    return leastCommon()
        .setDownstreamLocalAddress(address("10.77.0.13", 9080))
        .setTlsProperties(
            TLSProperties.newBuilder()
                .setTlsSniHostname("outbound_.9080_._.reviews")
                .setLocalCertificateProperties(
                    CertificateProperties.newBuilder()
                        .addSubjectAltName(SubjectAltName.newBuilder().setUri("spiffe://b")))
                .setPeerCertificateProperties(
                    CertificateProperties.newBuilder()
                        .addSubjectAltName(SubjectAltName.newBuilder().setUri("spiffe://a"))
                        .addSubjectAltName(SubjectAltName.newBuilder().setUri("spiffe://b"))))
        .setTimeToLastRxByte(seconds(1, 6))
        .setTimeToFirstUpstreamTxByte(seconds(1, 7))
        .setTimeToLastUpstreamTxByte(seconds(1, 8))
        .setTimeToFirstUpstreamRxByte(seconds(2, 9))
        .setTimeToLastUpstreamRxByte(seconds(2, 10))
        .setTimeToFirstDownstreamTxByte(seconds(2, 11))
        .setTimeToLastDownstreamTxByte(seconds(2, 12))
        .setDuration(seconds(2, 23))
        .setUpstreamRemoteAddress(address("10.77.0.13", 9081))
        .setUpstreamLocalAddress(address("127.0.0.6", 40001))
        .setUpstreamCluster("inbound|9080||")
        .setResponseFlags(
            ResponseFlags.newBuilder()
                .setUpstreamConnectionFailure(true)
                .setUpstreamRetryLimitExceeded(true))
        .setRouteName("default")
        .setUpstreamRequestAttemptCount(3)
        .setStreamId("s-1")
        .setDownstreamWireBytesSent(29)
        .setDownstreamWireBytesReceived(30)
        .setAccessLogType(AccessLogType.DownstreamEnd)
        .putCustomTags("sidelight.direction", "inbound")
        .putCustomTags("sidelight.log", "downstream")
        .putCustomTags("sidelight.connection_id", "17")
        .putCustomTags("sidelight.upstream_connection_id", "18")
        .putCustomTags("sidelight.pool_ready_ms", "4")
        .putCustomTags("sidelight.connect_ns", "12345")
        .putCustomTags("sidelight.handshake_ns", "-")
        .putCustomTags("other", "tag");
  }

  static Duration seconds(long seconds, int nanos) {
    return Durations.add(Durations.fromSeconds(seconds), Durations.fromNanos(nanos));
  }

  static StreamAccessLogsMessage message(HTTPAccessLogEntry... entries) {
    return StreamAccessLogsMessage.newBuilder()
        .setHttpLogs(HTTPAccessLogEntries.newBuilder().addAllLogEntry(List.of(entries)))
        .build();
  }

  static StreamAccessLogsMessage first(HTTPAccessLogEntry... entries) {
    return message(entries).toBuilder().setIdentifier(identifier()).build();
  }
}
