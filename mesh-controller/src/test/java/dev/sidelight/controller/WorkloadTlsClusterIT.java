/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.controller.kubernetes.TestNamespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the status says of the TLS of a workload, with a pod that Istio's own webhook has given its
 * sidecar, and endpoints that Kubernetes' own controller has made.
 */
final class WorkloadTlsClusterIT {

  private static final String NAMESPACE = "workload-tls";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KubernetesClient client = new KubernetesClientBuilder().build();
  private TestNamespace namespace;

  @BeforeEach
  void aWorkloadWithSidecar() throws Exception {
    namespace = TestNamespace.create(client, NAMESPACE, Map.of("istio-injection", "enabled"));
    apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: ratings}
        spec: {selector: {app: ratings}, ports: [{name: api, port: 9080, targetPort: app}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: ratings, labels: {app: ratings}}
        spec: {containers: [{name: ratings, image: ratings, ports: [{name: app, containerPort: 8443}]}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: ratings}
        spec: {host: ratings, trafficPolicy: {tls: {mode: SIMPLE}}}
        """);
  }

  @AfterEach
  void removeNamespace() {
    namespace.close();
    client.close();
  }

  @Test
  void status_followsTheObjects() throws Exception {
    apply(peerAuthentication("DISABLE"));
    try (RunningController controller =
        new RunningController(Map.of(Setting.KUBERNETES_ENABLED, "on"))) {
      JsonNode appTls = awaitProblem(controller, "istio_app_tls");
      assertThat(appTls.path("message").asText())
          .contains(
              NAMESPACE + "/ratings:9080 (DestinationRule " + NAMESPACE + "/ratings: SIMPLE",
              "PeerAuthentication " + NAMESPACE + "/ratings: DISABLE");
      assertThat(appTls.path("information").asBoolean()).isTrue();
      assertThat(shell(appTls.path("fix").asText())).contains("mode: SIMPLE", "mode: DISABLE");
      assertThat(controller.counter("sidelight_istio_problem", "code", "istio_app_tls"))
          .isEqualTo(1);

      apply(
          """
          apiVersion: networking.istio.io/v1
          kind: Sidecar
          metadata: {name: ratings}
          spec:
            workloadSelector: {labels: {app: ratings}}
            ingress:
            - port: {number: 8443, protocol: HTTPS, name: https}
              defaultEndpoint: 127.0.0.1:8080
              tls: {mode: SIMPLE, serverCertificate: /tls.crt, privateKey: /tls.key}
          """);
      awaitNone(controller, "istio_app_tls");

      apply(peerAuthentication("STRICT"));
      JsonNode conflict = awaitProblem(controller, "istio_mtls_conflict");
      assertThat(conflict.path("message").asText())
          .contains("PeerAuthentication " + NAMESPACE + "/ratings: STRICT");
      assertThat(conflict.has("information")).isFalse();
      assertThat(shell(conflict.path("fix").asText())).contains("mode: SIMPLE", "mode: STRICT");

      shell("kubectl -n " + NAMESPACE + " delete destinationrule ratings");
      awaitNone(controller, "istio_mtls_conflict");
    }
  }

  private static String peerAuthentication(String mode) {
    return """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: ratings}
        spec: {selector: {matchLabels: {app: ratings}}, portLevelMtls: {8443: {mode: %s}}}
        """
        .formatted(mode);
  }

  /** Of other tests' objects nothing is said here. */
  private static Optional<JsonNode> problem(RunningController controller, String code)
      throws Exception {
    return StreamSupport.stream(
            controller.getJson("/api/v1/status").path("problems").spliterator(), false)
        .filter(problem -> problem.path("code").asText().equals(code))
        .filter(problem -> problem.path("message").asText().contains(NAMESPACE))
        .findFirst();
  }

  private static JsonNode awaitProblem(RunningController controller, String code) {
    return await()
        .atMost(PATIENCE)
        .until(() -> problem(controller, code), Optional::isPresent)
        .orElseThrow();
  }

  private static void awaitNone(RunningController controller, String code) {
    await().atMost(PATIENCE).until(() -> problem(controller, code).isEmpty());
  }

  private static void apply(String yaml) throws Exception {
    shell("kubectl -n " + NAMESPACE + " apply -f - <<'END'\n" + yaml + "END");
  }

  private static String shell(String command) throws Exception {
    Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
    return output;
  }
}
