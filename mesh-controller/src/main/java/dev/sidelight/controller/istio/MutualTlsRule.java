/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import dev.sidelight.controller.istio.IstioProblem.Code;
import io.fabric8.istio.api.api.networking.v1alpha3.ClientTLSSettings;
import io.fabric8.istio.api.api.networking.v1alpha3.ClientTLSSettingsTLSmode;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import java.util.List;
import java.util.Optional;

/**
 * DestinationRules by which proxies speak TLS to a controller that takes plaintext, `*.local` with
 * ISTIO_MUTUAL above all: every connection fails, and no call does.
 */
final class MutualTlsRule {

  private MutualTlsRule() {}

  static Optional<IstioProblem> find(IstioObjects objects) {
    IstioSettings settings = objects.settings();
    if (settings.alsTls() || objects.controllerHasSidecar() || !objects.hasService()) {
      return Optional.empty();
    }
    List<DestinationRule> harmful =
        new DestinationRules(objects)
            .inUse(settings.controllerHost(), settings.controllerNamespace()).stream()
                .filter(rule -> speaksTls(rule, settings))
                .toList();
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
            IstioProblem.commands(harmful.stream().map(rule -> command(rule, settings)).toList())));
  }

  private static boolean speaksTls(DestinationRule rule, IstioSettings settings) {
    ClientTLSSettings tls =
        DestinationRules.tls(rule.getSpec().getTrafficPolicy(), settings.alsPort());
    return tls != null
        && tls.getMode() != null
        && tls.getMode() != ClientTLSSettingsTLSmode.DISABLE;
  }

  private static String command(DestinationRule rule, IstioSettings settings) {
    String namespace = rule.getMetadata().getNamespace();
    if (!DestinationRules.host(rule, settings).equals(settings.controllerHost())) {
      return "echo '{\"apiVersion\":\"networking.istio.io/v1\",\"kind\":\"DestinationRule\","
          + "\"metadata\":{\"name\":\"sidelight-controller\",\"namespace\":\""
          + namespace
          + "\"},\"spec\":{\"host\":\""
          + settings.controllerHost()
          + "\",\"trafficPolicy\":{\"tls\":{\"mode\":\"DISABLE\"}}}}' | kubectl apply -f -";
    }
    int port = DestinationRules.portSettings(rule.getSpec().getTrafficPolicy(), settings.alsPort());
    return "kubectl -n "
        + namespace
        + " patch destinationrule "
        + rule.getMetadata().getName()
        + " --type json -p '[{\"op\":\"add\",\"path\":\"/spec/trafficPolicy/"
        + (port < 0 ? "" : "portLevelSettings/" + port + "/")
        + "tls\",\"value\":{\"mode\":\"DISABLE\"}}]'";
  }
}
