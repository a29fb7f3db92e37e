/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import dev.sidelight.controller.istio.IstioProblem.Code;
import io.fabric8.istio.api.api.telemetry.v1alpha1.AccessLogging;
import io.fabric8.istio.api.api.telemetry.v1alpha1.ProviderRef;
import io.fabric8.istio.api.telemetry.v1.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which Telemetry Istio takes, where it takes one. */
final class TelemetryRules {

  private TelemetryRules() {}

  static Optional<IstioProblem> mode(IstioObjects objects) {
    IstioSettings settings = objects.settings();
    if (settings.accessLogs() != AccessLogMode.TELEMETRY) {
      return Optional.empty();
    }
    return Optional.of(
        new IstioProblem(
            Code.TELEMETRY_MODE,
            "Access logs are turned on by a Telemetry (istio.accessLogs is telemetry), whose entries"
                + " tell neither how long a call waited for its connection nor its attempts:"
                + " source_sidecar_connect, destination_sidecar_connect and retry are absent, and"
                + " their time lies in source_sidecar and destination_sidecar.",
            "kubectl -n "
                + settings.controllerNamespace()
                + " set env deployment/"
                + IstioSettings.CONTROLLER
                + " SIDELIGHT_ISTIO_ACCESS_LOGS=full"));
  }

  /**
   * Of the Telemetries of a namespace that select nothing Istio takes the oldest and leaves the
   * others. And what one of them, or one that selects, says of access logs replaces what was said
   * for all namespaces.
   */
  static Optional<IstioProblem> shadowed(IstioObjects objects) {
    IstioSettings settings = objects.settings();
    if (settings.accessLogs() != AccessLogMode.TELEMETRY) {
      return Optional.empty();
    }
    Map<String, List<Telemetry>> byNamespace =
        objects.telemetries().stream()
            .sorted(IstioObjects.BY_AGE)
            .collect(
                Collectors.groupingBy(
                    telemetry -> telemetry.getMetadata().getNamespace(),
                    TreeMap::new,
                    Collectors.toList()));
    List<Telemetry> shadowing = new ArrayList<>();
    byNamespace.forEach((namespace, all) -> add(all, shadowing));
    if (shadowing.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IstioProblem(
            Code.TELEMETRY_SHADOWED,
            "Istio takes Telemetry "
                + IstioProblem.list(shadowing.stream().map(IstioObjects::name).toList())
                + " instead of Sidelight's, and there "
                + IstioSettings.PROVIDER
                + " is not named: none of the access logs of the proxies that it holds for arrive."
                + " With istio.accessLogs=full no Telemetry is needed.",
            IstioProblem.commands(shadowing.stream().map(TelemetryRules::command).toList())));
  }

  private static void add(List<Telemetry> ofNamespace, List<Telemetry> shadowing) {
    boolean oursIsHere = ofNamespace.stream().anyMatch(TelemetryRules::isOurs);
    boolean first = true;
    for (Telemetry telemetry : ofNamespace) {
      boolean taken = selects(telemetry) || first;
      first &= selects(telemetry);
      // Taken instead of ours beside it, there is none of ours to inherit from.
      boolean inherits = selects(telemetry) || !oursIsHere;
      if (taken && !isOurs(telemetry) && !logsToUs(telemetry, inherits)) {
        shadowing.add(telemetry);
      }
    }
  }

  private static boolean isOurs(Telemetry telemetry) {
    Map<String, String> labels = telemetry.getMetadata().getLabels();
    return telemetry.getMetadata().getName().equals(IstioSettings.OBJECT_NAME)
        && labels != null
        && IstioSettings.CONTROLLER.equals(labels.get(AccessLogObjects.MANAGED_BY));
  }

  private static boolean selects(Telemetry telemetry) {
    return telemetry.getSpec() != null
        && (telemetry.getSpec().getSelector() != null
            || telemetry.getSpec().getTargetRef() != null
            || (telemetry.getSpec().getTargetRefs() != null
                && !telemetry.getSpec().getTargetRefs().isEmpty()));
  }

  private static List<AccessLogging> accessLogging(Telemetry telemetry) {
    List<AccessLogging> logging =
        telemetry.getSpec() == null ? null : telemetry.getSpec().getAccessLogging();
    return logging == null ? List.of() : logging;
  }

  /** What says no providers is about those that were named before. */
  private static boolean logsToUs(Telemetry telemetry, boolean inherits) {
    List<AccessLogging> entries = accessLogging(telemetry);
    boolean namesSome = entries.stream().anyMatch(entry -> !providers(entry).isEmpty());
    if (namesSome && entries.stream().noneMatch(TelemetryRules::namesUs)) {
      return false;
    }
    boolean on = inherits;
    boolean isAboutUs = inherits;
    for (AccessLogging entry : entries) {
      isAboutUs = providers(entry).isEmpty() ? isAboutUs : namesUs(entry);
      on = isAboutUs ? !Boolean.TRUE.equals(entry.getDisabled()) : on;
    }
    return on;
  }

  private static boolean namesUs(AccessLogging entry) {
    return providers(entry).stream()
        .anyMatch(provider -> IstioSettings.PROVIDER.equals(provider.getName()));
  }

  private static List<ProviderRef> providers(AccessLogging entry) {
    return entry.getProviders() == null ? List.of() : entry.getProviders();
  }

  private static String command(Telemetry telemetry) {
    String ours = "{\"providers\":[{\"name\":\"" + IstioSettings.PROVIDER + "\"}]}";
    return "kubectl -n "
        + telemetry.getMetadata().getNamespace()
        + " patch telemetry "
        + telemetry.getMetadata().getName()
        + " --type json -p '[{\"op\":\"add\",\"path\":\"/spec/accessLogging"
        + (accessLogging(telemetry).isEmpty()
            ? "\",\"value\":[" + ours + "]"
            : "/-\",\"value\":" + ours)
        + "}]'";
  }
}
