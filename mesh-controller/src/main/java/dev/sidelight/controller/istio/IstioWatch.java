/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import io.fabric8.istio.api.networking.v1.ServiceEntry;
import io.fabric8.istio.api.networking.v1.Sidecar;
import io.fabric8.istio.api.networking.v1.VirtualService;
import io.fabric8.istio.api.security.v1.PeerAuthentication;
import io.fabric8.istio.api.telemetry.v1.Telemetry;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Watches Istio's objects, and whatever else may keep access logs from the controller. One thread.
 */
final class IstioWatch implements AutoCloseable {

  private static final String MESH_CONFIG = "mesh";

  // deps
  private final KubernetesClient client;
  private final IstioSettings settings;
  private final Watched<Telemetry> telemetries;
  private final Watched<DestinationRule> destinationRules;
  private final MeshServices mesh;
  private final Watched<Sidecar> sidecars;
  private final Watched<PeerAuthentication> peerAuthentications;
  private final Watched<VirtualService> virtualServices;
  private final Watched<ServiceEntry> serviceEntries;
  private final Watched<ConfigMap> meshConfig;
  private final Watched<Service> service;
  private final Watched<Pod> podsWithSidecar;

  /** Begins to watch; each change is told to {@code changed}. */
  IstioWatch(KubernetesClient client, IstioSettings settings, MeshServices mesh, Runnable changed) {
    this.client = client;
    this.settings = settings;
    this.mesh = mesh;
    telemetries = new Watched<>(client.resources(Telemetry.class).inAnyNamespace(), changed);
    destinationRules =
        new Watched<>(client.resources(DestinationRule.class).inAnyNamespace(), changed);
    sidecars = new Watched<>(client.resources(Sidecar.class).inAnyNamespace(), changed);
    peerAuthentications =
        new Watched<>(client.resources(PeerAuthentication.class).inAnyNamespace(), changed);
    virtualServices =
        new Watched<>(client.resources(VirtualService.class).inAnyNamespace(), changed);
    serviceEntries = new Watched<>(client.resources(ServiceEntry.class).inAnyNamespace(), changed);
    meshConfig =
        new Watched<>(
            client
                .configMaps()
                .inNamespace(settings.rootNamespace())
                .withField("metadata.name", settings.configMap()),
            changed);
    service =
        new Watched<>(
            client
                .services()
                .inNamespace(settings.controllerNamespace())
                .withField("metadata.name", settings.controllerService()),
            changed);
    podsWithSidecar =
        new Watched<>(
            client
                .pods()
                .inNamespace(settings.controllerNamespace())
                .withLabels(
                    Map.of(
                        "app.kubernetes.io/name",
                        IstioSettings.CONTROLLER,
                        // Injected pods have it, and by it Istio itself knows who takes mutual TLS.
                        "security.istio.io/tlsMode",
                        "istio")),
            changed);
  }

  /** What there is now. */
  IstioObjects now(String failure) {
    return new IstioObjects(
        settings,
        telemetries.all(),
        destinationRules.all(),
        sidecars.all(),
        peerAuthentications.isKnown() && destinationRules.isKnown() && sidecars.isKnown()
            ? peerAuthentications.all()
            : null,
        meshConfig.isKnown() ? meshConfig() : null,
        service.isKnown() ? service.all() : null,
        mesh,
        !podsWithSidecar.all().isEmpty(),
        failure,
        complaints());
  }

  private List<String> complaints() {
    return Stream.of(
            telemetries,
            destinationRules,
            sidecars,
            peerAuthentications,
            virtualServices,
            serviceEntries,
            meshConfig,
            service,
            podsWithSidecar)
        .map(Watched::complaint)
        .filter(complaint -> !complaint.isEmpty())
        .toList();
  }

  /** What is done with calls of each service now. */
  ServiceConfiguration services() {
    return new ServiceConfiguration(
        settings.domain(), virtualServices.all(), destinationRules.all(), serviceEntries.all());
  }

  private JsonNode meshConfig() {
    List<ConfigMap> maps = meshConfig.all();
    if (maps.isEmpty() || !maps.get(0).getData().containsKey(MESH_CONFIG)) {
      return MissingNode.getInstance();
    }
    return client
        .getKubernetesSerialization()
        .unmarshal(maps.get(0).getData().get(MESH_CONFIG), JsonNode.class);
  }

  @Override
  public void close() {
    telemetries.close();
    destinationRules.close();
    sidecars.close();
    peerAuthentications.close();
    virtualServices.close();
    serviceEntries.close();
    meshConfig.close();
    service.close();
    podsWithSidecar.close();
  }
}
