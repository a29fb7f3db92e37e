/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.istio.api.api.security.v1beta1.PeerAuthenticationMutualTLS;
import io.fabric8.istio.api.api.security.v1beta1.PeerAuthenticationMutualTLSMode;
import io.fabric8.istio.api.security.v1.PeerAuthentication;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Which mutual TLS a workload's port takes, as Istio composes it. Immutable. */
final class PeerAuthentications {

  /**
   * What holds for a port.
   *
   * @param mode never UNSET
   * @param by NAMESPACE/NAME of the PeerAuthentication that says so; empty: Istio's default
   */
  record InEffect(PeerAuthenticationMutualTLSMode mode, String by) {

    private InEffect and(PeerAuthentication policy, PeerAuthenticationMutualTLS mtls) {
      return isUnset(mtls) ? this : new InEffect(mtls.getMode(), IstioObjects.name(policy));
    }
  }

  private static final InEffect DEFAULT =
      new InEffect(PeerAuthenticationMutualTLSMode.PERMISSIVE, "");

  // deps
  private final String rootNamespace;
  // state
  private final List<PeerAuthentication> oldestFirst;

  PeerAuthentications(IstioObjects objects) {
    rootNamespace = objects.settings().rootNamespace();
    oldestFirst =
        objects.peerAuthentications().stream()
            .filter(policy -> policy.getSpec() != null)
            .sorted(IstioObjects.BY_AGE)
            .toList();
  }

  /**
   * The mesh's, the namespace's and the workload's, of each the oldest; the later ones win where
   * they say something. Only a workload's speaks of ports, and none in the root namespace does.
   *
   * @param labels the pod's
   * @param port the pod's, not the Service's
   */
  InEffect of(String namespace, Map<String, String> labels, int port) {
    InEffect inEffect = DEFAULT;
    Optional<PeerAuthentication> mesh = oldest(rootNamespace, Map::isEmpty);
    if (mesh.isPresent()) {
      inEffect = inEffect.and(mesh.get(), mesh.get().getSpec().getMtls());
    }
    if (namespace.equals(rootNamespace)) {
      return inEffect;
    }
    Optional<PeerAuthentication> own = oldest(namespace, Map::isEmpty);
    if (own.isPresent()) {
      inEffect = inEffect.and(own.get(), own.get().getSpec().getMtls());
    }
    Optional<PeerAuthentication> workload =
        oldest(
            namespace,
            selector -> !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet()));
    if (workload.isPresent()) {
      inEffect = inEffect.and(workload.get(), workload.get().getSpec().getMtls());
      inEffect =
          inEffect.and(
              workload.get(),
              Objects.requireNonNullElse(
                      workload.get().getSpec().getPortLevelMtls(),
                      Map.<String, PeerAuthenticationMutualTLS>of())
                  .get(String.valueOf(port)));
    }
    return inEffect;
  }

  private Optional<PeerAuthentication> oldest(
      String namespace, Predicate<Map<String, String>> selector) {
    return oldestFirst.stream()
        .filter(policy -> policy.getMetadata().getNamespace().equals(namespace))
        .filter(policy -> selector.test(selector(policy)))
        .findFirst();
  }

  private static Map<String, String> selector(PeerAuthentication policy) {
    return policy.getSpec().getSelector() == null
        ? Map.of()
        : Objects.requireNonNullElse(policy.getSpec().getSelector().getMatchLabels(), Map.of());
  }

  private static boolean isUnset(PeerAuthenticationMutualTLS mtls) {
    return mtls == null
        || mtls.getMode() == null
        || mtls.getMode() == PeerAuthenticationMutualTLSMode.UNSET;
  }
}
