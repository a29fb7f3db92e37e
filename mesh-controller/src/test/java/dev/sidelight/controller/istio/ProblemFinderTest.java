/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sidelight.controller.istio.IstioProblem.Code;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import io.fabric8.istio.api.networking.v1.Sidecar;
import io.fabric8.istio.api.telemetry.v1.Telemetry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which configuration is a problem, and which looks like one. */
final class ProblemFinderTest {

  private static final String HOST = "sidelight-controller.istio-system.svc.cluster.local";

  private final List<Telemetry> telemetries = new ArrayList<>();
  private final List<DestinationRule> rules = new ArrayList<>();
  private final List<Sidecar> sidecars = new ArrayList<>();
  private AccessLogMode mode = AccessLogMode.FULL;
  private JsonNode meshConfig = MissingNode.getInstance();
  private boolean controllerHasSidecar;
  private boolean alsTls;
  private String failure = "";
  private List<String> complaints = List.of();

  private Optional<IstioProblem> find(Code code) {
    Service service =
        Serialization.unmarshal("spec: {ports: [{port: 8091}, {port: 8090}]}", Service.class);
    return ProblemFinder.find(
            new IstioObjects(
                new IstioSettings(
                    mode,
                    "istio-system",
                    "istio",
                    "",
                    HOST,
                    8091,
                    alsTls,
                    IstioSettings.CONTROLLER),
                telemetries,
                rules,
                sidecars,
                List.of(),
                meshConfig,
                List.of(service),
                MeshServices.NONE,
                controllerHasSidecar,
                failure,
                complaints))
        .stream()
        .filter(problem -> problem.code() == code)
        .findFirst();
  }

  private static <T extends HasMetadata> T object(
      Class<T> type, String namespace, String name, int bornSecond, String spec) {
    return Serialization.unmarshal(
        "metadata: {name: %s, namespace: %s, creationTimestamp: '2026-01-01T00:00:%02dZ'}%nspec: %s"
            .formatted(name, namespace, bornSecond, spec),
        type);
  }

