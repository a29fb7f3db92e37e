/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sidelight.controller.istio.IstioProblem.Code;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import io.fabric8.istio.api.networking.v1.Sidecar;
import io.fabric8.istio.api.security.v1.PeerAuthentication;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers' proxies speak, held against what a workload takes. */
final class WorkloadTlsRulesTest {

  private static final Map<String, String> V1 =
      Map.of("app", "ratings", "version", "v1", "security.istio.io/tlsMode", "istio");
  private static final Map<String, String> V2 =
      Map.of("app", "ratings", "version", "v2", "security.istio.io/tlsMode", "istio");

  private final List<DestinationRule> rules = new ArrayList<>();
  private final List<Sidecar> sidecars = new ArrayList<>();
  private final List<Map<String, String>> pods = new ArrayList<>();
  private List<PeerAuthentication> peers = new ArrayList<>();
  private MeshServices.Port port = new MeshServices.Port("", 9080, "");

  @BeforeEach
  void onePod() {
    pods.add(V1);
  }

  private List<IstioProblem> find() {
    return WorkloadTlsRules.find(
        new IstioObjects(
            new IstioSettings(
                AccessLogMode.FULL,
                "istio-system",
                "istio",
                "",
                "sidelight-controller.istio-system.svc.cluster.local",
                8091,
                false,
                IstioSettings.CONTROLLER),
            List.of(),
            rules,
            sidecars,
            peers,
            MissingNode.getInstance(),
            List.of(),
            new Ratings(),
            false,
            "",
            List.of()));
  }

  /** Serves at 8443 what its Service has at 9080. */
  private final class Ratings implements MeshServices {

    @Override
    public List<MeshService> all() {
      return List.of(new MeshService("bookinfo", "ratings", List.of(port)));
    }

    @Override
    public List<Endpoint> endpoints(MeshService service) {
      return pods.stream().map(labels -> new Endpoint(labels, Map.of(port.name(), 8443))).toList();
    }
  }

  private Optional<IstioProblem> find(Code code) {
    return find().stream().filter(problem -> problem.code() == code).findFirst();
  }

  private static <T> T object(
      Class<T> type, String namespace, String name, int bornSecond, String spec) {
    return Serialization.unmarshal(
        "metadata: {name: %s, namespace: %s, creationTimestamp: '2026-01-01T00:00:%02dZ'}%nspec: %s"
            .formatted(name, namespace, bornSecond, spec),
        type);
  }

  private void rule(String spec) {
    rules.add(object(DestinationRule.class, "bookinfo", "ratings", 0, spec));
  }

  private void tls(String mode) {
    rule("{host: ratings, trafficPolicy: {tls: {mode: " + mode + "}}}");
  }

  private void peer(String namespace, String name, int bornSecond, String spec) {
    peers.add(object(PeerAuthentication.class, namespace, name, bornSecond, spec));
  }

  private void mtls(String mode) {
    peer("bookinfo", "default", 0, "{mtls: {mode: " + mode + "}}");
  }

  @ParameterizedTest
  @CsvSource({
    "STRICT,     DISABLE,      istio_mtls_conflict",
    "STRICT,     SIMPLE,       istio_mtls_conflict",
    "STRICT,     MUTUAL,       ''",
    "STRICT,     ISTIO_MUTUAL, ''",
    "PERMISSIVE, DISABLE,      ''",
    "PERMISSIVE, SIMPLE,       istio_app_tls",
    "PERMISSIVE, MUTUAL,       istio_app_tls",
    "PERMISSIVE, ISTIO_MUTUAL, ''",
    "DISABLE,    DISABLE,      ''",
    "DISABLE,    SIMPLE,       istio_app_tls",
    "DISABLE,    MUTUAL,       istio_app_tls",
    "DISABLE,    ISTIO_MUTUAL, istio_mtls_conflict"
  })
  void eachPairOfModes(String taken, String spoken, String code) {
    mtls(taken);
    tls(spoken);

    assertThat(find().stream().map(problem -> problem.code().key()))
        .isEqualTo(code.isEmpty() ? List.of() : List.of(code));
  }

