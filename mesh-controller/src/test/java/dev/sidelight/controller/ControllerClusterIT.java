/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.sidelight.controller.kubernetes.TestNamespace;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.Role;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.ConnectionProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.TCPAccessLogEntries;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.netty.util.NetUtil;
import io.prometheus.client.Collector;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The controller beside a real API server: calls are between workloads that it has. */
final class ControllerClusterIT {

  private static final String NAMESPACE = "sidelight-controller-it";
  private static final String OBSERVED = "sidelight-controller-it=on";
  private static final String CALLER = "10.244.201.1";
  private static final String CALLED = "10.244.201.2";
  private static final String ELSEWHERE = "10.244.201.3";
  private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(30);

  private final KubernetesClient client = new KubernetesClientBuilder().build();
  private TestNamespace namespace;

  @BeforeEach
  void makeNamespace() {
    namespace = TestNamespace.create(client, NAMESPACE, Map.of("sidelight-controller-it", "on"));
  }

  @AfterEach
  void removeNamespace() {
    namespace.close();
    client.close();
  }

  @Test
  void ends_areTheWorkloadsThatHaveTheAddresses() throws Exception {
    running("caller", CALLER);
    running("called", CALLED);
    String service = service("front").getSpec().getClusterIP();
    String node =
        client.nodes().list().getItems().get(0).getStatus().getAddresses().get(0).getAddress();
    try (RunningController controller =
        new RunningController(
            Map.of(
                Setting.KUBERNETES_ENABLED,
                "on",
                Setting.KUBERNETES_NAMESPACE_SELECTOR,
                OBSERVED))) {
      await()
          .atMost(PATIENCE)
          .until(() -> controller.getJson("/api/v1/status").at("/ready").asBoolean());
      controller.accessLogs().send(connections(NAMESPACE, CALLED, service, node));
      controller.awaitCounter(
          3, "sidelight_als_entries_total", "outcome", "counted", "reason", "tcp_end");
      assertThat(edges(controller))
          .containsExactlyInAnyOrder(
              "caller caller-app v7 to called called-app v7",
              "caller caller-app v7 to unknown front unknown",
              "caller caller-app v7 to unknown unknown unknown");

      controller.accessLogs().send(connections("default", CALLED));
      controller.awaitCounter(
          1,
          "sidelight_als_entries_total",
          "outcome",
          "ignored",
          "reason",
          "namespace_not_observed");
      controller.hops().send(hello()).send(ends(1, CALLED)).send(ends(2, ELSEWHERE));
      controller.awaitCounter(
          1, "sidelight_hop_ends_total", "outcome", "ignored", "reason", "namespace_not_observed");
      controller.awaitCounter(1, "sidelight_hop_ends_total", "outcome", "accepted", "reason", "");
      assertWatching(controller);
    }
  }

  private static void assertWatching(RunningController controller) throws Exception {
    JsonNode status = controller.getJson("/api/v1/status");
    assertThat(status.at("/kubernetes/watching").asBoolean()).isTrue();
    assertThat(status.at("/kubernetes/objects/pods").asInt()).isGreaterThanOrEqualTo(2);
    assertThat(status.at("/kubernetes/objects/namespaces").asInt()).isEqualTo(1);
    assertThat(status.at("/problems").toString()).doesNotContain("kubernetes_not_watched");
    assertThat(controller.counter("sidelight_kubernetes_watching", "kind", "pods")).isEqualTo(1);
    assertThat(controller.counter("sidelight_kubernetes_objects", "kind", "pods"))
        .isGreaterThanOrEqualTo(2);
  }

  /** Workload, app and version of both ends. */
  private static List<String> edges(RunningController controller) {
    return Collections.list(
            controller
                .controller()
                .registry()
                .filteredMetricFamilySamples(Set.of("sidelight_edge_tcp_connections_closed_total")))
        .stream()
        .flatMap(family -> family.samples.stream())
        .map(sample -> end(sample, "source") + " to " + end(sample, "destination"))
        .toList();
  }

  private static String end(Collector.MetricFamilySamples.Sample sample, String end) {
    return Stream.of("_workload", "_canonical_service", "_canonical_revision")
        .map(label -> sample.labelValues.get(sample.labelNames.indexOf(end + label)))
        .collect(Collectors.joining(" "));
  }

  private Service service(String name) {
    return client
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build())
        .create();
  }

  /** A pod that nobody runs, which says that it does at that address. */
  private void running(String name, String address) {
    namespace.running(name, address, "default", Map.of("app", name + "-app", "version", "v7"));
  }

  /** Ended connections from the caller's pod, of which its own metadata says no word. */
  private static byte[] connections(String namespace, String... upstreams) {
    TCPAccessLogEntries.Builder entries = TCPAccessLogEntries.newBuilder();
    for (String upstream : upstreams) {
      entries.addLogEntry(
          TCPAccessLogEntry.newBuilder()
              .setCommonProperties(
                  AccessLogCommon.newBuilder()
                      .setStreamId("connection to " + upstream)
                      .setAccessLogType(AccessLogType.TcpConnectionEnd)
                      .setStartTime(
                          Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()))
                      .setDuration(Duration.newBuilder().setSeconds(1))
                      .setDownstreamRemoteAddress(address(CALLER, 41_000))
                      .setUpstreamRemoteAddress(address(upstream, 80))
                      .setUpstreamCluster("PassthroughCluster"))
              .setConnectionProperties(
                  ConnectionProperties.newBuilder().setReceivedBytes(1).setSentBytes(1))
              .build());
    }
    return StreamAccessLogsMessage.newBuilder()
        .setIdentifier(
            Identifier.newBuilder()
                .setNode(
                    Node.newBuilder()
                        .setId(
                            "sidecar~" + CALLER + "~caller." + namespace + "~svc.cluster.local")))
        .setTcpLogs(entries)
        .build()
        .toByteArray();
  }

  private static byte[] hello() {
    return HopUpload.newBuilder()
        .setHello(ProbeHello.newBuilder().setNodeName("node-a").setProbeInstanceId("i-1"))
        .build()
        .toByteArray();
  }

  /** One end, of a pod that the probe takes for one in a namespace that is not observed. */
  private static byte[] ends(long sequence, String podAddress) {
    ByteString address =
        ByteString.copyFrom(NetUtil.createByteArrayFromIpAddressString(podAddress));
    return HopUpload.newBuilder()
        .setBatch(
            HopBatch.newBuilder()
                .setSequence(sequence)
                .addPods(
                    dev.sidelight.hop.v1.Pod.newBuilder()
                        .setNetns(1)
                        .setNamespace("elsewhere")
                        .setWorkload("other")
                        .addAddresses(podAddress))
                .addExchanges(
                    Exchange.newBuilder()
                        .setNetns(1)
                        .setInitiator(
                            ExchangeEnd.newBuilder()
                                .setRole(Role.INITIATOR)
                                .setSocketCookie(sequence)
                                .setLocalAddress(address)
                                .setLocalPort(40_000)
                                .setRemoteAddress(address)
                                .setRemotePort(9_080)
                                .setFirstSendNanos(1_000)
                                .setLastSendNanos(1_000))))
        .build()
        .toByteArray();
  }

  private static Address address(String address, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port))
        .build();
  }
}
