/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import static dev.sidelight.controller.als.TestMessages.PROXY;
import static dev.sidelight.controller.als.TestMessages.entry;
import static dev.sidelight.controller.als.TestMessages.first;
import static dev.sidelight.controller.als.TestMessages.fullEntry;
import static dev.sidelight.controller.als.TestMessages.leastCommon;
import static dev.sidelight.controller.als.TestMessages.message;
import static dev.sidelight.controller.als.TestMessages.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.TcpLogEntry;
import dev.sidelight.correlator.Workload;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.ConnectionProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.TCPAccessLogEntries;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccessLogStreamTest {

  private final RecordingEvents events = new RecordingEvents();
  private final EntryDecoders decoders = new EntryDecoders(new PodNames());
  private AccessLogStream stream = newStream();

  @Test
  void laterMessages_areOfTheProxyOfTheFirst() throws Exception {
    stream.onMessage(first(fullEntry()).toByteArray());
    stream.onMessage(message(fullEntry(), fullEntry()).toByteArray());

    assertThat(events.entries).hasSize(3).allMatch(entry -> entry.proxy().equals(PROXY));
    assertThat(events.said).isEmpty();
  }

  @Test
  void streamWithoutIdentifier_isRefusedWithItsEntries() {
    assertRefused("no_identifier", message(fullEntry(), fullEntry()).toByteArray());
    assertThat(events.said).containsExactly("message no_identifier", "refused no_identifier 2");
  }

  @Test
  void foreignNodeIds_areRefused() {
    for (String nodeId : new String[] {"", "envoy-1", "ingress~10.0.0.1~a.b~c", "sidecar~~a.b~c"}) {
      StreamAccessLogsMessage.Builder message = first().toBuilder();
      message.getIdentifierBuilder().setNode(Node.newBuilder().setId(nodeId));
      assertRefused("bad_node_id", message.build().toByteArray());
    }
  }

  @Test
  void nodeWithoutMetadata_takesNamespaceFromItsId() throws Exception {
    StreamAccessLogsMessage.Builder message = first(fullEntry()).toBuilder();
    message.getIdentifierBuilder().getNodeBuilder().clearMetadata();
    stream.onMessage(message.build().toByteArray());

    assertThat(events.entries.get(0).proxy().workload().namespace()).isEqualTo("bookinfo");
    assertThat(events.entries.get(0).proxy().workload().app()).isEqualTo("unknown");
  }

  @Test
  void entriesOfANamespaceThatIsNotObserved_areIgnored() throws Exception {
    ClusterView elsewhere =
        new ClusterView() {
          @Override
          public Workload at(SocketAddress address, long epochMillis) {
            return null;
          }

          @Override
          public Workload pod(String namespace, String name, String address) {
            return null;
          }

          @Override
          public boolean observes(String namespace) {
            return !namespace.equals(PROXY.workload().namespace());
          }
        };
    TestStreams.stream(events, new EntryDecoders(new PodNames(elsewhere)), "peer")
        .onMessage(first(fullEntry(), fullEntry()).toByteArray());
    assertThat(events.entries).isEmpty();
    assertThat(events.said).containsExactly("ignored namespace_not_observed 2");
  }

  @Test
  void brokenEntry_leavesTheOthers() throws Exception {
    ByteString broken = ByteString.copyFrom(new byte[] {10, 127, 1});
    ByteString good = fullEntry().toByteString();
    ByteString entries = field(1, good).concat(field(1, broken)).concat(field(1, good));
    stream.onMessage(first().toByteString().concat(field(2, entries)).toByteArray());

    assertThat(events.entries).hasSize(2);
    assertThat(events.said).containsExactly("refused malformed_entry 1");
  }

  @Test
  void intermediateEntries_areCountedAndIgnored() throws Exception {
    stream.onMessage(first().toByteArray());
    for (AccessLogType type :
        List.of(
            AccessLogType.DownstreamStart,
            AccessLogType.DownstreamPeriodic,
            AccessLogType.UpstreamPoolReady,
            AccessLogType.UpstreamPeriodic,
            AccessLogType.DownstreamTunnelSuccessfullyEstablished)) {
      stream.onMessage(message(entry(leastCommon().setAccessLogType(type))).toByteArray());
    }

    assertThat(events.entries).isEmpty();
    assertThat(events.said)
        .containsExactly(
            "ignored downstream_start 1",
            "ignored downstream_periodic 1",
            "ignored upstream_pool_ready 1",
            "ignored upstream_periodic 1",
            "ignored other_type 1");
  }

  @Test
  void tcpEntries_areValuesOfTheirOwn() throws Exception {
    stream.onMessage(first().toByteArray());
    stream.onMessage(
        tcp(
                tcpEntry(AccessLogType.TcpUpstreamConnected, 0, 0),
                tcpEntry(AccessLogType.TcpPeriodic, 5, 7),
                tcpEntry(AccessLogType.TcpConnectionEnd, 50, 70),
                tcpEntry(AccessLogType.NotSet, 50, 70))
            .toByteArray());

    assertThat(events.said).isEmpty();
    assertThat(events.entries).isEmpty();
    assertThat(events.tcpEntries)
        .extracting(TcpLogEntry::kind)
        .containsExactly(
            TcpLogEntry.Kind.CONNECTED,
            TcpLogEntry.Kind.PERIODIC,
            TcpLogEntry.Kind.END,
            TcpLogEntry.Kind.END);
    TcpLogEntry end = events.tcpEntries.get(2);
    assertThat(end.bytesReceived()).isEqualTo(50);
    assertThat(end.bytesSent()).isEqualTo(70);
    assertThat(end.streamId()).isEqualTo("t-1");
    assertThat(end.proxy()).isEqualTo(PROXY);
  }

  /** Istio's Telemetry names one logger for both: it writes so of TCP connections. */
  @Test
  void tcpEntriesOfTheHttpLogger_areTheSame() throws Exception {
    TCPAccessLogEntry byTcpLogger = tcpEntry(AccessLogType.TcpConnectionEnd, 50, 70);
    HTTPAccessLogEntry byHttpLogger =
        HTTPAccessLogEntry.newBuilder()
            .setCommonProperties(byTcpLogger.getCommonProperties())
            .setRequest(HTTPRequestProperties.newBuilder().setRequestBodyBytes(50))
            .setResponse(HTTPResponseProperties.newBuilder().setResponseBodyBytes(70))
            .build();
    stream.onMessage(first().toByteArray());
    stream.onMessage(tcp(byTcpLogger).toByteArray());
    stream.onMessage(first(byHttpLogger).toByteArray());

    assertThat(events.said).isEmpty();
    assertThat(events.entries).isEmpty();
    assertThat(events.tcpEntries).hasSize(2);
    assertThat(events.tcpEntries.get(1)).isEqualTo(events.tcpEntries.get(0));
  }

  @Test
  void unusableTcpEntries_areRefused() throws Exception {
    stream.onMessage(first().toByteArray());
    TCPAccessLogEntry.Builder nameless = tcpEntry(AccessLogType.TcpPeriodic, 1, 1).toBuilder();
    nameless.getCommonPropertiesBuilder().clearStreamId();
    stream.onMessage(
        tcp(
                TCPAccessLogEntry.getDefaultInstance(),
                nameless.build(),
                tcpEntry(AccessLogType.DownstreamEnd, 1, 1),
                tcpEntry(AccessLogType.TcpPeriodic, -1, 1))
            .toByteArray());

    assertThat(events.tcpEntries).isEmpty();
    assertThat(events.said)
        .containsExactly(
            "refused no_start_time 1",
            "refused no_stream_id 1",
            "ignored http_in_tcp_log 1",
            "refused impossible_bytes 1");
  }

  @Test
  void everyTypeOfIstiosNodes_hasItsName() throws Exception {
    Map<String, ProxyType> types =
        Map.of(
            "sidecar", ProxyType.SIDECAR,
            "router", ProxyType.GATEWAY,
            "waypoint", ProxyType.WAYPOINT,
            "ztunnel", ProxyType.ZTUNNEL);
    for (Map.Entry<String, ProxyType> type : types.entrySet()) {
      StreamAccessLogsMessage.Builder message = first(fullEntry()).toBuilder();
      message
          .getIdentifierBuilder()
          .setNode(Node.newBuilder().setId(type.getKey() + "~10.0.0.1~a.b~c"));
      newStream().onMessage(message.build().toByteArray());
      assertThat(events.entries.get(events.entries.size() - 1).proxy().type())
          .isEqualTo(type.getValue());
    }
  }

  @Test
  void contradiction_isTold() throws Exception {
    Any told = Any.pack(Struct.newBuilder().putFields("namespace", text("elsewhere")).build());
    HTTPAccessLogEntry.Builder entry = fullEntry().toBuilder();
    entry
        .getCommonPropertiesBuilder()
        .putFilterStateObjects("downstream_peer", told)
        .getTlsPropertiesBuilder()
        .getPeerCertificatePropertiesBuilder()
        .getSubjectAltNameBuilder(0)
        .setUri("spiffe://cluster.local/ns/bookinfo/sa/productpage");
    stream.onMessage(first(entry.build()).toByteArray());

    assertThat(events.said).containsExactly("contradicted filter_state");
    assertThat(events.entries.get(0).downstreamPeer().namespace()).isEqualTo("bookinfo");
  }

  @Test
  void messageThatEndsInTheMiddle_isRefusedWherever() {
    byte[] whole = first(fullEntry(), fullEntry()).toByteArray();
    int boundary = first().toByteString().size() - 2;
    for (int length = 1; length < whole.length; length++) {
      stream = newStream();
      events.entries.clear();
      events.said.clear();
      try {
        stream.onMessage(Arrays.copyOf(whole, length));
        // Cut between two fields it is a shorter message.
        assertThat(length).isCloseTo(boundary, offset(4));
      } catch (RefusedException e) {
        assertThat(events.said.get(0)).isEqualTo("message malformed_message");
      }
      assertThat(events.entries).isEmpty();
    }
  }

  @Test
  void garbage_neverThrowsAnythingElse() {
    Random random = new Random(7);
    byte[] good = first(fullEntry()).toByteArray();
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        newStream().onMessage(bytes);
      } catch (RefusedException e) {
        assertThat(e.reason()).isNotEmpty();
      }
    }
  }

  private void assertRefused(String reason, byte[] message) {
    assertThatThrownBy(() -> newStream().onMessage(message))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private AccessLogStream newStream() {
    return TestStreams.stream(events, decoders, "127.0.0.1:1");
  }

  private static StreamAccessLogsMessage tcp(TCPAccessLogEntry... entries) {
    return StreamAccessLogsMessage.newBuilder()
        .setTcpLogs(TCPAccessLogEntries.newBuilder().addAllLogEntry(List.of(entries)))
        .build();
  }

  private static TCPAccessLogEntry tcpEntry(AccessLogType type, long received, long sent) {
    return TCPAccessLogEntry.newBuilder()
        .setCommonProperties(leastCommon().setStreamId("t-1").setAccessLogType(type))
        .setConnectionProperties(
            ConnectionProperties.newBuilder().setReceivedBytes(received).setSentBytes(sent))
        .build();
  }

  private static ByteString field(int number, ByteString value) {
    ByteString.Output out = ByteString.newOutput();
    out.write(number << 3 | 2);
    for (int rest = value.size(); ; rest >>>= 7) {
      out.write(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) {
        return out.toByteString().concat(value);
      }
    }
  }
}
