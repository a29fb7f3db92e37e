/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import dev.sidelight.controller.istio.InboundPorts.InboundPort;
import dev.sidelight.controller.istio.IstioProblem.Code;
import dev.sidelight.controller.istio.MeshServices.Endpoint;
import dev.sidelight.controller.istio.MeshServices.MeshService;
import dev.sidelight.controller.istio.MeshServices.Port;
import dev.sidelight.controller.istio.PeerAuthentications.InEffect;
import io.fabric8.istio.api.api.networking.v1alpha3.ClientTLSSettings;
import io.fabric8.istio.api.api.networking.v1alpha3.ClientTLSSettingsTLSmode;
import io.fabric8.istio.api.api.networking.v1alpha3.Subset;
import io.fabric8.istio.api.api.security.v1beta1.PeerAuthenticationMutualTLSMode;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the TLS that a DestinationRule has callers speak is what a workload's port takes: its
 * proxy by PeerAuthentication or Sidecar, or else the app itself, through a proxy that then sees
 * bytes alone. Of pods without a proxy nothing is told.
 */
final class WorkloadTlsRules {

  /** By which Istio itself knows the pods that take its mutual TLS. */
  private static final Map.Entry<String, String> HAS_SIDECAR =
      Map.entry("security.istio.io/tlsMode", "istio");

  /**
   * What callers speak, and what a port takes.
   *
   * @param service NAMESPACE/NAME:PORT
   * @param rule NAMESPACE/NAME of the DestinationRule
   * @param spoken its mode
   * @param taken PeerAuthentication's mode
   * @param takenBy NAMESPACE/NAME of the PeerAuthentication; empty: Istio's default
   */
  private record Meeting(
      String service,
      String rule,
      ClientTLSSettingsTLSmode spoken,
      PeerAuthenticationMutualTLSMode taken,
      String takenBy) {

    String words() {
      return service
          + " (DestinationRule "
          + rule
          + ": "
          + spoken
          + ", "
          + (takenBy.isEmpty() ? "no PeerAuthentication" : "PeerAuthentication " + takenBy)
          + ": "
          + taken
          + ")";
    }

    Stream<String> commands() {
      return takenBy.isEmpty()
          ? Stream.of(show("destinationrule", rule))
          : Stream.of(show("destinationrule", rule), show("peerauthentication", takenBy));
    }

    private static String show(String kind, String name) {
      String[] parts = name.split("/", 2);
      return "kubectl -n " + parts[0] + " get " + kind + " " + parts[1] + " -o yaml";
    }
  }

  // deps
  private final IstioObjects objects;
  private final DestinationRules rules;
  private final PeerAuthentications peers;
  private final InboundPorts inbound;
  // state
  private final Set<Meeting> servedByApps = new LinkedHashSet<>();
  private final Set<Meeting> conflicts = new LinkedHashSet<>();

  private WorkloadTlsRules(IstioObjects objects) {
    this.objects = objects;
    rules = new DestinationRules(objects);
    peers = new PeerAuthentications(objects);
    inbound = new InboundPorts(objects);
  }

  /** A problem and an information. */
  static List<IstioProblem> find(IstioObjects objects) {
    if (objects.peerAuthentications() == null) {
      return List.of();
    }
    WorkloadTlsRules rules = new WorkloadTlsRules(objects);
    objects.mesh().all().stream()
        .sorted(Comparator.comparing(MeshService::namespace).thenComparing(MeshService::name))
        .forEach(rules::look);
    return Stream.of(rules.conflict(), rules.appTls()).flatMap(Optional::stream).toList();
  }

  private void look(MeshService service) {
    String host =
        service.name() + "." + service.namespace() + ".svc." + objects.settings().domain();
    List<DestinationRule> telling =
        rules.inUse(host, service.namespace()).stream()
            .filter(rule -> service.ports().stream().anyMatch(port -> !tls(rule, port).isEmpty()))
            .toList();
    if (telling.isEmpty()) {
      return;
    }
    for (Endpoint endpoint : objects.mesh().endpoints(service)) {
      if (endpoint.labels().entrySet().contains(HAS_SIDECAR)) {
        telling.forEach(rule -> look(service, endpoint, rule));
      }
    }
  }