  @Test
  void conflict_namesPortAndObjectsAndShowsThem() {
    mtls("STRICT");
    tls("DISABLE");

    IstioProblem problem = find(Code.MTLS_CONFLICT).orElseThrow();
    assertThat(problem.message())
        .contains(
            "bookinfo/ratings:9080 (DestinationRule bookinfo/ratings: DISABLE, PeerAuthentication"
                + " bookinfo/default: STRICT)");
    assertThat(problem.command())
        .isEqualTo(
            "kubectl -n bookinfo get destinationrule ratings -o yaml"
                + " && kubectl -n bookinfo get peerauthentication default -o yaml");
    assertThat(problem.code().isInformation()).isFalse();
  }

  @Test
  void appTls_isInformation() {
    tls("SIMPLE");

    IstioProblem problem = find(Code.APP_TLS).orElseThrow();
    assertThat(problem.message())
        .contains("bookinfo/ratings:9080 (", "no PeerAuthentication: PERMISSIVE");
    assertThat(problem.command())
        .isEqualTo("kubectl -n bookinfo get destinationrule ratings -o yaml");
    assertThat(problem.code().isInformation()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'',       '',                istio_app_tls",
    "https,    '',                istio_app_tls",
    "tcp-tls,  '',                istio_app_tls",
    "metrics,  '',                istio_app_tls",
    "http,     '',                istio_mtls_conflict",
    "grpc-api, '',                istio_mtls_conflict",
    "grpc-web, '',                istio_mtls_conflict",
    "https,    http,              istio_mtls_conflict",
    "http,     https,             istio_app_tls",
    "https,    kubernetes.io/h2c, istio_mtls_conflict"
  })
  void proxyToldToExpectHttp_passesNoTlsOn(String name, String appProtocol, String code) {
    port = new MeshServices.Port(name, 9080, appProtocol);
    mtls("DISABLE");
    tls("SIMPLE");

    assertThat(find()).singleElement().matches(problem -> problem.code().key().equals(code));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{number: 8443, protocol: HTTPS, name: https}, tls: {mode: SIMPLE} |                     ",
        "{number: 8443, protocol: TCP, name: tcp}, tls: {mode: SIMPLE}     |                     ",
        "{number: 8443, protocol: HTTPS, name: https}                      | istio_app_tls       ",
        "{number: 8443, protocol: HTTP, name: http}                        | istio_mtls_conflict ",
        // Of other ports nothing is declared.
        "{number: 9080, protocol: HTTP, name: http}, tls: {mode: SIMPLE}   | istio_app_tls       "
      })
  void sidecarThatEndsTls_isTheOneThatTakesIt(String listener, String code) {
    port = new MeshServices.Port("http", 9080, "");
    mtls("DISABLE");
    tls("SIMPLE");
    sidecars.add(
        object(
            Sidecar.class,
            "bookinfo",
            "ratings",
            0,
            "{workloadSelector: {labels: {app: ratings}}, ingress: [{port: " + listener + "}]}"));

    assertThat(find().stream().map(problem -> problem.code().key()))
        .isEqualTo(code == null ? List.of() : List.of(code));
  }

  @Test
  void sidecarOfAnotherWorkload_isNot() {
    tls("SIMPLE");
    mtls("DISABLE");
    sidecars.add(
        object(
            Sidecar.class,
            "bookinfo",
            "reviews",
            0,
            "{workloadSelector: {labels: {app: reviews}}, ingress: [{port: {number: 8443, protocol:"
                + " HTTPS, name: https}, tls: {mode: SIMPLE}}]}"));

    assertThat(find(Code.APP_TLS)).isPresent();
  }

  @Test
  void sidecarThatEndsTls_doesSoOnlyWithoutMutualTls() {
    tls("SIMPLE");
    mtls("PERMISSIVE");
    sidecars.add(
        object(
            Sidecar.class,
            "bookinfo",
            "default",
            0,
            "{ingress: [{port: {number: 8443, protocol: HTTPS, name: https}, tls: {mode:"
                + " SIMPLE}}]}"));

    assertThat(find(Code.MTLS_CONFLICT)).isPresent();
  }

  @Test
  void peerAuthentications_workloadBeforeNamespaceBeforeMesh() {
    tls("DISABLE");
    peer("istio-system", "default", 0, "{mtls: {mode: STRICT}}");
    assertThat(find(Code.MTLS_CONFLICT).orElseThrow().message()).contains("istio-system/default");

    peer("bookinfo", "default", 0, "{mtls: {mode: PERMISSIVE}}");
    assertThat(find(Code.MTLS_CONFLICT)).isEmpty();

    peer("bookinfo", "unset", 9, "{mtls: {mode: STRICT}}");
    peer("bookinfo", "other", 0, "{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}}");
    peer(
        "bookinfo",
        "port",
        1,
        "{selector: {matchLabels: {app: ratings}}, portLevelMtls: {9080: {mode: STRICT}}}");
    assertThat(find(Code.MTLS_CONFLICT)).as("pods' ports count").isEmpty();

    peer("bookinfo", "late", 2, "{selector: {matchLabels: {version: v1}}, mtls: {mode: STRICT}}");
    assertThat(find(Code.MTLS_CONFLICT)).as("the oldest counts").isEmpty();

    peer(
        "bookinfo",
        "early",
        0,
        "{selector: {matchLabels: {version: v1}}, mtls: {mode: UNSET}, portLevelMtls: {8443: {mode: STRICT}}}");
    assertThat(find(Code.MTLS_CONFLICT).orElseThrow().message()).contains("bookinfo/early");
  }

  @Test
  void selectorInTheRootNamespace_isNobodys() {
    tls("DISABLE");
    peer(
        "istio-system",
        "all",
        0,
        "{selector: {matchLabels: {app: ratings}}, mtls: {mode: STRICT}}");

    assertThat(find()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{host: ratings, trafficPolicy: {portLevelSettings: [{port: {number: 9080}, tls: {mode: DISABLE}}]}}                                              | true ",
        "{host: ratings, trafficPolicy: {portLevelSettings: [{port: {number: 8443}, tls: {mode: DISABLE}}]}}                                              | false",
        "{host: ratings, trafficPolicy: {tls: {mode: DISABLE}, portLevelSettings: [{port: {number: 9080}, tls: {mode: ISTIO_MUTUAL}}]}}                   | false",
        "{host: '*.local', trafficPolicy: {tls: {mode: DISABLE}}}                                                                                         | true ",
        "{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}                                                                                           | false",
        "{host: ratings, subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {tls: {mode: DISABLE}}}]}                                             | true ",
        "{host: ratings, subsets: [{name: v2, labels: {version: v2}, trafficPolicy: {tls: {mode: DISABLE}}}]}                                             | false",
        "{host: ratings, trafficPolicy: {tls: {mode: DISABLE}}, subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}]} | false"
      })
  void ruleOfPortAndSubset(String spec, boolean isConflict) {
    mtls("STRICT");
    rule(spec);

    assertThat(find(Code.MTLS_CONFLICT).isPresent()).isEqualTo(isConflict);
  }

  @Test
  void eachPodIsLookedAt() {
    pods.add(V2);
    tls("DISABLE");
    peer("bookinfo", "v2", 0, "{selector: {matchLabels: {version: v2}}, mtls: {mode: STRICT}}");

    assertThat(find(Code.MTLS_CONFLICT)).isPresent();

    pods.remove(V2);
    assertThat(find(Code.MTLS_CONFLICT)).isEmpty();
  }

  @Test
  void podWithoutSidecar_isNotTold() {
    pods.set(0, Map.of("app", "ratings"));
    mtls("STRICT");
    tls("DISABLE");

    assertThat(find()).isEmpty();
  }

  @Test
  void certificateOfASecret_isForGateways() {
    mtls("DISABLE");
    rule("{host: ratings, trafficPolicy: {tls: {mode: SIMPLE, credentialName: client}}}");
    assertThat(find()).isEmpty();

    rules.clear();
    rule(
        "{host: ratings, workloadSelector: {matchLabels: {app: reviews}},"
            + " trafficPolicy: {tls: {mode: SIMPLE, credentialName: client}}}");
    assertThat(find(Code.APP_TLS)).isPresent();
  }

  @Test
  void whatIsNotKnownYet_isNoProblem() {
    peers = null;
    tls("SIMPLE");

    assertThat(find()).isEmpty();
  }
}
