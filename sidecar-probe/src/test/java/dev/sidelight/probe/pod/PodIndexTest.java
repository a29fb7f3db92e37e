/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PodIndexTest {
  private static final String ADDRESS = "10.0.0.1";

  private final PodIndex index = new PodIndex();

  @Test
  void goneUid_isRemembered() {
    index.put("a", pod("a"));
    index.remove("a");
    assertThat(index.byUid("a")).contains(workload("a"));
    assertThat(index.byAddress(ADDRESS)).isEmpty();
    assertThat(index.size()).isZero();
  }

  @Test
  void addressTakenOver_staysTheNewPods() {
    index.put("a", pod("a"));
    index.put("b", pod("b"));
    index.remove("a");
    assertThat(index.byAddress(ADDRESS)).contains(workload("b"));
  }

  @Test
  void changedPod_losesItsOldAddress() {
    index.put("a", pod("a"));
    index.put("a", new RegisteredPod(0, "a", List.of("10.0.0.2"), workload("a")));
    assertThat(index.byAddress(ADDRESS)).isEmpty();
    assertThat(index.byAddress("10.0.0.2")).contains(workload("a"));
    assertThat(index.size()).isOne();
  }

  @Test
  void gonePods_areForgottenInTheEnd() {
    for (int i = 0; i <= 1000; i++) {
      index.put("x", pod("uid-" + i));
    }
    index.remove("x");
    assertThat(index.byUid("uid-0")).isEmpty();
    assertThat(index.byUid("uid-1000")).isPresent();
  }

  private static RegisteredPod pod(String uid) {
    return new RegisteredPod(0, uid, List.of(ADDRESS), workload(uid));
  }

  private static Workload workload(String name) {
    return new Workload("default", name, name, name, "latest");
  }
}
