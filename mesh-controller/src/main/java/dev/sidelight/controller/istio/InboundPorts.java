/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.istio.api.api.networking.v1alpha3.IstioIngressListener;
import io.fabric8.istio.api.networking.v1.Sidecar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a workload's own proxy takes for HTTP, and where it ends TLS itself, as Istio sets it up.
 */
final class InboundPorts {

  private static final Set<String> HTTP = Set.of("http", "http2", "http_proxy", "grpc", "grpc-web");

  /** Of Kubernetes' names those without TLS. */
  private static final Set<String> HTTP_BY_KUBERNETES =
      Set.of("kubernetes.io/h2c", "kubernetes.io/ws");

  /**
   * A port of a workload.
   *
   * @param http whether it is declared to be HTTP, so that the proxy takes nothing else for it
   * @param endsTls whether a Sidecar has TLS end here; where mutual TLS is disabled alone
   */
  record InboundPort(boolean http, boolean endsTls) {}

  // deps
  private final String rootNamespace;
  // state
  private final List<Sidecar> oldestFirst;

  InboundPorts(IstioObjects objects) {
    rootNamespace = objects.settings().rootNamespace();
    oldestFirst =
        objects.sidecars().stream()
            .filter(sidecar -> sidecar.getSpec() != null)
            .sorted(IstioObjects.BY_AGE)
            .toList();
  }

  /**
   * How the proxy of a pod takes a port.
   *
   * @param labels the pod's
   * @param number the pod's
   * @param declared the Service's
   */
  InboundPort of(
      String namespace, Map<String, String> labels, int number, MeshServices.Port declared) {
    List<IstioIngressListener> ingress =
        sidecarOf(namespace, labels)
            .map(sidecar -> sidecar.getSpec().getIngress())
            .orElse(List.of());
    if (ingress == null || ingress.isEmpty()) {
      return new InboundPort(isHttp(declared), false);
    }
    // What a Sidecar does not name is nothing declared, whatever the Service says.
    return ingress.stream()
        .filter(listener -> listener.getPort() != null && listener.getPort().getNumber() != null)
        .filter(listener -> listener.getPort().getNumber() == number)
        .findFirst()
        .map(InboundPorts::of)
        .orElse(new InboundPort(false, false));
  }

  private static InboundPort of(IstioIngressListener listener) {
    String protocol =
        Objects.requireNonNullElse(listener.getPort().getProtocol(), "").toLowerCase(Locale.ROOT);
    boolean endsTls = listener.getTls() != null;
    return new InboundPort(
        HTTP.contains(protocol) || (endsTls && protocol.equals("https")), endsTls);
  }

  /** One that selects the pod, else the namespace's, else the mesh's. */
  private Optional<Sidecar> sidecarOf(String namespace, Map<String, String> labels) {
    return oldestFirst.stream()
        .filter(sidecar -> isIn(sidecar, namespace))
        .filter(sidecar -> !selector(sidecar).isEmpty())
        .filter(sidecar -> labels.entrySet().containsAll(selector(sidecar).entrySet()))
        .findFirst()
        .or(() -> ofNamespace(namespace))
        .or(() -> ofNamespace(rootNamespace));
  }

  private Optional<Sidecar> ofNamespace(String namespace) {
    return oldestFirst.stream()
        .filter(sidecar -> isIn(sidecar, namespace) && selector(sidecar).isEmpty())
        .findFirst();
  }

  private static boolean isIn(Sidecar sidecar, String namespace) {
    return sidecar.getMetadata().getNamespace().equals(namespace);
  }

  private static Map<String, String> selector(Sidecar sidecar) {
    return sidecar.getSpec().getWorkloadSelector() == null
        ? Map.of()
        : Objects.requireNonNullElse(sidecar.getSpec().getWorkloadSelector().getLabels(), Map.of());
  }

  /** By appProtocol, else by the name before its first hyphen. */
  private static boolean isHttp(MeshServices.Port port) {
    String told =
        (port.appProtocol().isEmpty() ? port.name() : port.appProtocol()).toLowerCase(Locale.ROOT);
    return HTTP_BY_KUBERNETES.contains(told) || HTTP.contains(told.split("-", 2)[0]);
  }
}
