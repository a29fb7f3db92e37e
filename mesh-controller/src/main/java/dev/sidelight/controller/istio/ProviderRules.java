/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sidelight.controller.istio.IstioProblem.Code;
import java.util.Optional;

/** Whether the logger that a Telemetry names is there, and leads to the controller. */
final class ProviderRules {

  static final String APPLY_ADDON = "kubectl apply -f istio-addon/sidelight.yaml";

  private static final String UPGRADE =
      "istioctl upgrade -f istio-addon/istioctl/sidelight-operator.yaml";

  private ProviderRules() {}

  static Optional<IstioProblem> missing(IstioObjects objects) {
    IstioSettings settings = objects.settings();
    if (settings.accessLogs() != AccessLogMode.TELEMETRY
        || objects.meshConfig() == null
        || !provider(objects).isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(
        new IstioProblem(
            Code.PROVIDER_MISSING,
            "MeshConfig (ConfigMap "
                + settings.rootNamespace()
                + "/"
                + settings.configMap()
                + ") has no extension provider "
                + IstioSettings.PROVIDER
                + " with envoyHttpAls, which the Telemetry names: Istio leaves the logger out. Where"
                + " the mesh was installed by a file of your own, name it before ours.",
            UPGRADE));
  }

  static Optional<IstioProblem> serviceMissing(IstioObjects objects) {
    IstioSettings settings = objects.settings();
    if (settings.accessLogs() == AccessLogMode.OFF || objects.services() == null) {
      return Optional.empty();
    }
    if (!objects.hasService()) {
      return Optional.of(
          new IstioProblem(
              Code.PROVIDER_SERVICE_MISSING,
              "There is no Service "
                  + settings.controllerNamespace()
                  + "/"
                  + settings.controllerService()
                  + " with port "
                  + settings.alsPort()
                  + ", to which the access logs are to go.",
              APPLY_ADDON));
    }
    if (settings.accessLogs() != AccessLogMode.TELEMETRY || objects.meshConfig() == null) {
      return Optional.empty();
    }
    JsonNode als = provider(objects);
    // It may have its namespace and a slash before it.
    String host = als.path("service").asText().replaceFirst("^[^/]*/", "");
    if (als.isMissingNode()
        || (host.equals(settings.controllerHost())
            && als.path("port").asInt() == settings.alsPort())) {
      return Optional.empty();
    }
    return Optional.of(
        new IstioProblem(
            Code.PROVIDER_SERVICE_MISSING,
            "The extension provider "
                + IstioSettings.PROVIDER
                + " of MeshConfig leads to "
                + host
                + ":"
                + als.path("port").asInt()
                + " instead of "
                + settings.controllerHost()
                + ":"
                + settings.alsPort()
                + ".",
            UPGRADE));
  }

  private static JsonNode provider(IstioObjects objects) {
    for (JsonNode provider : objects.meshConfig().path("extensionProviders")) {
      if (provider.path("name").asText().equals(IstioSettings.PROVIDER)) {
        return provider.path("envoyHttpAls");
      }
    }
    return MissingNode.getInstance();
  }
}
