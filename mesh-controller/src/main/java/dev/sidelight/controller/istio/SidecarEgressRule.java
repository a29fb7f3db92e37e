/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import dev.sidelight.controller.istio.IstioProblem.Code;
import io.fabric8.istio.api.api.networking.v1alpha3.IstioEgressListener;
import io.fabric8.istio.api.networking.v1.Sidecar;
import java.util.List;
import java.util.Optional;

/**
 * Sidecars that leave the controller out of what their proxies may call: these know no cluster of
 * that name, and throw each entry away.
 */
final class SidecarEgressRule {

  private SidecarEgressRule() {}

  static Optional<IstioProblem> find(IstioObjects objects) {
    IstioSettings settings = objects.settings();
    if (!objects.hasService()) {
      return Optional.empty();
    }
    List<Sidecar> harmful =
        objects.sidecars().stream().filter(sidecar -> !reaches(sidecar, settings)).toList();
    if (harmful.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IstioProblem(
            Code.SIDECAR_EGRESS,
            "The egress of Sidecar "
                + IstioProblem.list(harmful.stream().map(IstioObjects::name).toList())
                + " leaves "
                + settings.controllerHost()
                + " out: none of the access logs of the proxies that it holds for arrive.",
            IstioProblem.commands(
                harmful.stream().map(sidecar -> command(sidecar, settings)).toList())));
  }

  private static boolean reaches(Sidecar sidecar, IstioSettings settings) {
    List<IstioEgressListener> egress =
        sidecar.getSpec() == null ? null : sidecar.getSpec().getEgress();
    return egress == null
        || egress.isEmpty()
        || egress.stream()
            .filter(listener -> listener.getHosts() != null)
            .flatMap(listener -> listener.getHosts().stream())
            .anyMatch(host -> isController(host, sidecar.getMetadata().getNamespace(), settings));
  }

  /** A host is NAMESPACE/NAME, either with a wildcard, or a dot for the Sidecar's namespace. */
  private static boolean isController(String host, String namespace, IstioSettings settings) {
    String[] parts = host.split("/", 2);
    if (parts.length < 2) {
      return false;
    }
    String meant = parts[0].equals(".") ? namespace : parts[0];
    return (meant.equals("*") || meant.equals(settings.controllerNamespace()))
        && Hosts.matches(parts[1], settings.controllerHost());
  }

  private static String command(Sidecar sidecar, IstioSettings settings) {
    String host = "\"" + settings.controllerNamespace() + "/" + settings.controllerHost() + "\"";
    int listener = forAnyPort(sidecar.getSpec().getEgress());
    return "kubectl -n "
        + sidecar.getMetadata().getNamespace()
        + " patch sidecar "
        + sidecar.getMetadata().getName()
        + " --type json -p '[{\"op\":\"add\",\"path\":\"/spec/egress/"
        + (listener < 0
            ? "-\",\"value\":{\"hosts\":[" + host + "]}"
            : listener + "/hosts/-\",\"value\":" + host)
        + "}]'";
  }

  /** Index of the listener that has no port; negative where each has one. */
  private static int forAnyPort(List<IstioEgressListener> egress) {
    for (int i = 0; i < egress.size(); i++) {
      if (egress.get(i).getPort() == null) {
        return i;
      }
    }
    return -1;
  }
}
