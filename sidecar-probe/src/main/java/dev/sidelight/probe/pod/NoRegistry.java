/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

/** No names: pods go by their uids and addresses. */
final class NoRegistry implements PodRegistry {

  @Override
  public void start() {}

  @Override
  public void refresh() {}

  @Override
  public boolean isSynced() {
    return true;
  }

  @Override
  public void close() {}
}
