/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupPathTest {
  private static final String UID = "6b1f3c1e-0a2b-4c3d-8e9f-001122334455";
  private static final String ID =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podUNDERSCORED.slice/cri-containerd-ID.scope",
        "0::/kubepods.slice/kubepods-podUNDERSCORED.slice/crio-ID.scope",
        "0::/kubepods/burstable/podUID/ID",
        "11:memory:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUNDERSCORED.slice/docker-ID.scope",
        "4:cpu,cpuacct:/kubepods/podUID/ID",
        "1:name=systemd:/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice"
            + "/kubelet-kubepods-besteffort-podUNDERSCORED.slice/cri-containerd-ID.scope",
        "0::/../kubepods-besteffort-podUNDERSCORED.slice/cri-containerd-ID.scope"
      })
  void podPath_givesTheUid(String line) {
    String path =
        line.replace("UNDERSCORED", UID.replace('-', '_')).replace("UID", UID).replace("ID", ID);
    assertThat(CgroupPath.podUid(List.of("12:pids:/", path))).isEqualTo(UID);
  }

  @Test
  void mirrorPod_givesItsHash() {
    assertThat(
            CgroupPath.podUid(
                List.of("0::/kubepods.slice/kubepods-pod0123456789abcdef0123456789abcdef.slice/x")))
        .isEqualTo("0123456789abcdef0123456789abcdef");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0::/",
        "0::/system.slice/sshd.service",
        "0::/user.slice/podUID",
        "0::/kubepods.slice",
        "0::/machine.slice/libpod-0123456789abcdef0123456789abcdef.scope"
      })
  void otherPath_givesNone(String line) {
    assertThat(CgroupPath.podUid(List.of(line))).isEmpty();
  }
}