  private void look(MeshService service, Endpoint endpoint, DestinationRule rule) {
    for (Port port : service.ports()) {
      Integer target = endpoint.ports().get(port.name());
      if (target == null) {
        continue;
      }
      InEffect taken = peers.of(service.namespace(), endpoint.labels(), target);
      InboundPort how = inbound.of(service.namespace(), endpoint.labels(), target, port);
      for (ClientTLSSettingsTLSmode spoken : spokenTo(endpoint, tls(rule, port))) {
        meet(
            new Meeting(
                service.namespace() + "/" + service.name() + ":" + port.number(),
                IstioObjects.name(rule),
                spoken,
                taken.mode(),
                taken.by()),
            how);
      }
    }
  }

  /** Where a subset is told of apart, whoever calls its pods is taken to call the subset. */
  private static List<ClientTLSSettingsTLSmode> spokenTo(Endpoint endpoint, List<Spoken> told) {
    Map<Boolean, List<ClientTLSSettingsTLSmode>> bySubset =
        told.stream()
            .filter(spoken -> endpoint.labels().entrySet().containsAll(spoken.to().entrySet()))
            .collect(
                Collectors.partitioningBy(
                    spoken -> !spoken.to().isEmpty(),
                    Collectors.mapping(Spoken::mode, Collectors.toList())));
    return bySubset.get(true).isEmpty() ? bySubset.get(false) : bySubset.get(true);
  }

  private void meet(Meeting meeting, InboundPort how) {
    boolean isStrict = meeting.taken() == PeerAuthenticationMutualTLSMode.STRICT;
    boolean isDisabled = meeting.taken() == PeerAuthenticationMutualTLSMode.DISABLE;
    switch (meeting.spoken()) {
      case DISABLE -> {
        if (isStrict) {
          conflicts.add(meeting);
        }
      }
      case ISTIO_MUTUAL -> {
        if (isDisabled) {
          conflicts.add(meeting);
        }
      }
      case SIMPLE, MUTUAL -> {
        if (isStrict) {
          // With a certificate, that may be the mesh's own.
          if (meeting.spoken() == ClientTLSSettingsTLSmode.SIMPLE) {
            conflicts.add(meeting);
          }
        } else if (!(isDisabled && how.endsTls())) {
          // A proxy that was told to expect HTTP passes no TLS on.
          (how.http() ? conflicts : servedByApps).add(meeting);
        }
      }
    }
  }

  /** A mode, and the labels of the pods that are called so; none: all. */
  private record Spoken(ClientTLSSettingsTLSmode mode, Map<String, String> to) {}

  /** What a rule says of TLS to a port, in general and by subsets. */
  private static List<Spoken> tls(DestinationRule rule, Port port) {
    List<Spoken> all = new ArrayList<>();
    add(
        all,
        rule,
        DestinationRules.tls(rule.getSpec().getTrafficPolicy(), port.number()),
        Map.of());
    if (rule.getSpec().getSubsets() != null) {
      for (Subset subset : rule.getSpec().getSubsets()) {
        if (subset.getLabels() != null) {
          add(
              all,
              rule,
              DestinationRules.tls(subset.getTrafficPolicy(), port.number()),
              subset.getLabels());
        }
      }
    }
    return all;
  }

  private static void add(
      List<Spoken> all, DestinationRule rule, ClientTLSSettings tls, Map<String, String> to) {
    // Sidecars leave a rule's TLS with a certificate from a Secret to gateways.
    boolean isForGateways =
        tls != null
            && tls.getCredentialName() != null
            && !tls.getCredentialName().isEmpty()
            && rule.getSpec().getWorkloadSelector() == null;
    if (tls != null && tls.getMode() != null && !isForGateways) {
      all.add(new Spoken(tls.getMode(), to));
    }
  }

  private Optional<IstioProblem> conflict() {
    return problem(
        Code.MTLS_CONFLICT,
        conflicts,
        "Callers' proxies speak otherwise than these ports take, so their calls fail before they"
            + " are there, and the destination's side tells of none: ",
        "");
  }

  private Optional<IstioProblem> appTls() {
    return problem(
        Code.APP_TLS,
        servedByApps,
        "These apps serve TLS themselves: ",
        ". Their sidecars pass bytes on and log connections alone, so calls are seen at the source's"
            + " side alone, and by sidecars at neither where the port is declared https, tls or tcp.");
  }

  private static Optional<IstioProblem> problem(
      Code code, Collection<Meeting> meetings, String before, String after) {
    if (meetings.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IstioProblem(
            code,
            before + IstioProblem.list(meetings.stream().map(Meeting::words).toList()) + after,
            IstioProblem.commands(
                meetings.stream().limit(IstioProblem.MOST).flatMap(Meeting::commands).toList())));
  }
}
