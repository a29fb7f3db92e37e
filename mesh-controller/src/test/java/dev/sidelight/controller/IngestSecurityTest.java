/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sidelight.controller.tls.CertificateFiles;
import dev.sidelight.controller.tls.TestCertificates;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.ProbeHello;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may write to a controller that asks who it is, without a cluster. */
class IngestSecurityTest {

  private static final String REVIEWS = "spiffe://cluster.local/ns/bookinfo/sa/reviews";
  private static final String ALS_MESSAGES = "sidelight_als_messages_total";
  private static final String XFCC = "x-forwarded-client-cert";

  @TempDir Path directory;

  private final TestCertificates authority = new TestCertificates();
  private RunningController controller;

  @AfterEach
  void stop() {
    controller.close();
  }

  private void startWithCertificates() {
    CertificateFiles files = authority.server(directory);
    start(
        Map.of(
            Setting.ALS_TLS_CERTIFICATE_FILE, files.certificate().toString(),
            Setting.ALS_TLS_KEY_FILE, files.key().toString(),
            Setting.ALS_TLS_CLIENT_CA_FILE, files.clientCa().toString()));
  }

  private void start(Map<Setting, String> settings) {
    controller = new RunningController(settings);
  }

  @Test
  void envoyWithItsOwnCertificate_isTaken() {
    startWithCertificates();
    try (GrpcStream stream = accessLogs(authority.holderOf(REVIEWS))) {
      stream.send(identifier("bookinfo", "bookinfo"));
      controller.awaitCounter(1, ALS_MESSAGES, "outcome", "accepted", "reason", "");
    }
    assertThat(controller.counter("sidelight_tls_certificate_not_after_seconds", "ingest", "als"))
        .isGreaterThan(System.currentTimeMillis() / 1000.0);
  }

  @ParameterizedTest
  @CsvSource({
    // Another namespace in the node id, or in the metadata that names the workload.
    "spiffe://cluster.local/ns/bookinfo/sa/reviews, other, other, other_namespace",
    "spiffe://cluster.local/ns/bookinfo/sa/reviews, bookinfo, other, other_namespace",
    "spiffe://cluster.local/ns/bookinfo/sa/reviews, other, bookinfo, other_namespace",
    "https://bookinfo/reviews, bookinfo, bookinfo, unknown_caller"
  })
  void envoyWithAnothersCertificate_isRefusedAndCounted(
      String uri, String nodeNamespace, String metadataNamespace, String reason) throws Exception {
    startWithCertificates();
    try (GrpcStream stream = accessLogs(authority.holderOf(uri))) {
      stream.send(identifier(nodeNamespace, metadataNamespace));
      assertThat(status(stream).getCode())
          .isIn(Status.Code.PERMISSION_DENIED, Status.Code.UNAUTHENTICATED);
    }
    assertThatRefused(reason);
  }

