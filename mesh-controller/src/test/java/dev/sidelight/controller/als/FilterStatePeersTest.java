/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import static dev.sidelight.controller.als.TestMessages.GATEWAY;
import static dev.sidelight.controller.als.TestMessages.PROXY;
import static dev.sidelight.controller.als.TestMessages.entry;
import static dev.sidelight.controller.als.TestMessages.leastCommon;
import static dev.sidelight.controller.als.TestMessages.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.Workload;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Peers in filter state, as Istio's filters write them. */
class FilterStatePeersTest {

  private static final Workload CLIENT =
      new Workload("Kubernetes", "shop", "client-v2", "client", "v2");

  /** Numbers of FlatNode's fields. */
  private static final Map<Integer, String> CLIENT_STRINGS =
      Map.of(0, "client-v2-abc", 1, "shop", 4, "client-v2", 6, "1.23", 9, "Kubernetes");

  private static final Map<String, String> CLIENT_LABELS =
      Map.of(
          "app", "not-this",
          "service.istio.io/canonical-name", "client",
          "service.istio.io/canonical-revision", "v2");

  private final HttpEntryDecoder decoder = new HttpEntryDecoder(new PodNames());
  private final StringPool pool = new StringPool();

  @Test
  void structOfIstioSince124_namesThePeer() throws Exception {
    assertThat(inbound("downstream_peer", struct()).downstreamPeer()).isEqualTo(CLIENT);
    assertThat(outbound("upstream_peer", struct()).upstreamPeer()).isEqualTo(CLIENT);
    assertThat(decoder.note()).isEmpty();
  }

  @Test
  void structWithoutCanonicalNames_fallsBackOnTheLabels() throws Exception {
    Struct struct =
        Struct.newBuilder()
            .putFields("namespace", text("shop"))
            .putFields("app", text("client"))
            .putFields("version", text("v3"))
            .putFields("labels", Value.newBuilder().setNumberValue(1).build())
            .build();
    assertThat(inbound("downstream_peer", Any.pack(struct)).downstreamPeer())
        .isEqualTo(new Workload("unknown", "shop", "unknown", "client", "v3"));
  }

  @Test
  void flatBufferOfIstioBefore124_namesThePeer() throws Exception {
    Any any = flatBuffer(FlatNodes.node(CLIENT_STRINGS, CLIENT_LABELS));
    assertThat(inbound("wasm.downstream_peer", any).downstreamPeer()).isEqualTo(CLIENT);
    assertThat(outbound("wasm.upstream_peer", any).upstreamPeer()).isEqualTo(CLIENT);
    assertThat(decoder.note()).isEmpty();
  }

  @Test
  void flatBufferWithoutCanonicalNames_fallsBackOnTheLabels() throws Exception {
    byte[] node = FlatNodes.node(Map.of(4, "job"), Map.of("app", "a", "version", "v9"));
    assertThat(inbound("wasm.downstream_peer", flatBuffer(node)).downstreamPeer())
        .isEqualTo(new Workload("unknown", "unknown", "job", "a", "v9"));
    assertThat(
            inbound("wasm.downstream_peer", flatBuffer(FlatNodes.node(Map.of(), Map.of())))
                .downstreamPeer())
        .isEqualTo(Workload.UNKNOWN);
  }

  @Test
  void ownApp_isNoPeer() throws Exception {
    assertThat(outbound("downstream_peer", struct()).downstreamPeer()).isEqualTo(Workload.UNKNOWN);
    assertThat(inbound("upstream_peer", struct()).upstreamPeer()).isEqualTo(Workload.UNKNOWN);
  }

  @Test
  void gateway_hasAPeerOnEitherSide() throws Exception {
    AccessLogEntry entry =
        decode(
            leastCommon()
                .putFilterStateObjects("downstream_peer", struct())
                .putFilterStateObjects("upstream_peer", struct()),
            GATEWAY);
    assertThat(entry.downstreamPeer()).isEqualTo(CLIENT);
    assertThat(entry.upstreamPeer()).isSameAs(entry.downstreamPeer());
  }

  @Test
  void otherObjectsUnderTheSameNames_nameNobody() throws Exception {
    Any string = Any.pack(StringValue.of("client"));
    assertThat(inbound("downstream_peer", string).downstreamPeer()).isEqualTo(Workload.UNKNOWN);
    assertThat(decoder.note()).isEmpty();
    assertThat(inbound("peer", struct()).downstreamPeer()).isEqualTo(Workload.UNKNOWN);
  }

  @Test
  void cutFlatBuffer_isNotedAndTheEntryTaken() throws Exception {
    byte[] whole = FlatNodes.node(CLIENT_STRINGS, CLIENT_LABELS);
    int unreadable = 0;
    for (int length = 0; length < whole.length; length++) {
      Any any = flatBuffer(Arrays.copyOf(whole, length));
      assertThat(inbound("wasm.downstream_peer", any)).isNotNull();
      unreadable += decoder.note().equals("unreadable_peer") ? 1 : 0;
    }
    assertThat(unreadable).isGreaterThan(whole.length / 2);
  }

  @Test
  void garbage_neverThrows() throws Exception {
    Random random = new Random(11);
    byte[] flat = FlatNodes.node(CLIENT_STRINGS, CLIENT_LABELS);
    byte[] struct = struct().getValue().toByteArray();
    for (int round = 0; round < 20_000; round++) {
      assertThat(inbound("wasm.downstream_peer", flatBuffer(damaged(flat, random)))).isNotNull();
      Any any = struct().toBuilder().setValue(ByteString.copyFrom(damaged(struct, random))).build();
      assertThat(inbound("downstream_peer", any)).isNotNull();
    }
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static Any struct() {
    return Any.pack(
        Struct.newBuilder()
            .putFields("type", text("deployment"))
            .putFields("workload", text("client-v2"))
            .putFields("name", text("client-v2-abc"))
            .putFields("cluster", text("Kubernetes"))
            .putFields("namespace", text("shop"))
            .putFields("service", text("client"))
            .putFields("revision", text("v2"))
            .putFields("app", text("not-this"))
            .build());
  }

  private static Any flatBuffer(byte[] bytes) {
    return Any.pack(BytesValue.of(ByteString.copyFrom(bytes)));
  }

  private AccessLogEntry inbound(String key, Any object) throws Exception {
    return decode(leastCommon().putFilterStateObjects(key, object), PROXY);
  }

  private AccessLogEntry outbound(String key, Any object) throws Exception {
    return decode(
        leastCommon().setUpstreamCluster("outbound|9080||").putFilterStateObjects(key, object),
        PROXY);
  }

  private AccessLogEntry decode(AccessLogCommon.Builder common, Proxy proxy) throws Exception {
    byte[] bytes = entry(common).toByteArray();
    return decoder.decode(new WireReader(bytes, 0, bytes.length, pool), proxy);
  }
}
