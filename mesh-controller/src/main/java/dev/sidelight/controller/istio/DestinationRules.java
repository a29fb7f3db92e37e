/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.istio.api.api.networking.v1alpha3.ClientTLSSettings;
import io.fabric8.istio.api.api.networking.v1alpha3.TrafficPolicy;
import io.fabric8.istio.api.api.networking.v1alpha3.TrafficPolicyPortTrafficPolicy;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which DestinationRule the proxies of each namespace go by, as Istio looks it up. Immutable. */
final class DestinationRules {

  /** A namespace that has no rules of its own. */
  private static final String ANY = "";

  private record HostRule(String host, DestinationRule rule) {

    String namespace() {
      return rule.getMetadata().getNamespace();
    }

    boolean isVisible(String client) {
      List<String> exportTo = rule.getSpec().getExportTo();
      return exportTo == null
          || exportTo.isEmpty()
          || exportTo.contains("*")
          || exportTo.contains(client)
          || (exportTo.contains(".") && namespace().equals(client));
    }
  }

  // deps
  private final String rootNamespace;
  // state
  private final List<HostRule> oldestFirst;

  DestinationRules(IstioObjects objects) {
    rootNamespace = objects.settings().rootNamespace();
    oldestFirst =
        objects.destinationRules().stream()
            .filter(rule -> rule.getSpec() != null && rule.getSpec().getHost() != null)
            .sorted(IstioObjects.BY_AGE)
            .map(rule -> new HostRule(host(rule, objects.settings()), rule))
            .toList();
  }

  /** The host that a rule is about, in full. */
  static String host(DestinationRule rule, IstioSettings settings) {
    return Hosts.resolve(
        rule.getSpec().getHost(), rule.getMetadata().getNamespace(), settings.domain());
  }

  /** Those by which proxies of some namespace call a Service. */
  Set<DestinationRule> inUse(String host, String hostNamespace) {
    List<HostRule> matching =
        oldestFirst.stream().filter(rule -> Hosts.matches(rule.host(), host)).toList();
    Set<String> clients = new LinkedHashSet<>();
    clients.add(ANY);
    matching.forEach(rule -> clients.add(rule.namespace()));
    Set<DestinationRule> inUse = new LinkedHashSet<>();
    for (String client : clients) {
      ruleOf(client, hostNamespace, matching).map(HostRule::rule).ifPresent(inUse::add);
    }
    return inUse;
  }

  private Optional<HostRule> ruleOf(
      String client, String hostNamespace, Collection<HostRule> matching) {
    Optional<HostRule> own =
        client.equals(ANY) || client.equals(rootNamespace)
            ? Optional.empty()
            : mostSpecific(matching, rule -> rule.namespace().equals(client));
    return own.or(() -> exported(hostNamespace, client, matching))
        .or(() -> exported(rootNamespace, client, matching));
  }

  private static Optional<HostRule> exported(
      String namespace, String client, Collection<HostRule> matching) {
    return mostSpecific(
        matching, rule -> rule.namespace().equals(namespace) && rule.isVisible(client));
  }

  private static Optional<HostRule> mostSpecific(
      Collection<HostRule> matching, Predicate<HostRule> from) {
    return matching.stream()
        .filter(from)
        .max(Comparator.comparingInt(rule -> Hosts.specificity(rule.host())));
  }

  /** What a policy says of TLS to a port of the Service; null where it says nothing. */
  static ClientTLSSettings tls(TrafficPolicy policy, int port) {
    if (policy == null) {
      return null;
    }
    int own = portSettings(policy, port);
    return own < 0 ? policy.getTls() : policy.getPortLevelSettings().get(own).getTls();
  }

  /** Index of the port's own settings, which replace the others; negative where it has none. */
  static int portSettings(TrafficPolicy policy, int port) {
    if (policy != null && policy.getPortLevelSettings() != null) {
      for (int i = 0; i < policy.getPortLevelSettings().size(); i++) {
        TrafficPolicyPortTrafficPolicy settings = policy.getPortLevelSettings().get(i);
        if (settings.getPort() != null && settings.getPort().getNumber() == port) {
          return i;
        }
      }
    }
    return -1;
  }
}
