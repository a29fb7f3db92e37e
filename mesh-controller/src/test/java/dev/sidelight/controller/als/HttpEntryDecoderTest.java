/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import static dev.sidelight.controller.als.TestMessages.GATEWAY;
import static dev.sidelight.controller.als.TestMessages.PROXY;
import static dev.sidelight.controller.als.TestMessages.address;
import static dev.sidelight.controller.als.TestMessages.entry;
import static dev.sidelight.controller.als.TestMessages.leastCommon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.TrafficDirection;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpEntryDecoderTest {

  private final HttpEntryDecoder decoder = new HttpEntryDecoder(new PodNames());
  private final StringPool pool = new StringPool();

  @Test
  void fullEntry_everyFieldIsThere() throws Exception {
    AccessLogEntry expected =
        AccessLogEntry.builder()
            .proxy(PROXY)
            .direction(TrafficDirection.INBOUND)
            .kind(AccessLogEntry.Kind.DOWNSTREAM_END)
            .startEpochNanos(1_795_534_422_943_338_000L)
            .lastDownstreamRxNanos(1_000_000_006L)
            .firstUpstreamTxNanos(1_000_000_007L)
            .lastUpstreamTxNanos(1_000_000_008L)
            .firstUpstreamRxNanos(2_000_000_009L)
            .lastUpstreamRxNanos(2_000_000_010L)
            .firstDownstreamTxNanos(2_000_000_011L)
            .lastDownstreamTxNanos(2_000_000_012L)
            .durationNanos(2_000_000_023L)
            .poolReadyNanos(4_000_000L)
            .connectNanos(12_345L)
            .downstreamRemote(new SocketAddress("10.77.0.9", 50000))
            .downstreamLocal(new SocketAddress("10.77.0.13", 9080))
            .upstreamRemote(new SocketAddress("10.77.0.13", 9081))
            .upstreamLocal(new SocketAddress("127.0.0.6", 40001))
            .connectionId(17)
            .upstreamConnectionId(18)
            .upstreamCluster("inbound|9080||")
            .routeName("default")
            .method("POST")
            .authority("reviews:9080")
            .path("/reviews/0")
            .requestId("r-1")
            .streamId("s-1")
            .responseCode(503)
            .responseFlags("UF,URX")
            .responseCodeDetails("via_upstream")
            .attemptCount(3)
            .peerPrincipal("spiffe://a")
            .localPrincipal("spiffe://b")
            .bytesReceived(30)
            .bytesSent(29)
            .build();

    assertThat(decode(TestMessages.fullEntry(), PROXY)).isEqualTo(expected);
    assertThat(decoder.note()).isEmpty();
  }

  @Test
  void leastEntry_theRestIsAbsent() throws Exception {
    AccessLogEntry expected =
        AccessLogEntry.builder()
            .proxy(PROXY)
            .direction(TrafficDirection.INBOUND)
            .startEpochNanos(1_795_534_422_943_338_000L)
            .downstreamRemote(new SocketAddress("10.77.0.9", 50000))
            .build();

    // Nothing of the entry before may shine through.
    decode(TestMessages.fullEntry(), PROXY);
    assertThat(decode(entry(leastCommon()), PROXY)).isEqualTo(expected);
  }

  @Test
  void everyResponseFlag_hasAName() throws Exception {
    int flags = 0;
    for (var field : ResponseFlags.getDescriptor().getFields()) {
      ResponseFlags.Builder builder = ResponseFlags.newBuilder();
      Object value =
          field.getName().equals("unauthorized_details")
              ? ResponseFlags.Unauthorized.getDefaultInstance()
              : true;
      builder.setField(field, value);
      String name = decode(leastCommon().setResponseFlags(builder)).responseFlags();
      assertThat(name).as(field.getName()).matches("[A-Z]+");
      flags++;
    }
    assertThat(flags).isEqualTo(28);
  }

  @ParameterizedTest
  @CsvSource({
    "outbound, inbound|9080||, 10.77.0.9, OUTBOUND",
    "inbound, outbound|9080||r, 10.77.0.13, INBOUND",
    "'', inbound|9080||, 10.77.0.13, INBOUND",
    "'', outbound|9080||r, 10.77.0.9, OUTBOUND",
    "'', PassthroughCluster, 10.77.0.13, OUTBOUND",
    "'', '', ::ffff:10.77.0.13, OUTBOUND",
    "'', InboundPassthroughCluster, 10.77.0.9, INBOUND"
  })
  void direction_isOfTheTagThenTheClusterThenTheCaller(
      String tag, String cluster, String caller, TrafficDirection expected) throws Exception {
    AccessLogCommon.Builder common =
        leastCommon().setUpstreamCluster(cluster).setDownstreamRemoteAddress(address(caller, 1));
    if (!tag.isEmpty()) {
      common.putCustomTags("sidelight.direction", tag);
    }
    assertThat(decode(common).direction()).isEqualTo(expected);
  }

  @Test
  void gatewayEntry_isOutbound() throws Exception {
    HTTPAccessLogEntry entry = entry(leastCommon().setUpstreamCluster("inbound|1||"));
    assertThat(decode(entry, GATEWAY).direction()).isEqualTo(TrafficDirection.OUTBOUND);
  }

  @ParameterizedTest
  @CsvSource({
    "NotSet, '', DOWNSTREAM_END",
    "NotSet, upstream, UPSTREAM_END",
    "DownstreamEnd, downstream, DOWNSTREAM_END",
    "UpstreamEnd, upstream, UPSTREAM_END"
  })
  void kind_isOfTheTypeThenTheTag(AccessLogType type, String tag, AccessLogEntry.Kind expected)
      throws Exception {
    AccessLogCommon.Builder common =
        leastCommon().setAccessLogType(type).putCustomTags("sidelight.log", tag);
    assertThat(decode(common).kind()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "DownstreamStart",
    "DownstreamPeriodic",
    "UpstreamPoolReady",
    "UpstreamPeriodic",
    "DownstreamTunnelSuccessfullyEstablished"
  })
  void intermediateEntry_isNone(AccessLogType type) throws Exception {
    assertThat(decode(leastCommon().setAccessLogType(type))).isNull();
  }

  @Test
  void attemptForNobodyDownstream_isOfAMirroredRequest() throws Exception {
    AccessLogCommon.Builder common =
        leastCommon().clearDownstreamRemoteAddress().setAccessLogType(AccessLogType.UpstreamEnd);
    assertThat(decode(common)).isNull();
    assertThat(decoder.intermediate()).isEqualTo("mirrored");
  }

  @ParameterizedTest
  @CsvSource({
    "::ffff:10.0.0.1, 10.0.0.1",
    "::ffff:a00:1, 10.0.0.1",
    "2001:db8:0:0:0:0:0:1, 2001:db8::1",
    "10.0.0.1, 10.0.0.1"
  })
  void address_isCanonical(String written, String expected) throws Exception {
    AccessLogCommon.Builder common =
        leastCommon().setDownstreamRemoteAddress(address(written, 443));
    assertThat(decode(common).downstreamRemote()).isEqualTo(new SocketAddress(expected, 443));
  }

  @Test
  void grpcContent_isProtocolGrpc() throws Exception {
    HTTPAccessLogEntry entry =
        entry(leastCommon()).toBuilder()
            .setRequest(
                HTTPRequestProperties.newBuilder()
                    .putRequestHeaders("content-type", "application/grpc+proto"))
            .build();
    assertThat(decode(entry, PROXY).protocol()).isEqualTo("grpc");
  }

  @Test
  void traceparent_isOfTheRequestHeader() throws Exception {
    String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    HTTPAccessLogEntry entry =
        entry(leastCommon()).toBuilder()
            .setRequest(
                HTTPRequestProperties.newBuilder().putRequestHeaders("traceparent", traceparent))
            .build();
    assertThat(decode(entry, PROXY).traceparent()).isEqualTo(traceparent);
    // Each request has another one, which would push out of the pool what repeats.
    byte[] bytes = traceparent.getBytes(UTF_8);
    assertThat(pool.get(bytes, 0, bytes.length)).isNotSameAs(decode(entry, PROXY).traceparent());
    assertThat(decode(leastCommon()).traceparent()).isEmpty();
  }

  @Test
  void unknownAny_isNotedAndTheEntryTaken() throws Exception {
    Any unknown = Any.newBuilder().setTypeUrl("type.googleapis.com/acme.Thing").build();
    assertThat(decode(leastCommon().putFilterStateObjects("acme", unknown))).isNotNull();
    assertThat(decoder.note()).isEqualTo("unknown_any");

    decode(leastCommon().putFilterStateObjects("known", Any.pack(BoolValue.of(true))));
    assertThat(decoder.note()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "sidelight.connect_ns, soon",
    "sidelight.connect_ns, -5",
    "sidelight.pool_ready_ms, 9223372036854775807",
    "sidelight.direction, sideways"
  })
  void unreadableTag_isNotedAndAbsent(String tag, String value) throws Exception {
    AccessLogEntry entry = decode(leastCommon().putCustomTags(tag, value));
    assertThat(entry.connectNanos()).isEqualTo(AccessLogEntry.ABSENT);
    assertThat(entry.poolReadyNanos()).isEqualTo(AccessLogEntry.ABSENT);
    assertThat(decoder.note()).isEqualTo("unreadable_tag");
  }

  @Test
  void impossibleTimes_areRefused() {
    assertRefused("impossible_time", leastCommon().setDuration(Duration.newBuilder().setNanos(-1)));
    assertRefused(
        "impossible_time", leastCommon().setDuration(Duration.newBuilder().setSeconds(-1)));
    assertRefused(
        "impossible_time",
        leastCommon().setDuration(Duration.newBuilder().setSeconds(Long.MAX_VALUE)));
    assertRefused(
        "impossible_time",
        leastCommon().setStartTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)));
  }

  @Test
  void unusableEntries_areRefused() {
    assertRefused("no_start_time", leastCommon().clearStartTime());
    assertRefused("no_downstream_address", leastCommon().clearDownstreamRemoteAddress());
    assertRefused(
        "no_downstream_address",
        leastCommon()
            .setDownstreamRemoteAddress(
                Address.newBuilder().setPipe(Pipe.newBuilder().setPath("/a"))));
    assertRefused(
        "port_out_of_range", leastCommon().setDownstreamRemoteAddress(address("10.0.0.1", 65536)));
  }

  @Test
  void wrongWireType_isMalformed() {
    // Field 1 as a number where a message belongs.
    byte[] bytes = {8, 1};
    assertThatThrownBy(() -> decoder.decode(new WireReader(bytes, 0, 2, pool), PROXY))
        .isInstanceOf(IOException.class);
  }

  @Test
  void invalidUtf8_isReplaced() throws Exception {
    HTTPAccessLogEntry.Builder entry = entry(leastCommon()).toBuilder();
    byte[] bytes =
        ByteString.copyFrom(entry.build().toByteArray())
            .concat(ByteString.copyFrom(new byte[] {26, 4, 42, 2, '/', (byte) 0xff}))
            .toByteArray();
    AccessLogEntry decoded = decoder.decode(new WireReader(bytes, 0, bytes.length, pool), PROXY);
    assertThat(decoded.path()).isEqualTo("/\ufffd");
  }

  private void assertRefused(String reason, AccessLogCommon.Builder common) {
    assertThatThrownBy(() -> decode(common))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private AccessLogEntry decode(AccessLogCommon.Builder common) throws Exception {
    return decode(entry(common), PROXY);
  }

  private AccessLogEntry decode(HTTPAccessLogEntry entry, Proxy proxy) throws Exception {
    byte[] bytes = entry.toByteArray();
    return decoder.decode(new WireReader(bytes, 0, bytes.length, pool), proxy);
  }
}
