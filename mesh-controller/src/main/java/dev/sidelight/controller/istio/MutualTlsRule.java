/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import dev.sidelight.controller.istio.IstioProblem.Code;
import io.fabric8.istio.api.api.networking.v1alpha3.ClientTLSSettings;
import io.fabric8.istio.api.api.networking.v1alpha3.ClientTLSSettingsTLSmode;
import io.fabric8.istio.api.api.networking.v1alpha3.TrafficPolicy;
import io.fabric8.istio.api.api.networking.v1alpha3.TrafficPolicyPortTrafficPolicy;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * DestinationRules by which proxies speak TLS to a controller that takes plaintext, `*.local` with
 * ISTIO_MUTUAL above all: every connection fails, and no call does. Looks up the rule of each
 * namespace as Istio does.
 */
final class MutualTlsRule {

  /** A namespace that has no rules of its own. */
  private static final String ANY = "";

  // deps
  private final IstioObjects objects;
  private final IstioSettings settings;

  private MutualTlsRule(IstioObjects objects) {
    this.objects = objects;
    this.settings = objects.settings();
  }

  static Optional<IstioProblem> find(IstioObjects objects) {
    if (objects.settings().alsTls() || objects.controllerHasSidecar() || !objects.hasService()) {
      return Optional.empty();
    }
    return new MutualTlsRule(objects).find();
  }

  private Optional<IstioProblem> find() {
    Set<String> namespaces = new LinkedHashSet<>();
    namespaces.add(ANY);
    objects.destinationRules().forEach(rule -> namespaces.add(rule.getMetadata().getNamespace()));
    Set<DestinationRule> harmful = new LinkedHashSet<>();
    for (String namespace : namespaces) {
      ruleOf(namespace).filter(this::speaksTls).ifPresent(harmful::add);
    }
    if (harmful.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IstioProblem(
            Code.DESTINATION_RULE_MUTUAL,
            "By DestinationRule "
                + IstioProblem.list(harmful.stream().map(IstioObjects::name).toList())
                + " proxies speak TLS to "
                + settings.controllerHost()
                + ", which takes plaintext and has no sidecar: none of their access logs arrive.",
            IstioProblem.commands(harmful.stream().map(this::command).toList())));
  }

  /** The one that a proxy of this namespace goes by. */
  private Optional<DestinationRule> ruleOf(String client) {
    Optional<DestinationRule> own =
        client.equals(ANY) || client.equals(settings.rootNamespace())
            ? Optional.empty()
            : mostSpecific(rule -> namespace(rule).equals(client));
    return own.or(() -> exported(settings.controllerNamespace(), client))
        .or(() -> exported(settings.rootNamespace(), client));
  }

  private Optional<DestinationRule> exported(String namespace, String client) {
    return mostSpecific(rule -> namespace(rule).equals(namespace) && isVisible(rule, client));
  }

  private static boolean isVisible(DestinationRule rule, String client) {
    List<String> exportTo = rule.getSpec().getExportTo();
    return exportTo == null
        || exportTo.isEmpty()
        || exportTo.contains("*")
        || exportTo.contains(client)
        || (exportTo.contains(".") && namespace(rule).equals(client));
  }

  private Optional<DestinationRule> mostSpecific(Predicate<DestinationRule> from) {
    return objects.destinationRules().stream()
        .filter(from)
        .filter(rule -> Hosts.matches(host(rule), settings.controllerHost()))
        .sorted(IstioObjects.BY_AGE)
        .max(Comparator.comparingInt(rule -> Hosts.specificity(host(rule))));
  }

  private static String namespace(DestinationRule rule) {
    return rule.getMetadata().getNamespace();
  }

  private String host(DestinationRule rule) {
    return Hosts.resolve(rule.getSpec().getHost(), namespace(rule), settings.domain());
  }

  private boolean speaksTls(DestinationRule rule) {
    int port = portSettings(rule);
    TrafficPolicy policy = rule.getSpec().getTrafficPolicy();
    ClientTLSSettings tls =
        policy == null
            ? null
            : port < 0 ? policy.getTls() : policy.getPortLevelSettings().get(port).getTls();
    return tls != null
        && tls.getMode() != null
        && tls.getMode() != ClientTLSSettingsTLSmode.DISABLE;
  }

  /** Index of the port's own settings, which replace the others; negative where it has none. */
  private int portSettings(DestinationRule rule) {
    TrafficPolicy policy = rule.getSpec().getTrafficPolicy();
    if (policy != null && policy.getPortLevelSettings() != null) {
      for (int i = 0; i < policy.getPortLevelSettings().size(); i++) {
        TrafficPolicyPortTrafficPolicy port = policy.getPortLevelSettings().get(i);
        if (port.getPort() != null && port.getPort().getNumber() == settings.alsPort()) {
          return i;
        }
      }
    }
    return -1;
  }

  private String command(DestinationRule rule) {
    if (!host(rule).equals(settings.controllerHost())) {
      return "echo '{\"apiVersion\":\"networking.istio.io/v1\",\"kind\":\"DestinationRule\","
          + "\"metadata\":{\"name\":\"sidelight-controller\",\"namespace\":\""
          + namespace(rule)
          + "\"},\"spec\":{\"host\":\""
          + settings.controllerHost()
          + "\",\"trafficPolicy\":{\"tls\":{\"mode\":\"DISABLE\"}}}}' | kubectl apply -f -";
    }
    int port = portSettings(rule);
    return "kubectl -n "
        + namespace(rule)
        + " patch destinationrule "
        + rule.getMetadata().getName()
        + " --type json -p '[{\"op\":\"add\",\"path\":\"/spec/trafficPolicy/"
        + (port < 0 ? "" : "portLevelSettings/" + port + "/")
        + "tls\",\"value\":{\"mode\":\"DISABLE\"}}]'";
  }
}
