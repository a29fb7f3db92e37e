/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.istio.api.networking.v1.DestinationRule;
import io.fabric8.istio.api.networking.v1.ServiceEntry;
import io.fabric8.istio.api.networking.v1.VirtualService;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which service an object is about, and what it says. */
final class ServiceConfigurationTest {

  private final List<VirtualService> virtualServices = new ArrayList<>();
  private final List<DestinationRule> rules = new ArrayList<>();
  private final List<ServiceEntry> entries = new ArrayList<>();

  private ServiceConfiguration read() {
    return new ServiceConfiguration("cluster.local", virtualServices, rules, entries);
  }

  private static <T> T object(Class<T> type, String namespace, String spec) {
    return Serialization.unmarshal(
        "metadata: {name: one, namespace: %s}%nspec: %s".formatted(namespace, spec), type);
  }

  private RoutedService routed(String spec) {
    virtualServices.add(object(VirtualService.class, "bookinfo", spec));
    return read().routed("bookinfo", "reviews");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{route: [{destination: {host: reviews}}]}                                                          | ",
        "{route: [{destination: {host: reviews}}], timeout: 2s}                                             | timeout",
        "{route: [{destination: {host: reviews}}], fault: {abort: {httpStatus: 500, percentage: {value: 1}}}} | fault",
        "{route: [{destination: {host: reviews}}], mirror: {host: shadow}}                                  | mirror",
        "{route: [{destination: {host: reviews}}], mirrors: [{destination: {host: shadow}}]}                | mirror",
        "{route: [{destination: {host: reviews, subset: v1}}, {destination: {host: reviews, subset: v2}}]}  | shifting"
      })
  void virtualService_saysWhatItDoes(String route, String what) {
    RoutedService routed = routed("{hosts: [reviews, reviews.example.com], http: [" + route + "]}");

    assertThat(routed)
        .isEqualTo(
            new RoutedService(
                List.of("reviews", "reviews.example.com"),
                "fault".equals(what),
                "mirror".equals(what),
                "timeout".equals(what),
                false,
                "shifting".equals(what)));
  }

  @Test
  void virtualServices_ofOneServiceAreAddedUp() {
    routed("{hosts: [a], http: [{route: [{destination: {host: reviews}}], timeout: 1s}]}");

    RoutedService both =
        routed(
            "{hosts: [a, b], tcp: [{route: [{destination: {host: reviews.bookinfo.svc.cluster.local}},"
                + " {destination: {host: other}}]}]}");

    assertThat(both)
        .isEqualTo(new RoutedService(List.of("a", "b"), false, false, true, true, false));
    assertThat(read().routed("bookinfo", "other").tcpTrafficShifting()).isTrue();
    assertThat(read().routed("elsewhere", "reviews")).isNull();
  }

  @Test
  void circuitBreaker_ofTheHostOrOfASubset() {
    rules.add(
        object(
            DestinationRule.class,
            "bookinfo",
            "{host: reviews, subsets: [{name: a, labels: {version: v1}, trafficPolicy:"
                + " {outlierDetection: {consecutive5xxErrors: 3}}}, {name: b, labels: {version: v2}}]}"));
    rules.add(
        object(
            DestinationRule.class,
            "bookinfo",
            "{host: ratings, trafficPolicy: {connectionPool: {tcp: {maxConnections: 10}}}}"));
    rules.add(
        object(
            DestinationRule.class,
            "bookinfo",
            "{host: details, trafficPolicy: {tls: {mode: SIMPLE}}}"));
    ServiceConfiguration services = read();

    assertThat(services.hasCircuitBreaker("bookinfo", "reviews", "v1")).isTrue();
    assertThat(services.hasCircuitBreaker("bookinfo", "reviews", "v2")).isFalse();
    assertThat(services.hasCircuitBreaker("bookinfo", "reviews", "")).isTrue();
    assertThat(services.hasCircuitBreaker("bookinfo", "ratings", "v7")).isTrue();
    assertThat(services.hasCircuitBreaker("bookinfo", "details", "")).isFalse();
  }

  @Test
  void serviceEntry_isKnownByEachHost() {
    entries.add(
        object(
            ServiceEntry.class,
            "egress",
            "{hosts: [a.example.com, b.example.com], location: MESH_INTERNAL}"));

    assertThat(read().external("b.example.com"))
        .isEqualTo(
            new ExternalService(
                List.of("a.example.com", "b.example.com"), "MESH_INTERNAL", "egress"));
    assertThat(read().external("c.example.com")).isNull();
  }
}
