/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.pod.PodDirectory;
import dev.sidelight.probe.pod.PodScanner;
import dev.sidelight.probe.pod.Workload;
import dev.sidelight.probe.transport.PodNames;
import dev.sidelight.probe.transport.WorkloadName;
import java.util.Optional;

/** Who the pods are, by the directory; a pod that no registry names goes by its uid. */
final class DirectoryNames implements PodNames {

  private final PodScanner scanner;
  private final PodDirectory directory;

  DirectoryNames(PodScanner scanner, PodDirectory directory) {
    this.scanner = scanner;
    this.directory = directory;
  }

  @Override
  public WorkloadName ofNetns(int netns) {
    return directory
        .workload(netns)
        .map(DirectoryNames::name)
        .or(() -> scanner.pod(netns).map(pod -> new WorkloadName("", pod.uid(), "", "")))
        .orElse(WorkloadName.UNKNOWN);
  }

  @Override
  public Optional<WorkloadName> ofAddress(String address) {
    return directory.workload(address).map(DirectoryNames::name);
  }

  @Override
  public boolean isPresent(int netns) {
    return scanner.isPresent(netns);
  }

  private static WorkloadName name(Workload workload) {
    return new WorkloadName(
        workload.namespace(), workload.name(), workload.app(), workload.version());
  }
}
