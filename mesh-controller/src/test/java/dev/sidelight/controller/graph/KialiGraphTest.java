/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.RATINGS;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static dev.sidelight.controller.TestCalls.REVIEWS_V2;
import static dev.sidelight.controller.TestCalls.bookinfo;
import static dev.sidelight.controller.graph.TestEdges.calls;
import static dev.sidelight.controller.graph.TestEdges.millis;
import static dev.sidelight.controller.graph.TestEdges.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.controller.Golden;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KialiGraphTest {

  private static final long NOW = 1_800_000_000L;

  private FixedEdges edges =
      new FixedEdges(TestEdges.bookinfoCalls(), List.of(TestEdges.ratingsToMongodb()));

  @ParameterizedTest
  @CsvSource({
    "workload, ''",
    "versionedApp, ''",
    "app, ''",
    "service, ''",
    "workload, injectServiceNodes=true",
    "versionedApp, injectServiceNodes=true&boxBy=app%cluster%namespace",
    "workload, hops=true",
    "service, hops=true"
  })
  void answer_bookinfo(String graphType, String more) {
    Map<String, String> parameters = new HashMap<>(Map.of("graphType", graphType));
    for (String parameter : more.isEmpty() ? new String[0] : more.split("&", -1)) {
      int equals = parameter.indexOf('=');
      parameters.put(
          parameter.substring(0, equals), parameter.substring(equals + 1).replace('%', ','));
    }
    parameters.put("duration", "60s");
    GraphAnswer answer = graph().answer(with(parameters));
    String kind = more.isEmpty() ? "" : "_" + more.replaceAll("[^A-Za-z]+", "_");
    Golden.assertThatJsonIs(
        answer.json(), "graph/bookinfo_" + graphType + kind + "_graph.expected.json");
  }

  @Test
  void rates_asKialiWritesThem() {
    JsonNode rates =
        answer(Map.of("duration", "60s")).edge("productpage-v1", "reviews-v1").at("/traffic/rates");
    assertThat(rates.get("http").asText()).isEqualTo("1.00");
    assertThat(rates.get("http5xx").asText()).isEqualTo("0.02");
    assertThat(rates.get("httpPercentErr").asText()).isEqualTo("1.7");
    assertThat(rates.get("httpPercentReq").asText()).isEqualTo("33.3");
  }

  @Test
  void rates_smallOnesKeepADigit() {
    JsonNode rates =
        answer(Map.of("duration", "15m")).edge("productpage-v1", "reviews-v1").at("/traffic/rates");
    assertThat(rates.get("http").asText()).isEqualTo("0.07");
    assertThat(rates.get("http5xx").asText()).isEqualTo("0.001");
  }

  @Test
  void grpc_hasItsOwnRates() {
    draw(
        calls(PRODUCTPAGE, RATINGS)
            .over("grpc")
            .answered(200, "-", 540)
            .answered(503, "UF", 30)
            .answered(0, "DC", 30)
            .edge());
    TestGraph ours = answer(Map.of("duration", "60s"));
    JsonNode traffic = ours.edge("productpage-v1", "ratings-v1").get("traffic");
    assertThat(traffic.get("protocol").asText()).isEqualTo("grpc");
    assertThat(traffic.get("rates").toString())
        .isEqualTo(
            "{\"grpc\":\"10.00\",\"grpcErr\":\"0.50\",\"grpcNoResponse\":\"0.50\","
                + "\"grpcPercentErr\":\"10.0\",\"grpcPercentReq\":\"100.0\"}");
    assertThat(ours.node("ratings-v1").at("/traffic/0/rates").toString())
        .isEqualTo("{\"grpcIn\":\"10.00\",\"grpcInErr\":\"0.50\",\"grpcInNoResponse\":\"0.50\"}");
  }

  @Test
  void grpcStatus_isTheCodeWhereItWasTold() {
    draw(
        calls(PRODUCTPAGE, RATINGS)
            .over("grpc")
            .answeredByGrpc(0, 90)
            .answeredByGrpc(14, 30)
            .edge());
    JsonNode traffic = answer(Map.of()).edge("productpage-v1", "ratings-v1").get("traffic");
    assertThat(traffic.get("responses").fieldNames()).toIterable().containsExactly("0", "14");
    assertThat(traffic.at("/rates/grpcPercentErr").asText()).isEqualTo("25.0");
  }

  @ParameterizedTest
  @CsvSource({"avg, 5", "50, 5", "95, 6", "99, 6"})
  void responseTime_whole(String which, String millis) {
    assertThat(
            answer(Map.of("responseTime", which))
                .edge("productpage-v1", "reviews-v1")
                .get("responseTime")
                .asText())
        .isEqualTo(millis);
  }

  /** 4, 5, 5, 6 ms to one version and 6, 20 ms to the other. */
  @ParameterizedTest
  @CsvSource({"avg, 8", "50, 5", "95, 20"})
  void responseTime_ofMergedEdges_isOfAllTheirCalls(String which, String millis) {
    assertThat(
            answer(Map.of("graphType", "app", "responseTime", which))
                .edge("productpage", "reviews")
                .get("responseTime")
                .asText())
        .isEqualTo(millis);
    assertThat(
            answer(Map.of("graphType", "service", "responseTime", which))
                .edge("productpage", "reviews")
                .get("responseTime")
                .asText())
        .isEqualTo(millis);
  }

  @Test
  void security_isAShareOfCalls() {
    draw(
        calls(PRODUCTPAGE, REVIEWS_V1).answered(200, "-", 30).edge(),
        calls(PRODUCTPAGE, REVIEWS_V2).answered(200, "-", 10).plaintext().edge(),
        calls(REVIEWS_V2, RATINGS).answered(200, "-", 10).plaintext().edge());
    TestGraph ours = answer(Map.of("graphType", "app"));
    JsonNode edge = ours.edge("productpage", "reviews");
    assertThat(edge.get("isMTLS").asText()).isEqualTo("75");
    assertThat(edge.get("sourcePrincipal").asText()).endsWith("/sa/productpage");
    assertThat(edge.get("destPrincipal").asText()).endsWith("/sa/reviews");
    assertThat(ours.edge("reviews", "ratings").has("isMTLS")).isFalse();
    assertThat(ours.edge("reviews", "ratings").has("sourcePrincipal")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"request, 100", "response, 400"})
  void throughput_inBytesASecond(String type, String bytes) {
    assertThat(
            answer(Map.of("throughputType", type, "duration", "60s"))
                .edge("productpage-v1", "reviews-v1")
                .get("throughput")
                .asText())
        .isEqualTo(bytes);
  }

  @Test
  void appenders_leaveOutWhatWasNotAskedFor() {
    JsonNode all = answer(Map.of()).edge("productpage-v1", "reviews-v1");
    assertThat(all.has("responseTime") && all.has("throughput") && all.has("isMTLS")).isTrue();
    JsonNode none =
        answer(Map.of("appenders", "deadNode,idleNode")).edge("productpage-v1", "reviews-v1");
    assertThat(none.has("responseTime") || none.has("throughput") || none.has("isMTLS")).isFalse();
    assertThat(
            answer(Map.of("appenders", "deadNode, responseTime"))
                .edge("productpage-v1", "reviews-v1")
                .has("responseTime"))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"sent, 900.00", "received, 9000.00", "total, 9900.00", "'', 900.00"})
  void tcp_inBytesASecond(String rate, String bytes) {
    TestGraph ours = answer(Map.of("rateTcp", rate, "duration", "60s"));
    assertThat(ours.edge("ratings-v1", "mongodb-v1").at("/traffic/rates/tcp").asText())
        .isEqualTo(bytes);
    assertThat(ours.node("mongodb-v1").at("/traffic/0/rates/tcpIn").asText()).isEqualTo(bytes);
  }

  @Test
  void rateNone_drawsNoneOfTheProtocol() {
    assertThat(answer(Map.of("rateTcp", "none")).lines()).hasSize(5);
    assertThat(answer(Map.of("rateHttp", "none")).lines())
        .containsExactly("ratings-v1 -> mongodb-v1");
  }

  @ParameterizedTest
  @CsvSource({"none", "sent", "received", "total"})
  void grpcMessages_areNotKnown(String rate) {
    draw(calls(PRODUCTPAGE, RATINGS).over("grpc").answered(200, "-", 60).edge());
    assertThat(answer(Map.of("rateGrpc", rate)).edges()).isEmpty();
    assertThat(answer(Map.of("rateGrpc", "requests")).edges()).hasSize(1);
  }

  @Test
  void services_standBetween() {
    TestGraph ours = answer(Map.of("injectServiceNodes", "true", "duration", "60s"));
    JsonNode reviews = ours.node("reviews");
    assertThat(reviews.get("isInjected").asBoolean()).isTrue();
    assertThat(reviews.get("app").asText()).isEqualTo("reviews");
    assertThat(ours.lines())
        .contains("productpage-v1 -> reviews", "reviews -> reviews-v1", "reviews -> reviews-v2")
        .doesNotContain("productpage-v1 -> reviews-v1");
    assertThat(ours.edge("reviews", "reviews-v1").at("/traffic/rates/httpPercentReq").asText())
        .isEqualTo("66.7");
  }

  @Test
  void callThatNamedNoService_hasNoneBetween() {
    assertThat(answer(Map.of("namespaces", "istio-system", "injectServiceNodes", "true")).lines())
        .contains("unknown -> istio-ingressgateway");
  }

  @Test
  void serviceOfSeveralApps_isOfNone() {
    DestinationService shared = service("shared");
    draw(
        calls(PRODUCTPAGE, REVIEWS_V1).of(shared).answered(200, "-", 1).edge(),
        calls(PRODUCTPAGE, RATINGS).of(shared).answered(200, "-", 1).edge());
    assertThat(answer(Map.of("injectServiceNodes", "true")).node("shared").has("app")).isFalse();
  }

  /** Its destination has no proxy, or the request reached none. */
  @Test
  void callThatNobodyAnswered_endsAtItsService() {
    draw(
        calls(PRODUCTPAGE, Workload.UNKNOWN)
            .of(service("reviews"))
            .answered(503, "UH", 6)
            .plaintext()
            .edge(),
        calls(PRODUCTPAGE, Workload.UNKNOWN)
            .of(new DestinationService("example.com", "example.com", "unknown"))
            .answered(200, "-", 6)
            .plaintext()
            .edge());
    TestGraph ours = answer(Map.of("graphType", "app"));
    JsonNode reviews = ours.node("reviews");
    assertThat(reviews.get("nodeType").asText()).isEqualTo("service");
    assertThat(reviews.get("cluster").asText()).isEqualTo("Kubernetes");
    assertThat(reviews.get("namespace").asText()).isEqualTo("bookinfo");
    assertThat(reviews.has("isInaccessible")).isFalse();
    assertThat(ours.node("example.com").get("isInaccessible").asBoolean()).isTrue();
  }

  @Test
  void serviceGraph_hasServicesAndThoseWhoOnlyCall() {
    TestGraph ours = answer(Map.of("graphType", "service", "duration", "60s"));
    assertThat(ours.lines())
        .containsExactlyInAnyOrder(
            "istio-ingressgateway -> productpage",
            "productpage -> details",
            "productpage -> reviews",
            "reviews -> ratings",
            "ratings -> mongodb");
    JsonNode rates = ours.edge("productpage", "reviews").at("/traffic/rates");
    assertThat(rates.get("http").asText()).isEqualTo("1.50");
    assertThat(rates.get("httpPercentReq").asText()).isEqualTo("50.0");
    // What it answered itself is no call to a service.
    assertThat(ours.node("reviews").at("/traffic/0/rates/httpOut").asText()).isEqualTo("0.50");
  }

  /** What comes to a gateway from outside names no service. */
  @Test
  void serviceGraph_beginsAtTheGateway() {
    TestGraph ours = answer(Map.of("graphType", "service", "namespaces", "bookinfo,istio-system"));
    assertThat(ours.lines()).contains("istio-ingressgateway -> productpage");
    assertThat(ours.hasNode("unknown")).isFalse();
    assertThat(ours.node("istio-ingressgateway").get("isRoot").asBoolean()).isTrue();
    assertThat(ours.node("productpage").has("isRoot")).isFalse();
  }

  @Test
  void hops_standBesideTheEdge() {
    TestGraph ours =
        answer(Map.of("hops", "true", "duration", "60s", "namespaces", "bookinfo,istio-system"));
    assertThat(ours.lines())
        .contains(
            "productpage-v1 -> reviews-v1",
            "productpage-v1 -> productpage-v1 sidecar (out)",
            "productpage-v1 sidecar (out) -> reviews-v1 sidecar (in)",
            "reviews-v1 sidecar (in) -> reviews-v1",
            "reviews-v1 -> reviews-v1 application",
            "unknown -> istio-ingressgateway sidecar (in)")
        .doesNotContain("unknown -> unknown sidecar (out)");
    assertThat(ours.hasNode("istio-ingressgateway application")).isFalse();
    JsonNode out = ours.node("productpage-v1 sidecar (out)");
    assertThat(out.get("nodeType").asText()).isEqualTo("service");
    assertThat(out.at("/isExtension/name").asText()).isEqualTo("sidelight");
    assertThat(out.at("/traffic/0/rates/httpOut").asText()).isEqualTo("3.00");
  }

  @ParameterizedTest
  @CsvSource({
    "productpage-v1, productpage-v1 sidecar (out), 3",
    "productpage-v1 sidecar (out), reviews-v1 sidecar (in), 1",
    "reviews-v1 sidecar (in), reviews-v1, 4",
    "reviews-v1, reviews-v1 application, 12"
  })
  void hops_haveTheTimeOfTheirPart(String source, String target, String millis) {
    assertThat(answer(Map.of("hops", "true")).edge(source, target).get("responseTime").asText())
        .isEqualTo(millis);
  }

  /** Kiali's own nodes and edges are what they are without hops. */
  @Test
  void hops_changeNothingElse() {
    TestGraph without = answer(Map.of("duration", "60s"));
    TestGraph with = answer(Map.of("duration", "60s", "hops", "true"));
    assertThat(with.nodes()).containsAll(without.nodes());
    assertThat(with.edges()).containsAll(without.edges());
    assertThat(with.edge("reviews-v1", "reviews-v1 application").at("/traffic/rates").toString())
        .isEqualTo("{\"http\":\"1.00\",\"http5xx\":\"0.02\",\"httpPercentErr\":\"1.7\"}");
  }

  @Test
  void linkThatWasNotSplit_hasNoNetworkTime() {
    draw(
        calls(PRODUCTPAGE, REVIEWS_V1)
            .answered(200, "-", 1)
            .taking(HopPart.SOURCE_SIDECAR, millis(1))
            .taking(HopPart.DESTINATION_SIDECAR, millis(2))
            .edge());
    TestGraph ours = answer(Map.of("hops", "true"));
    assertThat(
            ours.edge("productpage-v1 sidecar (out)", "reviews-v1 sidecar (in)")
                .has("responseTime"))
        .isFalse();
    assertThat(ours.hasNode("reviews-v1 application")).isFalse();
  }

  @Test
  void namespaces_otherEdgesAreNotDrawn() {
    TestGraph ours = answer(Map.of("namespaces", "istio-system"));
    assertThat(ours.edges()).hasSize(2);
    assertThat(ours.node("productpage-v1").get("isOutside").asBoolean()).isTrue();
    assertThat(answer(Map.of("namespaces", "empty")).nodes()).isEmpty();
  }

  @Test
  void root_callsOnly() {
    TestGraph ours = answer(Map.of("namespaces", "bookinfo,istio-system"));
    assertThat(ours.node("unknown").get("isRoot").asBoolean()).isTrue();
    assertThat(ours.node("unknown").get("isInaccessible").asBoolean()).isTrue();
    assertThat(ours.node("productpage-v1").has("isRoot")).isFalse();
  }

  @Test
  void idleEdge_hasNoRatesAndItsNodesAreIdle() {
    draw(
        calls(PRODUCTPAGE, REVIEWS_V1).taking(GraphDurations.NONE).edge(),
        calls(PRODUCTPAGE, REVIEWS_V2).answered(200, "-", 1).edge());
    TestGraph ours = answer(Map.of("includeIdleEdges", "true"));
    assertThat(ours.edge("productpage-v1", "reviews-v1").get("traffic").toString())
        .isEqualTo("{\"protocol\":\"http\"}");
    assertThat(ours.node("reviews-v1").get("isIdle").asBoolean()).isTrue();
    assertThat(ours.node("productpage-v1").has("isIdle")).isFalse();
    assertThat(GraphSchema.problems(ours.json())).isEmpty();
    assertThat(edges.asked()).extracting(GraphWindow::idle).containsExactly(true);
  }

  @Test
  void parents_nameBoxesBeforeThem() {
    TestGraph ours =
        answer(
            Map.of(
                "graphType", "versionedApp",
                "injectServiceNodes", "true",
                "boxBy", "app,namespace,cluster"));
    Set<String> boxes = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (JsonNode node : ours.nodes()) {
      if (node.has("parent")) {
        assertThat(boxes).contains(node.get("parent").asText());
      }
      if (node.has("isBox")) {
        boxes.add(node.get("id").asText());
        names.add(TestGraph.name(node));
      }
    }
    // Namespace istio-system has one node, and all are of one cluster.
    assertThat(names)
        .containsExactlyInAnyOrder(
            "box bookinfo",
            "box productpage",
            "box details",
            "box reviews",
            "box ratings",
            "box mongodb");
    assertThat(ours.node("box reviews").get("parent"))
        .isEqualTo(ours.node("box bookinfo").get("id"));
    assertThat(ours.node("istio-ingressgateway").has("parent")).isFalse();
  }

  @Test
  void clusters_boxTheirNamespaces() {
    Workload there = new Workload("east", "bookinfo", "reviews-v1", "reviews", "v1");
    Workload thereToo = new Workload("east", "bookinfo", "ratings-v1", "ratings", "v1");
    draw(
        calls(PRODUCTPAGE, REVIEWS_V2).answered(200, "-", 1).edge(),
        calls(PRODUCTPAGE, there).answered(200, "-", 1).edge(),
        calls(there, thereToo).answered(200, "-", 1).edge());
    TestGraph ours = answer(Map.of("boxBy", "cluster"));
    assertThat(ours.nodes().get(0).get("isBox").asText()).isEqualTo("cluster");
    assertThat(ours.nodes().get(0).get("namespace").asText()).isEmpty();
    assertThat(ours.nodes()).filteredOn(node -> node.has("isBox")).hasSize(2);
    assertThat(ours.nodes()).filteredOn(node -> node.has("parent")).hasSize(4);
  }

  /** One node needs no box. */
  @Test
  void appOfOneNode_isNotBoxed() {
    assertThat(answer(Map.of("graphType", "versionedApp")).nodes())
        .filteredOn(node -> node.has("isBox"))
        .extracting(TestGraph::name)
        .containsExactly("box reviews");
    assertThat(answer(Map.of()).nodes()).noneMatch(node -> node.has("isBox"));
  }

  @Test
  void workloadWithoutApp_staysAWorkload() {
    Workload plain = new Workload("Kubernetes", "bookinfo", "batch", "unknown", "unknown");
    draw(calls(plain, bookinfo("details", "v1")).answered(200, "-", 1).edge());
    JsonNode node = answer(Map.of("graphType", "app")).node("batch");
    assertThat(node.get("nodeType").asText()).isEqualTo("workload");
    assertThat(node.has("app") || node.has("version")).isFalse();
  }

  @Test
  void queryTime_endsTheWindow() {
    TestGraph ours = answer(Map.of("queryTime", "1799999000", "duration", "2m"));
    assertThat(ours.json().get("timestamp").asLong()).isEqualTo(1_799_999_000L);
    assertThat(edges.asked()).containsExactly(new GraphWindow(120, 1_799_999_000L, false, false));
  }

  @ParameterizedTest
  @CsvSource({"90s, 90", "1m30s, 90", "5000ms, 5", "30m, 900", "1d, 900", "'', 600"})
  void duration_inPrometheusForm_asFarAsTheWindowReaches(String duration, int seconds) {
    assertThat(answer(Map.of("duration", duration)).json().get("duration").asInt())
        .isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource({
    "namespaces, '', At least one namespace must be specified",
    "namespaces, ',', At least one namespace must be specified",
    "graphType, pods, Invalid graphType [pods]",
    "duration, 4s, Invalid duration [4s]",
    "duration, x, Invalid duration [x]",
    "duration, 99999999999999m, Invalid duration [99999999999999m]",
    "queryTime, soon, Invalid queryTime [soon]",
    "responseTime, 90, Invalid responseTime",
    "boxBy, shoe, Invalid boxBy [shoe]",
    "boxBy, none, Invalid boxBy [none]",
    "injectServiceNodes, maybe, Invalid injectServiceNodes [maybe]",
    "includeIdleEdges, 2, Invalid includeIdleEdges [2]",
    "hops, on, Invalid hops [on]",
    "rateHttp, sent, Invalid HTTP Rate [sent]",
    "rateGrpc, many, Invalid gRPC Rate [many]",
    "rateTcp, requests, Invalid TCP Rate [requests]",
    "throughputType, both, Invalid throughputType"
  })
  void badParameter_isNamed(String parameter, String value, String message) {
    GraphAnswer answer = graph().answer(with(Map.of(parameter, value)));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(TestGraph.of(answer.json()).json().get("error").asText()).startsWith(message);
  }

  @Test
  void namespaceThatIsNotKnown_isForbidden() {
    GraphAnswer answer = graph().answer(Map.of("namespaces", "bookinfo,elsewhere"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(TestGraph.of(answer.json()).json().toString())
        .isEqualTo("{\"error\":\"Requested namespace [elsewhere] is not accessible.\"}");
  }

  @Test
  void kialisOtherParameters_areAccepted() {
    answer(
        Map.of(
            "injectServiceNodes", "T",
            "includeIdleEdges", "0",
            "appenders", "responseTime,somethingNew",
            "aggregate", "request_operation",
            "refreshInterval", "60000",
            "rateHttp", "requests"));
  }

  private void draw(GraphEdge... drawn) {
    edges = new FixedEdges(List.of(drawn), List.of());
  }

  private KialiGraph graph() {
    return new KialiGraph(() -> Instant.ofEpochSecond(NOW), edges);
  }

  private TestGraph answer(Map<String, String> parameters) {
    GraphAnswer answer = graph().answer(with(parameters));
    TestGraph answered = TestGraph.of(answer.json());
    assertThat(answer.statusCode()).as(answered.json().toString()).isEqualTo(200);
    return answered;
  }

  private static Map<String, String> with(Map<String, String> parameters) {
    Map<String, String> all = new HashMap<>(Map.of("namespaces", "bookinfo"));
    all.putAll(parameters);
    return all;
  }
}