  private void rule(String namespace, String name, String spec) {
    rules.add(object(DestinationRule.class, namespace, name, 0, spec));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{host: '*.local', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}",
        "{host: '*', trafficPolicy: {tls: {mode: MUTUAL}}}",
        "{host: '*.istio-system.svc.cluster.local', trafficPolicy: {tls: {mode: SIMPLE}}}",
        "{host: sidelight-controller, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}",
        "{host: '*.local', trafficPolicy: {portLevelSettings: [{port: {number: 8091}, tls: {mode: ISTIO_MUTUAL}}]}}"
      })
  void ruleThatSpeaksTlsToTheController_isAProblem(String spec) {
    rule("istio-system", "default", spec);

    assertThat(find(Code.DESTINATION_RULE_MUTUAL).orElseThrow().message())
        .contains("istio-system/default");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{host: '*.local', trafficPolicy: {tls: {mode: DISABLE}}}",
        "{host: '*.local'}",
        "{host: '*.com', trafficPolicy: {tls: {mode: SIMPLE}}}",
        "{host: sidelight-probe, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}",
        "{host: '*.local', exportTo: [nobody], trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}",
        // A port's own settings replace the others.
        "{host: '*.local', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 8091}}]}}"
      })
  void ruleThatDoesNot_isNone(String spec) {
    rule("istio-system", "default", spec);

    assertThat(find(Code.DESTINATION_RULE_MUTUAL)).isEmpty();
  }

  @Test
  void moreSpecificRule_countsInItsOwnNamespaceOnly() {
    rule(
        "istio-system", "default", "{host: '*.local', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}");
    rule("istio-system", "ours", "{host: " + HOST + ", trafficPolicy: {tls: {mode: DISABLE}}}");
    assertThat(find(Code.DESTINATION_RULE_MUTUAL)).isEmpty();

    // Proxies of this namespace look here first.
    rule("team", "own", "{host: '*.local', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}");

    IstioProblem problem = find(Code.DESTINATION_RULE_MUTUAL).orElseThrow();
    assertThat(problem.message()).contains("team/own").doesNotContain("istio-system/default");
    assertThat(problem.command()).contains("\"namespace\":\"team\"").doesNotContain("&&");
  }

  @Test
  void tlsThatTheControllerTakes_isNoProblem() {
    rule(
        "istio-system", "default", "{host: '*.local', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}");

    controllerHasSidecar = true;
    assertThat(find(Code.DESTINATION_RULE_MUTUAL)).isEmpty();

    controllerHasSidecar = false;
    alsTls = true;
    assertThat(find(Code.DESTINATION_RULE_MUTUAL)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "team         | [{hosts: ['./*']}]                                                  | true",
        "team         | [{hosts: ['~/*']}]                                                  | true",
        "team         | [{hosts: ['istio-system/istiod.istio-system.svc.cluster.local']}]   | true",
        "team         | [{hosts: ['./*', 'other/*']}]                                       | true",
        "team         | [{hosts: ['*/*']}]                                                  | false",
        "team         | [{hosts: ['./*']}, {hosts: ['istio-system/*']}]                     | false",
        "team         | [{hosts: ['./*', '*/*.svc.cluster.local']}]                         | false",
        "team         | []                                                                  | false",
        "istio-system | [{hosts: ['./*']}]                                                  | false"
      })
  void sidecar_isAProblemWhereItLeavesTheControllerOut(
      String namespace, String egress, boolean isProblem) {
    sidecars.add(object(Sidecar.class, namespace, "default", 0, "{egress: " + egress + "}"));

    assertThat(find(Code.SIDECAR_EGRESS).isPresent()).isEqualTo(isProblem);
  }

  @Test
  void olderTelemetryBesideOurs_isTakenInstead() {
    mode = AccessLogMode.TELEMETRY;
    telemetries.add(ours(5));
    telemetries.add(object(Telemetry.class, "istio-system", "younger", 9, "{}"));
    assertThat(find(Code.TELEMETRY_SHADOWED)).isEmpty();

    telemetries.add(object(Telemetry.class, "istio-system", "older", 1, "{}"));
    assertThat(find(Code.TELEMETRY_SHADOWED).orElseThrow().message())
        .contains("istio-system/older")
        .doesNotContain("younger");

    mode = AccessLogMode.FULL;
    assertThat(find(Code.TELEMETRY_SHADOWED)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{accessLogging: [{providers: [{name: envoy}]}]}                                        | true",
        "{accessLogging: [{disabled: true}]}                                                    | true",
        "{accessLogging: [{providers: [{name: sidelight-als}], disabled: true}]}                | true",
        "{selector: {matchLabels: {app: a}}, accessLogging: [{providers: [{name: envoy}]}]}     | true",
        "{accessLogging: [{providers: [{name: envoy}]}, {providers: [{name: sidelight-als}]}]}  | false",
        "{accessLogging: [{disabled: true}, {providers: [{name: sidelight-als}]}]}              | false",
        "{accessLogging: [{filter: {expression: 'true'}}]}                                      | false",
        "{tracing: [{randomSamplingPercentage: 1}]}                                             | false"
      })
  void telemetryOfANamespace_isAProblemWhereItLeavesUsOut(String spec, boolean isProblem) {
    mode = AccessLogMode.TELEMETRY;
    telemetries.add(ours(5));
    telemetries.add(object(Telemetry.class, "team", "own", 9, spec));

    assertThat(find(Code.TELEMETRY_SHADOWED).isPresent()).isEqualTo(isProblem);
  }

  private static Telemetry ours(int bornSecond) {
    Telemetry ours =
        object(
            Telemetry.class,
            "istio-system",
            "sidelight",
            bornSecond,
            "{accessLogging: [{providers: [{name: sidelight-als}]}]}");
    ours.getMetadata().setLabels(AccessLogObjects.labels());
    return ours;
  }

  @Test
  void whatIsNotKnownYet_isNoProblem() {
    mode = AccessLogMode.TELEMETRY;
    meshConfig = null;

    assertThat(find(Code.PROVIDER_MISSING)).isEmpty();
  }

  @Test
  void whatCannotBeWatched_isTold() {
    assertThat(find(Code.NOT_WATCHED)).isEmpty();

    complaints = List.of("sidecars is forbidden", "services is forbidden");

    assertThat(find(Code.NOT_WATCHED).orElseThrow().message())
        .contains("sidecars is forbidden; services is forbidden");
  }

  @Test
  void refusalOfTheApiServer_isTold() {
    failure = "Telemetry in namespace istio-system: forbidden";

    assertThat(find(Code.NOT_WRITTEN).orElseThrow().message()).contains("forbidden");
  }
}
