/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.controller.istio.IstioProblem.Code;
import dev.sidelight.controller.kubernetes.TestNamespace;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Configuration that keeps access logs away, on the real API server with Istio's webhooks: each is
 * found, and the command that the problem names, run by a shell, ends it.
 */
class ProblemsClusterIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final AtomicInteger number = new AtomicInteger();

  private final List<TestNamespace> namespaces = new ArrayList<>();
  private KubernetesClient client;
  private IstioConfiguration configuration;
  private String owner;
  private String root;
  private String host;

  @BeforeEach
  void begin() {
    client = new KubernetesClientBuilder().build();
    root = namespace();
    host = "sidelight-controller." + root + ".svc.cluster.local";
    owner = root + "-owner";
    client
        .resource(new ClusterRoleBuilder().withNewMetadata().withName(owner).endMetadata().build())
        .create();
  }

  @AfterEach
  void end() {
    configuration.close();
    client.rbac().clusterRoles().withName(owner).delete();
    namespaces.forEach(TestNamespace::close);
    client.close();
  }

  private String namespace() {
    String name = "problems-" + number.incrementAndGet() + "-" + ProcessHandle.current().pid();
    namespaces.add(TestNamespace.create(client, name, Map.of()));
    return name;
  }

  private void start(AccessLogMode mode) {
    configuration =
        new IstioConfiguration(
            client,
            new IstioSettings(mode, root, "istio", "", host, 8091, false, owner),
            MeshServices.NONE,
            (kind, outcome) -> {});
    configuration.start();
  }

  @Test
  void destinationRules_ofTheMeshAndOfOneNamespace() throws Exception {
    String team = namespace();
    service();
    for (String namespace : List.of(root, team)) {
      apply(
          """
          apiVersion: networking.istio.io/v1
          kind: DestinationRule
          metadata: {name: default, namespace: %s}
          spec: {host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
          """
              .formatted(namespace));
    }
    start(AccessLogMode.FULL);

    IstioProblem problem = awaitProblem(Code.DESTINATION_RULE_MUTUAL);
    assertThat(problem.message()).contains(root + "/default", team + "/default");

    assertThatCommandEnds(problem);
  }

  @Test
  void destinationRule_ofTheVeryPort() throws Exception {
    service();
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: ours, namespace: %s}
        spec:
          host: sidelight-controller
          trafficPolicy:
            portLevelSettings:
            - {port: {number: 8090}, tls: {mode: DISABLE}}
            - {port: {number: 8091}, tls: {mode: SIMPLE}}
        """
            .formatted(root));
    start(AccessLogMode.FULL);

    assertThatCommandEnds(awaitProblem(Code.DESTINATION_RULE_MUTUAL));
  }

  @Test
  void sidecars_withAListenerForAnyPortAndWithout() throws Exception {
    String team = namespace();
    service();
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: default, namespace: %s}
        spec:
          egress:
          - {port: {number: 9080, protocol: HTTP, name: http}, hosts: ["./*"]}
          - hosts: ["./*"]
        """
            .formatted(team));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: one, namespace: %s}
        spec:
          workloadSelector: {labels: {app: one}}
          egress:
          - {port: {number: 9080, protocol: HTTP, name: http}, hosts: ["./*"]}
        """
            .formatted(team));
    start(AccessLogMode.FULL);

    IstioProblem problem = awaitProblem(Code.SIDECAR_EGRESS);
    assertThat(problem.message()).contains(team + "/default", team + "/one");

    assertThatCommandEnds(problem);
  }

  @Test
  void provider_thatMeshConfigHasNot() throws Exception {
    service();
    meshConfig("{}");
    start(AccessLogMode.TELEMETRY);

    assertThat(awaitProblem(Code.PROVIDER_MISSING).command()).startsWith("istioctl upgrade -f ");
    assertThat(configuration.problems())
        .last()
        .matches(problem -> problem.code() == Code.TELEMETRY_MODE);

    meshConfig(provider("elsewhere.default.svc.cluster.local"));
    assertThat(awaitProblem(Code.PROVIDER_SERVICE_MISSING).message()).contains("elsewhere");
    assertThat(problem(Code.PROVIDER_MISSING)).isEmpty();

    meshConfig(provider(host));
    await().atMost(SOON).until(() -> problem(Code.PROVIDER_SERVICE_MISSING).isEmpty());
  }

  private static String provider(String service) {
    return "extensionProviders: [{name: sidelight-als, envoyHttpAls: {service: "
        + service
        + ", port: 8091}}]";
  }

  @Test
  void service_thatIsNotThere() throws Exception {
    start(AccessLogMode.FULL);
    assertThat(awaitProblem(Code.PROVIDER_SERVICE_MISSING).message())
        .contains(root + "/sidelight-controller");

    service();

    await().atMost(SOON).until(() -> problem(Code.PROVIDER_SERVICE_MISSING).isEmpty());
  }

  @Test
  void telemetries_olderBesideOursAndOfANamespace() throws Exception {
    String team = namespace();
    service();
    meshConfig(provider(host));
    apply(
        """
        apiVersion: telemetry.istio.io/v1
        kind: Telemetry
        metadata: {name: mesh-default, namespace: %s}
        spec: {tracing: [{randomSamplingPercentage: 1}]}
        """
            .formatted(root));
    apply(
        """
        apiVersion: telemetry.istio.io/v1
        kind: Telemetry
        metadata: {name: silent, namespace: %s}
        spec: {selector: {matchLabels: {app: one}}, accessLogging: [{disabled: true}]}
        """
            .formatted(team));
    // Times of creation are whole seconds, and of two of one second the names decide.
    start(AccessLogMode.TELEMETRY);

    IstioProblem problem = awaitProblem(Code.TELEMETRY_SHADOWED);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(problem(Code.TELEMETRY_SHADOWED).orElseThrow().message())
                    .contains(root + "/mesh-default", team + "/silent"));

    assertThatCommandEnds(problem(Code.TELEMETRY_SHADOWED).orElse(problem));
  }

  @Test
  void configurationThatMayNotBeWatched() {
    KubernetesClient admin = client;
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(admin.getConfiguration())
                    .withImpersonateUsername("nobody-who-may-list-anything")
                    .build())
            .build();
    try {
      start(AccessLogMode.FULL);

      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(configuration.problems())
                      .anyMatch(
                          problem ->
                              problem.code() == Code.NOT_WATCHED
                                  && problem.message().contains("sidecars")));
    } finally {
      configuration.close();
      client.close();
      client = admin;
    }
  }

  @Test
  void servicesOfTheGraph_followTheirObjects() throws Exception {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: reviews, namespace: %1$s}
        spec: {hosts: [reviews], http: [{timeout: 2s, route: [{destination: {host: reviews}}]}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: reviews, namespace: %1$s}
        spec: {host: reviews, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 3}}}
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: outside, namespace: %1$s}
        spec: {hosts: [%1$s.example.com], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
        """
            .formatted(root));
    start(AccessLogMode.OFF);

    await()
        .atMost(SOON)
        .until(
            () ->
                configuration.services().routed(root, "reviews") != null
                    && configuration.services().hasCircuitBreaker(root, "reviews", "v1")
                    && configuration.services().external(root + ".example.com") != null);
    assertThat(configuration.services().routed(root, "reviews").requestTimeout()).isTrue();

    shell("kubectl -n " + root + " delete virtualservice reviews");
    await().atMost(SOON).until(() -> configuration.services().routed(root, "reviews") == null);
  }

  private void service() throws Exception {
    apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: sidelight-controller, namespace: %s}
        spec: {ports: [{name: grpc-als, port: 8091}]}
        """
            .formatted(root));
  }

  private void meshConfig(String mesh) throws Exception {
    apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: istio, namespace: %s}
        data: {mesh: '%s'}
        """
            .formatted(root, mesh));
  }

  private void apply(String yaml) throws Exception {
    shell("kubectl apply -f - <<'END'\n" + yaml + "END");
  }

  /** Of other tests' objects nothing is said here. */
  private Optional<IstioProblem> problem(Code code) {
    return configuration.problems().stream()
        .filter(problem -> problem.code() == code)
        .filter(
            problem ->
                namespaces.stream().map(TestNamespace::name).anyMatch(problem.message()::contains))
        .findFirst();
  }

  private IstioProblem awaitProblem(Code code) {
    await().atMost(SOON).until(() -> problem(code).isPresent());
    return problem(code).orElseThrow();
  }

  private void assertThatCommandEnds(IstioProblem problem) throws Exception {
    shell(problem.command());
    await().atMost(SOON).until(() -> problem(problem.code()).isEmpty());
  }

  private static void shell(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as("%s%n%s", command, output).isZero();
  }
}
