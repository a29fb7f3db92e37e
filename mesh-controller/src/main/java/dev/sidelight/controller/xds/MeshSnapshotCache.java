/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaWatch;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Snapshots by node id. Unlike its base it does not answer a rejected update with the same update,
 * which the proxy would reject as fast again and again: the watch stays open for the next version.
 */
final class MeshSnapshotCache extends SimpleCache<String> {

  MeshSnapshotCache() {
    super(Node::getId);
  }

  @Override
  public Watch createWatch(
      boolean ads,
      XdsRequest request,
      Set<String> knownResourceNames,
      Consumer<Response> responseConsumer,
      boolean hasClusterChanged,
      boolean allowDefaultEmptyEdsUpdate) {
    Snapshot snapshot = getSnapshot(request.v3Request().getNode().getId());
    if (!request.hasErrorDetail() || snapshot == null) {
      return super.createWatch(
          ads,
          request,
          knownResourceNames,
          responseConsumer,
          hasClusterChanged,
          allowDefaultEmptyEdsUpdate);
    }
    String rejectedVersion =
        snapshot.version(request.getResourceType(), request.getResourceNamesList());
    return super.createWatch(
        ads,
        XdsRequest.create(request.v3Request().toBuilder().setVersionInfo(rejectedVersion).build()),
        Set.copyOf(request.getResourceNamesList()),
        responseConsumer,
        false,
        allowDefaultEmptyEdsUpdate);
  }

  @Override
  public DeltaWatch createDeltaWatch(
      DeltaXdsRequest request,
      String requesterVersion,
      Map<String, String> resourceVersions,
      Set<String> pendingResources,
      boolean isWildcard,
      Consumer<DeltaResponse> responseConsumer,
      boolean hasClusterChanged) {
    boolean rejected = request.hasErrorDetail();
    return super.createDeltaWatch(
        request,
        requesterVersion,
        resourceVersions,
        rejected ? Set.of() : pendingResources,
        isWildcard,
        responseConsumer,
        hasClusterChanged && !rejected);
  }
}