  @Test
  void callersWithoutACertificate_getNoStream() throws Exception {
    startWithCertificates();
    for (ChannelCredentials credentials :
        new ChannelCredentials[] {
          authority.anybody(),
          new TestCertificates().holderOf(REVIEWS),
          InsecureChannelCredentials.create()
        }) {
      try (GrpcStream stream = accessLogs(credentials)) {
        stream.send(identifier("bookinfo", "bookinfo"));
        assertThat(status(stream).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      }
    }
    assertThat(controller.counter(ALS_MESSAGES, "outcome", "accepted", "reason", "")).isZero();
  }

  @Test
  void identityThatTheOwnSidecarForwards_isTheEnvoys() throws Exception {
    start(Map.of(Setting.ALS_FORWARDED_IDENTITY, "on"));
    ChannelCredentials plain = InsecureChannelCredentials.create();
    String forged = "URI=spiffe://cluster.local/ns/other/sa/x,URI=" + REVIEWS;
    try (GrpcStream stream = controller.accessLogs(plain, Map.of(XFCC, forged))) {
      stream.send(identifier("bookinfo", "bookinfo"));
      controller.awaitCounter(1, ALS_MESSAGES, "outcome", "accepted", "reason", "");
    }
    try (GrpcStream stream = controller.accessLogs(plain, Map.of(XFCC, "URI=" + REVIEWS))) {
      stream.send(identifier("other", "other"));
      assertThat(status(stream).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }
    assertThatRefused("other_namespace");
    try (GrpcStream stream = accessLogs(plain)) {
      assertThat(status(stream).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }
    assertThatRefused("unknown_caller");
  }

  @Test
  void streamsBeyondTheBound_areRefusedUntilOthersEnd() throws Exception {
    start(Map.of(Setting.ALS_MAX_STREAMS, "1", Setting.HOP_MAX_STREAMS, "1"));
    try (GrpcStream first = controller.accessLogs().send(identifier("bookinfo", "bookinfo"))) {
      controller.awaitCounter(1, ALS_MESSAGES, "outcome", "accepted", "reason", "");
      try (GrpcStream second = controller.accessLogs()) {
        assertThat(status(second).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      }
      assertThatRefused("too_many_streams");
      first.halfClose();
      assertThat(status(first).isOk()).isTrue();
    }
    try (GrpcStream third = controller.accessLogs().send(identifier("bookinfo", "bookinfo"))) {
      controller.awaitCounter(2, ALS_MESSAGES, "outcome", "accepted", "reason", "");
      third.halfClose();
    }
    try (GrpcStream first = controller.hops().send(hello())) {
      await().until(() -> controller.counter("sidelight_hop_streams") == 1);
      try (GrpcStream second = controller.hops()) {
        assertThat(status(second).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      }
      first.halfClose();
    }
  }

  @Test
  void streamOfItsAge_isTakenToItsLastWord() throws Exception {
    start(Map.of(Setting.ALS_MAX_STREAM_AGE_SECONDS, "1"));
    try (GrpcStream stream = controller.accessLogs().send(identifier("bookinfo", "bookinfo"))) {
      assertThat(status(stream).isOk()).isTrue();
    }
    controller.awaitCounter(1, "sidelight_als_aged_streams_total");
    controller.awaitCounter(0, "sidelight_als_streams");
  }

  @Test
  void probes_areServedByTls() throws Exception {
    CertificateFiles files = authority.server(directory);
    start(
        Map.of(
            Setting.HOP_TLS, "files",
            Setting.HOP_TLS_CERTIFICATE_FILE, files.certificate().toString(),
            Setting.HOP_TLS_KEY_FILE, files.key().toString()));
    try (GrpcStream stream =
        controller.hops(authority.anybody(), TestCertificates.SERVER_NAME, Map.of())) {
      stream.send(hello()).send(emptyBatch());
      await().until(() -> stream.received().size() == 1);
    }
    try (GrpcStream stream =
        controller.hops(authority.anybody(), "another-name.istio-system.svc", Map.of())) {
      assertThat(status(stream).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
    try (GrpcStream stream = controller.hops().send(hello())) {
      assertThat(status(stream).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  private GrpcStream accessLogs(ChannelCredentials credentials) {
    return controller.accessLogs(credentials, Map.of());
  }

  private void assertThatRefused(String reason) {
    controller.awaitCounter(1, ALS_MESSAGES, "outcome", "refused", "reason", reason);
    assertThat(controller.refusals()).filteredOn(line -> line.contains(reason)).hasSize(1);
  }

  private static Status status(GrpcStream stream) throws Exception {
    return stream.status().get(30, TimeUnit.SECONDS);
  }

  private static byte[] identifier(String nodeNamespace, String metadataNamespace) {
    String nodeId =
        "sidecar~10.77.0.13~reviews-v1-5f6d-abcde."
            + nodeNamespace
            + "~"
            + nodeNamespace
            + ".svc.cluster.local";
    Struct metadata =
        Struct.newBuilder()
            .putFields("NAMESPACE", Value.newBuilder().setStringValue(metadataNamespace).build())
            .build();
    return StreamAccessLogsMessage.newBuilder()
        .setIdentifier(
            StreamAccessLogsMessage.Identifier.newBuilder()
                .setNode(Node.newBuilder().setId(nodeId).setMetadata(metadata)))
        .build()
        .toByteArray();
  }

  private static byte[] hello() {
    return HopUpload.newBuilder()
        .setHello(ProbeHello.newBuilder().setNodeName("node-a").setProbeInstanceId("1"))
        .build()
        .toByteArray();
  }

  private static byte[] emptyBatch() {
    return HopUpload.newBuilder()
        .setBatch(HopBatch.newBuilder().setSequence(1))
        .build()
        .toByteArray();
  }
}
