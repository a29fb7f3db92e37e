/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.istio.api.api.networking.v1alpha3.Destination;
import io.fabric8.istio.api.api.networking.v1alpha3.HTTPRoute;
import io.fabric8.istio.api.api.networking.v1alpha3.Subset;
import io.fabric8.istio.api.api.networking.v1alpha3.TrafficPolicy;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import io.fabric8.istio.api.networking.v1.ServiceEntry;
import io.fabric8.istio.api.networking.v1.VirtualService;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What Istio is configured to do with calls, by the service that they are to. Immutable. */
public final class ServiceConfiguration {

  /** Nothing is known. */
  static final ServiceConfiguration NONE =
      new ServiceConfiguration("cluster.local", List.of(), List.of(), List.of());

  /** By which Istio and Kiali know a version. */
  private static final List<String> VERSION_LABELS =
      List.of("version", "app.kubernetes.io/version", "service.istio.io/canonical-revision");

  // deps
  private final String domain;
  // state
  private final Map<String, RoutedService> routed = new HashMap<>();
  private final Map<String, ExternalService> external = new HashMap<>();
  private final Map<String, Set<String>> brokenVersions = new HashMap<>();
  private final Set<String> brokenServices = new LinkedHashSet<>();

  /** Reads the objects. */
  ServiceConfiguration(
      String domain,
      List<VirtualService> virtualServices,
      List<DestinationRule> destinationRules,
      List<ServiceEntry> serviceEntries) {
    this.domain = domain;
    virtualServices.stream().filter(each -> each.getSpec() != null).forEach(this::read);
    destinationRules.stream().filter(each -> each.getSpec() != null).forEach(this::read);
    serviceEntries.stream().filter(each -> each.getSpec() != null).forEach(this::read);
  }

  /** Null where no VirtualService routes to it. */
  public RoutedService routed(String namespace, String service) {
    return routed.get(host(namespace, service));
  }

  /** Null where no ServiceEntry makes it. */
  public ExternalService external(String service) {
    return external.get(service);
  }

  /**
   * Whether connections to it are bounded, or endpoints that fail are taken out.
   *
   * @param version the one whose calls these are; empty: any
   */
  public boolean hasCircuitBreaker(String namespace, String service, String version) {
    String host = host(namespace, service);
    Set<String> versions = brokenVersions.getOrDefault(host, Set.of());
    return brokenServices.contains(host)
        || (version.isEmpty() ? !versions.isEmpty() : versions.contains(version));
  }

  /** One that a ServiceEntry makes is called by its host itself. */
  private String host(String namespace, String service) {
    return Hosts.resolve(service, namespace, domain);
  }

  private void read(VirtualService virtualService) {
    List<HTTPRoute> http = list(virtualService.getSpec().getHttp());
    RoutedService traits =
        new RoutedService(
            list(virtualService.getSpec().getHosts()),
            http.stream().anyMatch(route -> route.getFault() != null),
            http.stream()
                .anyMatch(
                    route -> route.getMirror() != null || !list(route.getMirrors()).isEmpty()),
            http.stream().anyMatch(route -> route.getTimeout() != null),
            list(virtualService.getSpec().getTcp()).stream()
                .anyMatch(route -> list(route.getRoute()).size() > 1),
            http.stream().anyMatch(route -> list(route.getRoute()).size() > 1));
    Set<String> hosts = new LinkedHashSet<>();
    destinations(virtualService)
        .filter(Objects::nonNull)
        .forEach(
            destination ->
                hosts.add(
                    host(virtualService.getMetadata().getNamespace(), destination.getHost())));
    hosts.forEach(host -> routed.merge(host, traits, RoutedService::and));
  }

  private static Stream<Destination> destinations(VirtualService virtualService) {
    return Stream.of(
            list(virtualService.getSpec().getHttp()).stream()
                .flatMap(route -> list(route.getRoute()).stream())
                .map(route -> route.getDestination()),
            list(virtualService.getSpec().getTcp()).stream()
                .flatMap(route -> list(route.getRoute()).stream())
                .map(route -> route.getDestination()),
            list(virtualService.getSpec().getTls()).stream()
                .flatMap(route -> list(route.getRoute()).stream())
                .map(route -> route.getDestination()))
        .flatMap(each -> each);
  }

  private void read(DestinationRule rule) {
    String host = host(rule.getMetadata().getNamespace(), rule.getSpec().getHost());
    if (breaks(rule.getSpec().getTrafficPolicy())) {
      brokenServices.add(host);
    }
    for (Subset subset : list(rule.getSpec().getSubsets())) {
      if (breaks(subset.getTrafficPolicy()) && subset.getLabels() != null) {
        VERSION_LABELS.stream()
            .map(subset.getLabels()::get)
            .filter(Objects::nonNull)
            .forEach(
                version ->
                    brokenVersions
                        .computeIfAbsent(host, key -> new LinkedHashSet<>())
                        .add(version));
      }
    }
  }

  private static boolean breaks(TrafficPolicy policy) {
    return policy != null
        && (policy.getConnectionPool() != null || policy.getOutlierDetection() != null);
  }

  private void read(ServiceEntry entry) {
    List<String> hosts = list(entry.getSpec().getHosts());
    String location =
        entry.getSpec().getLocation() == null
            ? "MESH_EXTERNAL"
            : entry.getSpec().getLocation().name();
    for (String host : hosts) {
      external.put(host, new ExternalService(hosts, location, entry.getMetadata().getNamespace()));
    }
  }

  private static <T> List<T> list(List<T> mayBeNull) {
    return mayBeNull == null ? List.of() : mayBeNull;
  }
}
