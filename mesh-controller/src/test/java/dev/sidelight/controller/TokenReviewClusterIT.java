/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sidelight.controller.kubernetes.KubernetesApi;
import dev.sidelight.controller.tls.SelfMadeCertificate;
import dev.sidelight.controller.tls.TestCertificates;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.Role;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Probes of two nodes, with tokens of a real API server, before a controller that lets it review
 * them and shows a certificate that it has made itself.
 */
class TokenReviewClusterIT {

  private static final String NAMESPACE = "sidelight-token-review";
  private static final String PROBE = "sidelight-probe";
  private static final String AUDIENCE = "sidelight";
  private static final String SERVER_NAME = "sidelight-controller." + NAMESPACE + ".svc";
  private static final String BATCHES = "sidelight_hop_batches_total";
  private static final String ENDS = "sidelight_hop_ends_total";

  /** Where fabric8 takes the namespace from before it looks into a kubeconfig or a pod. */
  private static final String NAMESPACE_PROPERTY = "kubernetes.namespace";

  private static KubernetesClient client;
  private static Pod probeA;
  private static Pod appA;
  private static Pod appB;
  private static RunningController controller;

  @BeforeAll
  static void startBeforeAnEmptySecret() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    client = KubernetesApi.client();
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    for (String account : List.of(PROBE, "app")) {
      client
          .resource(
              new ServiceAccountBuilder()
                  .withNewMetadata()
                  .withName(account)
                  .withNamespace(NAMESPACE)
                  .endMetadata()
                  .build())
          .create();
    }
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(SelfMadeCertificate.SECRET)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .build())
        .create();
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(SelfMadeCertificate.CONFIG_MAP)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .build())
        .create();
    probeA = pod("probe-a", PROBE, "kwok-1");
    appA = pod("app-a", "app", "kwok-1");
    appB = pod("app-b", "app", "kwok-2");
    System.setProperty(NAMESPACE_PROPERTY, NAMESPACE);
    controller = start();
    await("pods are known")
        .until(() -> controller.getJson("/api/v1/status").get("ready").asBoolean());
  }

  private static RunningController start() {
    return new RunningController(
        Map.of(
            Setting.KUBERNETES_ENABLED, "on",
            Setting.HOP_TLS, "self-made",
            Setting.HOP_AUTHENTICATION, "token-review",
            Setting.HOP_SERVICE_ACCOUNT, NAMESPACE + "/" + PROBE));
  }

  private static Pod pod(String name, String account, String node) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(account)
                .withNodeName(node)
                .addNewContainer()
                .withName("main")
                .withImage("none")
                .endContainer()
                .endSpec()
                .build())
        .create();
    return client
        .pods()
        .inNamespace(NAMESPACE)
        .withName(name)
        .waitUntilCondition(
            created -> created != null && created.getStatus().getPodIP() != null,
            60,
            TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() {
    controller.close();
    System.clearProperty(NAMESPACE_PROPERTY);
    client.namespaces().withName(NAMESPACE).delete();
    client.close();
    Awaitility.reset();
  }

  @Test
  void probeOfItsNode_tellsOfItsPods_andNotOfAnotherNodes() throws Exception {
    try (GrpcStream stream = call(token(PROBE, probeA, AUDIENCE))) {
      stream.send(hello("kwok-1"));
      stream.send(batch(1, appA, appA));
      awaitAcknowledged(stream, 1);
      assertThat(ends("accepted", "")).isEqualTo(1);
      stream.send(batch(2, appB, appB));
      awaitAcknowledged(stream, 2);
      controller.awaitCounter(1, ENDS, "outcome", "refused", "reason", "other_nodes_pod");
      // Its own pod's name, with the address of another's.
      stream.send(batch(3, appA, appB));
      awaitAcknowledged(stream, 3);
      controller.awaitCounter(1, ENDS, "outcome", "refused", "reason", "other_pods_address");
      assertThat(ends("accepted", "")).isEqualTo(1);
      for (String reason : List.of("other_nodes_pod", "other_pods_address")) {
        assertThat(controller.counter("sidelight_hop_refused_pods_total", "reason", reason))
            .isEqualTo(1);
      }
    }
  }

  @Test
  void probeOfAnotherNode_isRefused() throws Exception {
    assertThatRefused(
        token(PROBE, probeA, AUDIENCE), "kwok-2", "other_node", Status.Code.PERMISSION_DENIED);
  }

  @Test
  void tokensOfOthers_areRefused_eachForItsReason() throws Exception {
    assertThatRefused("", "no_token", Status.Code.UNAUTHENTICATED);
    assertThatRefused("no-token-of-kubernetes", "bad_token", Status.Code.UNAUTHENTICATED);
    assertThatRefused(
        token(PROBE, probeA, "another"), "wrong_audience", Status.Code.UNAUTHENTICATED);
    assertThatRefused(
        token("app", appA, AUDIENCE), "other_service_account", Status.Code.PERMISSION_DENIED);
    assertThatRefused(token(PROBE, null, AUDIENCE), "no_node", Status.Code.UNAUTHENTICATED);
    assertThatRefused(expiredToken(), "expired_token", Status.Code.UNAUTHENTICATED);
  }

  /** Signed by the API server's key, and good but for its time. */
  private static String expiredToken() throws Exception {
    String[] parts = token(PROBE, probeA, AUDIENCE).split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    long now = Instant.now().getEpochSecond();
    claims =
        claims
            .replaceAll("\"(iat|nbf)\":\\d+", "\"$1\":" + (now - 7_200))
            .replaceAll("\"exp\":\\d+", "\"exp\":" + (now - 3_600));
    Path key = Path.of(System.getenv("SIDELIGHT_CLUSTER_RUN"), "pki", "service-account.key");
    String signed =
        parts[0]
            + "."
            + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8));
    String algorithm = new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8);
    return signed + "." + signature(algorithm, privateKey(algorithm, key), signed);
  }

  private static PrivateKey privateKey(String algorithm, Path pem) throws Exception {
    String base64 = Files.readString(pem).replaceAll("-----[^-]+-----|\\s", "");
    return KeyFactory.getInstance(algorithm.contains("RS256") ? "RSA" : "EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  private static String signature(String algorithm, PrivateKey key, String text) throws Exception {
    Signature signature =
        Signature.getInstance(
            algorithm.contains("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
    signature.initSign(key);
    signature.update(text.getBytes(US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
  }

  private static void assertThatRefused(String token, String reason, Status.Code code)
      throws Exception {
    assertThatRefused(token, "kwok-1", reason, code);
  }

  private static void assertThatRefused(String token, String node, String reason, Status.Code code)
      throws Exception {
    double before = refused(reason);
    try (GrpcStream stream = call(token).send(hello(node))) {
      assertThat(status(stream).getCode()).as(reason).isEqualTo(code);
    }
    assertThat(refused(reason)).isEqualTo(before + 1);
    assertThat(controller.refusals()).anyMatch(line -> line.contains(reason));
    if (!token.isEmpty()) {
      // Neither all of it, nor what signs it.
      String signature = token.substring(token.lastIndexOf('.') + 1);
      assertThat(controller.refusals()).noneMatch(line -> line.contains(signature));
    }
  }

  private static double refused(String reason) {
    return controller.counter(BATCHES, "outcome", "refused", "reason", reason);
  }

  @Test
  void tokenOfAPodThatHasGone_isNotGoodAnyMore() throws Exception {
    Pod gone = pod("probe-gone", PROBE, "kwok-1");
    String token = token(PROBE, gone, AUDIENCE);
    try (GrpcStream stream = call(token).send(hello("kwok-1")).send(batch(1, appA, appA))) {
      awaitAcknowledged(stream, 1);
    }
    client.resource(gone).withGracePeriod(0).delete();
    // The API server remembers for ten seconds what it has reviewed.
    await()
        .until(
            () -> {
              double before = refused("bad_token");
              try (GrpcStream stream = call(token).send(hello("kwok-1"))) {
                stream.send(batch(1, appA, appA));
                await().until(() -> acknowledged(stream) == 1 || stream.status().isDone());
              }
              return refused("bad_token") == before + 1;
            });
  }

  @Test
  void certificate_isKeptOverARestart() {
    String made = secret().getData().get("tls.crt");
    assertThat(secret().getData()).containsOnlyKeys("tls.crt", "tls.key", "ca.crt", "ca.key");
    try (RunningController restarted = start()) {
      assertThat(secret().getData().get("tls.crt")).isEqualTo(made);
      assertThat(restarted.counter("sidelight_tls_certificate_not_after_seconds", "ingest", "hop"))
          .isGreaterThan((double) Instant.now().plus(Duration.ofDays(80)).getEpochSecond());
    }
  }

  private static Secret secret() {
    return client.secrets().inNamespace(NAMESPACE).withName(SelfMadeCertificate.SECRET).get();
  }

  /** Who connects trusts what the ConfigMap tells, as a probe does. */
  private static GrpcStream call(String token) {
    String authorities =
        client
            .configMaps()
            .inNamespace(NAMESPACE)
            .withName(SelfMadeCertificate.CONFIG_MAP)
            .get()
            .getData()
            .get("ca.crt");
    return controller.hops(
        TestCertificates.trusting(authorities.getBytes(US_ASCII)),
        SERVER_NAME,
        token.isEmpty() ? Map.of() : Map.of("authorization", "Bearer " + token));
  }

  private static String token(String account, Pod pod, String audience) {
    TokenRequestBuilder request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withAudiences(audience)
            .withExpirationSeconds(600L)
            .endSpec();
    if (pod != null) {
      request
          .editSpec()
          .withNewBoundObjectRef()
          .withApiVersion("v1")
          .withKind("Pod")
          .withName(pod.getMetadata().getName())
          .withUid(pod.getMetadata().getUid())
          .endBoundObjectRef()
          .endSpec();
    }
    TokenRequest answer =
        client
            .serviceAccounts()
            .inNamespace(NAMESPACE)
            .withName(account)
            .tokenRequest(request.build());
    return answer.getStatus().getToken();
  }

  private static byte[] hello(String node) {
    return HopUpload.newBuilder()
        .setHello(ProbeHello.newBuilder().setNodeName(node).setProbeInstanceId("of " + node))
        .build()
        .toByteArray();
  }

  /** An exchange's end in a pod that is named as one and has an address of another. */
  private static byte[] batch(long sequence, Pod named, Pod addressed) {
    return HopUpload.newBuilder()
        .setBatch(
            HopBatch.newBuilder()
                .setSequence(sequence)
                .addPods(
                    dev.sidelight.hop.v1.Pod.newBuilder()
                        .setNetns(101)
                        .setNamespace(NAMESPACE)
                        .setName(named.getMetadata().getName())
                        .setUid(named.getMetadata().getUid())
                        .setWorkload(named.getMetadata().getName())
                        .addAddresses(addressed.getStatus().getPodIP()))
                .addExchanges(Exchange.newBuilder().setNetns(101).setInitiator(end())))
        .build()
        .toByteArray();
  }

  private static ExchangeEnd.Builder end() {
    ByteString address = ByteString.copyFrom(new byte[] {10, 77, 0, 13});
    return ExchangeEnd.newBuilder()
        .setRole(Role.INITIATOR)
        .setSocketCookie(1)
        .setLocalAddress(address)
        .setLocalPort(40_000)
        .setRemoteAddress(address)
        .setRemotePort(9_080)
        .setFirstSendNanos(1_000)
        .setLastSendNanos(2_000);
  }

  private static void awaitAcknowledged(GrpcStream stream, long sequence) {
    await().until(() -> acknowledged(stream) == sequence);
  }

  private static long acknowledged(GrpcStream stream) throws InvalidProtocolBufferException {
    long newest = 0;
    for (byte[] message : stream.received()) {
      newest = Math.max(newest, HopControl.parseFrom(message).getAcknowledgement().getSequence());
    }
    return newest;
  }

  private static double ends(String outcome, String reason) {
    return controller.counter(ENDS, "outcome", outcome, "reason", reason);
  }

  private static Status status(GrpcStream stream) throws Exception {
    return stream.status().get(30, TimeUnit.SECONDS);
  }
}
