/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import dev.sidelight.correlator.Workload;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.semconv.ServiceAttributes;
import java.util.LinkedHashMap;
import java.util.Map;

/** The resource of each workload, made once. One thread. */
final class WorkloadResources {

  static final AttributeKey<String> SERVICE_NAMESPACE = AttributeKey.stringKey("service.namespace");
  static final AttributeKey<String> K8S_NAMESPACE_NAME =
      AttributeKey.stringKey("k8s.namespace.name");
  static final AttributeKey<String> K8S_CLUSTER_NAME = AttributeKey.stringKey("k8s.cluster.name");
  static final AttributeKey<String> WORKLOAD = AttributeKey.stringKey("sidelight.workload");

  /** Workloads come and go; those last used are kept. */
  private static final int MAX_RESOURCES = 1_000;

  // state
  private final Map<Workload, Resource> resources =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Workload, Resource> eldest) {
          return size() > MAX_RESOURCES;
        }
      };

  Resource of(Workload workload) {
    return resources.computeIfAbsent(workload, WorkloadResources::create);
  }

  private static Resource create(Workload workload) {
    AttributesBuilder attributes = Attributes.builder();
    attributes.put(ServiceAttributes.SERVICE_NAME, workload.app());
    putKnown(attributes, SERVICE_NAMESPACE, workload.namespace());
    putKnown(attributes, ServiceAttributes.SERVICE_VERSION, workload.version());
    putKnown(attributes, K8S_NAMESPACE_NAME, workload.namespace());
    putKnown(attributes, K8S_CLUSTER_NAME, workload.cluster());
    putKnown(attributes, WORKLOAD, workload.workload());
    return Resource.create(attributes.build());
  }

  private static void putKnown(
      AttributesBuilder attributes, AttributeKey<String> key, String value) {
    if (!value.equals(Workload.UNKNOWN.workload())) {
      attributes.put(key, value);
    }
  }
}
