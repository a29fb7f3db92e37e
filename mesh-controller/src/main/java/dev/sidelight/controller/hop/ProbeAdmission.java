/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import dev.sidelight.hop.v1.Pod;
import io.vertx.core.Future;

/** Who may tell, and of what. Event loops ask, so nothing here may block or throw. */
public interface ProbeAdmission {

  /** Everybody, of everything. */
  ProbeAdmission EVERYBODY =
      new ProbeAdmission() {
        @Override
        public boolean knowsProbes() {
          return false;
        }

        @Override
        public Future<String> nodeOf(String token) {
          return Future.succeededFuture("");
        }

        @Override
        public String whyNot(String node, Pod pod) {
          return "";
        }
      };

  /** Whether a probe must be that of the node that it names. */
  boolean knowsProbes();

  /**
   * The node for whose pods a caller may speak; fails with a {@link RefusedException}.
   *
   * @param token what the call carries; empty where it carries none
   */
  Future<String> nodeOf(String token);

  /** Why a node's probe may not tell of this pod, as a label value; empty where it may. */
  String whyNot(String node, Pod pod);
}
