/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.Proxy;
import io.vertx.grpc.common.GrpcStatus;

/**
 * Who writes a stream.
 *
 * @param identities whose certificate a proxy's must be
 * @param principal as it has shown; null where that does not matter
 */
record Caller(ProxyIdentities identities, SpiffeId principal) {

  /** Refuses a proxy that the caller is not. */
  void requireToBe(Proxy proxy) throws RefusedException {
    if (principal == null) {
      return;
    }
    String reason = identities.whyNot(principal.namespace(), principal.serviceAccount(), proxy);
    if (!reason.isEmpty()) {
      throw new RefusedException(
          reason,
          GrpcStatus.PERMISSION_DENIED,
          principal + " is not node id \"" + proxy.nodeId() + "\"");
    }
  }
}
