/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.graph.GraphBadges;
import dev.sidelight.controller.graph.ServiceBadges;
import dev.sidelight.controller.graph.ServiceBadges.ServiceEntryBadge;
import dev.sidelight.controller.istio.ExternalService;
import dev.sidelight.controller.istio.IstioConfiguration;
import dev.sidelight.controller.istio.IstioEvents;
import dev.sidelight.controller.istio.IstioProblem;
import dev.sidelight.controller.istio.IstioSettings;
import dev.sidelight.controller.istio.MeshServices;
import dev.sidelight.controller.istio.RoutedService;
import dev.sidelight.controller.kubernetes.Cluster;
import dev.sidelight.controller.metrics.IstioConfigurationMetrics;
import dev.sidelight.controller.status.Problem;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.client.CollectorRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Istio's configuration, for the status, /metrics and the graph. Any thread. */
final class IstioRecords implements IstioEvents, MeshServices, GraphBadges, AutoCloseable {

  // deps
  private final Cluster cluster;
  private final IstioConfiguration configuration;
  private final IstioConfigurationMetrics metrics;

  /** Does nothing yet; the client and the cluster stay the caller's. */
  IstioRecords(
      KubernetesClient client,
      Cluster cluster,
      IstioSettings settings,
      CollectorRegistry registry) {
    this.cluster = cluster;
    configuration = new IstioConfiguration(client, settings, this, this);
    metrics =
        new IstioConfigurationMetrics(
            registry,
            Arrays.stream(IstioProblem.Code.values()).map(IstioProblem.Code::key).toList(),
            this::codes);
  }

  void start() {
    configuration.start();
  }

  private Set<String> codes() {
    return configuration.problems().stream()
        .map(problem -> problem.code().key())
        .collect(Collectors.toSet());
  }

  /** For the status. */
  List<Problem> problems() {
    return configuration.problems().stream()
        .map(
            problem ->
                new Problem(
                    problem.code().key(),
                    problem.message(),
                    problem.command(),
                    true,
                    problem.code().isInformation()))
        .toList();
  }

  @Override
  public List<MeshService> all() {
    return cluster.services().stream()
        .filter(service -> cluster.observes(service.namespace()))
        .map(
            service ->
                new MeshService(
                    service.namespace(),
                    service.name(),
                    service.ports().stream()
                        .map(port -> new Port(port.name(), port.number(), port.appProtocol()))
                        .toList()))
        .toList();
  }

  @Override
  public List<Endpoint> endpoints(MeshService service) {
    return cluster.service(service.namespace(), service.name()).stream()
        .flatMap(known -> cluster.endpointsOf(known).stream())
        .map(endpoint -> new Endpoint(endpoint.pod().labels(), endpoint.ports()))
        .toList();
  }

  @Override
  public ServiceBadges of(String namespace, String service) {
    RoutedService routed = configuration.services().routed(namespace, service);
    ExternalService external = configuration.services().external(service);
    ServiceEntryBadge entry =
        external == null
            ? null
            : new ServiceEntryBadge(external.hosts(), external.location(), external.namespace());
    return routed == null
        ? new ServiceBadges(null, false, false, false, false, false, false, entry)
        : new ServiceBadges(
            routed.hostnames(),
            routed.faultInjection(),
            routed.mirroring(),
            true,
            routed.requestTimeout(),
            routed.tcpTrafficShifting(),
            routed.trafficShifting(),
            entry);
  }

  @Override
  public boolean hasCircuitBreaker(String namespace, String service, String version) {
    return configuration.services().hasCircuitBreaker(namespace, service, version);
  }

  @Override
  public void written(String kind, Outcome outcome) {
    metrics.written(kind, outcome.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void close() {
    configuration.close();
  }
}
