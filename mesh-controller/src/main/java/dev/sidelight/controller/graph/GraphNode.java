/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;
import java.util.Comparator;

/**
 * What a node is. Texts that Kiali leaves out are empty.
 *
 * @param key what its id is the digest of
 * @param nodeType Kiali's
 * @param cluster Istio's CLUSTER_ID
 * @param namespace of the workload, else of the service
 * @param workload name
 * @param app canonical service
 * @param version canonical revision
 * @param service name
 */
record GraphNode(
    String key,
    String nodeType,
    String cluster,
    String namespace,
    String workload,
    String app,
    String version,
    String service) {

  static final String UNKNOWN_TYPE = "unknown";
  static final String SERVICE_TYPE = "service";

  /** Kiali's order. */
  static final Comparator<GraphNode> ORDER =
      Comparator.comparing(GraphNode::cluster)
          .thenComparing(GraphNode::namespace)
          .thenComparing(GraphNode::app)
          .thenComparing(GraphNode::version)
          .thenComparing(GraphNode::service)
          .thenComparing(GraphNode::workload)
          .thenComparing(GraphNode::key);

  private static final String NOT_KNOWN = Workload.UNKNOWN.workload();

  /** Whoever calls. */
  static GraphNode source(GraphType type, Workload workload) {
    if (!isKnown(workload.namespace()) && !isKnown(workload.workload())) {
      return new GraphNode(
          workload.cluster() + "_unknown_source",
          UNKNOWN_TYPE,
          workload.cluster(),
          workload.namespace(),
          workload.workload(),
          workload.app(),
          workload.version(),
          "");
    }
    return isKnown(workload.workload())
        ? of(type, workload, workload.cluster(), workload.namespace())
        : service(workload.cluster(), workload.namespace(), NOT_KNOWN);
  }

  /**
   * Whoever answers: a service, where nobody is known behind it. A cluster that is not known is
   * taken to be the caller's, as Kiali does.
   */
  static GraphNode destination(
      GraphType type, Workload workload, DestinationService service, String sourceCluster) {
    String cluster = destinationCluster(workload, service, sourceCluster);
    String namespace = isKnown(workload.namespace()) ? workload.namespace() : service.namespace();
    return isKnown(workload.workload())
        ? of(type, workload, cluster, namespace)
        : service(cluster, namespace, service.name());
  }

  static String destinationCluster(
      Workload workload, DestinationService service, String sourceCluster) {
    return isKnown(workload.cluster()) || !isKnown(service.namespace())
        ? workload.cluster()
        : sourceCluster;
  }

  static GraphNode service(String cluster, String namespace, String name) {
    return new GraphNode(
        "svc_" + cluster + "_" + namespace + "_" + name,
        SERVICE_TYPE,
        cluster,
        namespace,
        "",
        "",
        "",
        name);
  }

  private static GraphNode of(GraphType type, Workload workload, String cluster, String namespace) {
    String place = cluster + "_" + namespace + "_";
    String name = workload.workload();
    if (!type.ofApps() || !isKnown(workload.app())) {
      String app = isKnown(workload.app()) ? workload.app() : "";
      String version = isKnown(workload.version()) ? workload.version() : "";
      return new GraphNode(
          "wl_" + place + name, "workload", cluster, namespace, name, app, version, "");
    }
    return type == GraphType.APP
        ? new GraphNode(
            "app_" + place + workload.app(), "app", cluster, namespace, "", workload.app(), "", "")
        : new GraphNode(
            "vapp_" + place + name,
            "app",
            cluster,
            namespace,
            name,
            workload.app(),
            workload.version(),
            "");
  }

  static boolean isKnown(String name) {
    return !name.isEmpty() && !name.equals(NOT_KNOWN);
  }

  boolean isService() {
    return nodeType.equals(SERVICE_TYPE);
  }

  /** What stands for it in a hop node's name. */
  String label() {
    if (isService()) {
      return service;
    }
    return workload.isEmpty() ? app : workload;
  }

  GraphNode withApp(String app) {
    return new GraphNode(key, nodeType, cluster, namespace, workload, app, version, service);
  }
}
