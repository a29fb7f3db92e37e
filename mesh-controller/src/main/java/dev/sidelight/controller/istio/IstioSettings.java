/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

/**
 * What is to be configured.
 *
 * @param accessLogs by what access logs are turned on
 * @param rootNamespace Istio's, whose objects hold for all namespaces
 * @param configMap MeshConfig's, in the root namespace
 * @param namespaceSelector labels of the namespaces that are observed; empty: all
 * @param controllerHost this controller's Service, NAME.NAMESPACE.svc.DOMAIN
 * @param alsPort port of that Service that takes access logs
 * @param alsTls whether that port speaks TLS itself
 * @param owner the ClusterRole whose removal takes our objects away
 */
public record IstioSettings(
    AccessLogMode accessLogs,
    String rootNamespace,
    String configMap,
    String namespaceSelector,
    String controllerHost,
    int alsPort,
    boolean alsTls,
    String owner) {

  /** Field manager, owner and Service are all called so. */
  public static final String CONTROLLER = "sidelight-controller";

  /** Name of our Telemetry and our EnvoyFilter. */
  public static final String OBJECT_NAME = "sidelight";

  /** The extension provider that the Telemetry names. */
  public static final String PROVIDER = "sidelight-als";

  /** Namespace of the controller's Service. */
  String controllerNamespace() {
    return controllerHost.split("\\.", 3)[1];
  }

  /** The cluster's domain. */
  String domain() {
    return controllerHost.split("\\.", 4)[3];
  }

  /** Name of the controller's Service. */
  String controllerService() {
    return controllerHost.split("\\.", 2)[0];
  }
}
