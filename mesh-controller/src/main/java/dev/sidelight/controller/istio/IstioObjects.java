/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import io.fabric8.istio.api.networking.v1.Sidecar;
import io.fabric8.istio.api.security.v1.PeerAuthentication;
import io.fabric8.istio.api.telemetry.v1.Telemetry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Comparator;
import java.util.List;

/**
 * What bears on access logs, as it was at one time. Lists are empty, and the others null, where the
 * API server has not told yet.
 *
 * @param settings what is wanted
 * @param telemetries all
 * @param destinationRules all
 * @param sidecars all
 * @param peerAuthentications all; told once the rules and Sidecars that they are held against are
 * @param meshConfig MeshConfig; a missing node where there is none
 * @param services the controller's, if it is there
 * @param mesh the observed Services
 * @param controllerHasSidecar whether a proxy of Istio's stands before the controller
 * @param failure what the API server last refused; empty where nothing
 * @param complaints why some of this cannot be watched now
 */
record IstioObjects(
    IstioSettings settings,
    List<Telemetry> telemetries,
    List<DestinationRule> destinationRules,
    List<Sidecar> sidecars,
    List<PeerAuthentication> peerAuthentications,
    JsonNode meshConfig,
    List<Service> services,
    MeshServices mesh,
    boolean controllerHasSidecar,
    String failure,
    List<String> complaints) {

  /** Istio takes the oldest first. */
  static final Comparator<HasMetadata> BY_AGE =
      Comparator.comparing((HasMetadata object) -> object.getMetadata().getCreationTimestamp())
          .thenComparing(object -> object.getMetadata().getName())
          .thenComparing(object -> object.getMetadata().getNamespace());

  /** Whether the controller's Service is there and has the port. */
  boolean hasService() {
    return services != null
        && services.stream()
            .flatMap(service -> service.getSpec().getPorts().stream())
            .anyMatch(port -> port.getPort() == settings.alsPort());
  }

  /** As kubectl names it. */
  static String name(HasMetadata object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }
}
