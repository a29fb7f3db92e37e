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
  private static final String ID = "0123456789abcdef".repeat(4);
  private static final String OTHER = "fedcba9876543210".repeat(4);

  @ParameterizedTest
  @ValueSource(
      strings = {
        // containerd, systemd driver, v2 and v1, burstable, best effort and guaranteed
        "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podU_ID.slice/cri-containerd-CID.scope",
        "11:memory:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podU_ID.slice/cri-containerd-CID.scope",
        "0::/kubepods.slice/kubepods-podU_ID.slice/cri-containerd-CID.scope",
        // kubelet by systemd, containerd by cgroupfs
        "0::/system.slice/containerd.service/kubepods-burstable-podU_ID.slice:cri-containerd:CID",
        "3:pids:/kubepods-besteffort-podU_ID.slice:cri-containerd:CID",
        // cgroupfs driver (k3s, microk8s, older kubeadm)
        "0::/kubepods/burstable/podU-ID/CID",
        "4:cpu,cpuacct:/kubepods/podU-ID/CID",
        "1:name=systemd:/kubepods/besteffort/podU-ID/CID",
        // CRI-O, with crun's inner cgroup as well
        "0::/kubepods.slice/kubepods-podU_ID.slice/crio-CID.scope",
        "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podU_ID.slice/crio-CID.scope/container",
        "9:devices:/kubepods/burstable/podU-ID/crio-CID",
        // cri-dockerd
        "11:memory:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podU_ID.slice/docker-CID.scope",
        // kind: kubelet under a root of its own, seen from the machine or from the node container
        "1:name=systemd:/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice"
            + "/kubelet-kubepods-besteffort-podU_ID.slice/cri-containerd-CID.scope",
        "0::/system.slice/docker-OTHER.scope/kubelet.slice/kubelet-kubepods.slice"
            + "/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-podU_ID.slice/cri-containerd-CID.scope",
        "5:memory:/docker/OTHER/kubelet/kubepods/burstable/podU-ID/CID",
        "0::/machine.slice/libpod-OTHER.scope/container/kubelet.slice/kubelet-kubepods.slice"
            + "/kubelet-kubepods-podU_ID.slice/cri-containerd-CID.scope",
        "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-OTHER.scope/container"
            + "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podU_ID.slice/crio-CID.scope",
        // from inside a cgroup namespace
        "0::/../kubepods-besteffort-podU_ID.slice/cri-containerd-CID.scope",
        "0::/../../podU-ID/../kubepods/podU-ID/CID",
        // as the kernel gives them to a probe in a pod of class besteffort, cgroupfs driver
        "0::/../../podU-ID/CID",
        "0::/../../../burstable/podU-ID/CID",
        "0::/../../../podU-ID/CID",
        // systemd or docker inside the pod's container
        "0::/kubepods.slice/kubepods-podU_ID.slice/cri-containerd-CID.scope/init.scope",
        "0::/kubepods.slice/kubepods-podU_ID.slice/cri-containerd-CID.scope/system.slice/nginx.service",
        "0::/kubepods/burstable/podU-ID/CID/docker/OTHER"
      })
  void podPath_givesPodAndContainer(String pattern) {
    assertThat(CgroupPath.of(List.of("12:pids:/", path(pattern))))
        .isEqualTo(new CgroupPath(UID, ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0::/system.slice/docker-CID.scope",
        "5:memory:/docker/CID",
        "0::/machine.slice/libpod-CID.scope/container",
        "0::/machine.slice/machine-libpod_pod_OTHER.slice/libpod-CID.scope",
        "0::/libpod_parent/libpod-CID",
        "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-CID.scope/container",
        "0::/system.slice/nerdctl-CID.scope",
        "0::/default/CID",
        "0::/../cri-containerd-CID.scope",
        "0::/docker/OTHER/docker/CID"
      })
  void containerOutsideOfAnyPod_givesTheContainerAlone(String pattern) {
    assertThat(CgroupPath.of(List.of(path(pattern)))).isEqualTo(new CgroupPath("", ID));
  }

  @Test
  void hybrid_takesTheLineThatSaysMost() {
    assertThat(
            CgroupPath.of(
                List.of(
                    "13:misc:/",
                    path("12:pids:/kubepods/burstable/podU-ID"),
                    path("11:memory:/kubepods/burstable/podU-ID/CID"),
                    path("1:name=systemd:/system.slice/docker-OTHER.scope"),
                    "0::/init.scope")))
        .isEqualTo(new CgroupPath(UID, ID));
  }

  @Test
  void mirrorPod_givesItsHash() {
    assertThat(
            CgroupPath.of(
                    List.of(
                        "0::/kubepods.slice/kubepods-pod0123456789abcdef0123456789abcdef.slice/x"))
                .podUid())
        .isEqualTo("0123456789abcdef0123456789abcdef");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0::/kubepods.slice/kubepods-podU_ID.slice",
        "0::/kubepods.slice/kubepods-podU_ID.slice/crio-conmon-CID.scope",
        "0::/kubepods/podU-ID"
      })
  void podsOwnProcesses_areInNoContainer(String pattern) {
    assertThat(CgroupPath.of(List.of(path(pattern)))).isEqualTo(new CgroupPath(UID, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0::/",
        "0::/system.slice/sshd.service",
        "0::/user.slice/podU-ID",
        "0::/kubepods.slice",
        "0::/kubepods.slice/kubepods-podU_IDff.slice/x",
        "0::/machine.slice/libpod-conmon-CID.scope",
        "0::/machine.slice/libpod-0123456789abcdef0123456789abcdef.scope",
        "0::/system.slice/CIDff"
      })
  void otherPath_givesNone(String pattern) {
    assertThat(CgroupPath.of(List.of(path(pattern)))).isEqualTo(CgroupPath.NONE);
  }

  private static String path(String pattern) {
    return pattern
        .replace("U_ID", UID.replace('-', '_'))
        .replace("U-ID", UID)
        .replace("CID", ID)
        .replace("OTHER", OTHER);
  }
}
