/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.BpfException;
import dev.sidelight.probe.bpf.HopTracer;
import dev.sidelight.probe.pod.Pod;
import dev.sidelight.probe.pod.PodListener;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the tracer which namespaces to watch. */
final class WatchedPods implements PodListener {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedPods.class);

  private HopTracer tracer;

  /** Names the tracer; before the first scan. */
  void bind(HopTracer bound) {
    tracer = bound;
  }

  /** Whether as much of the heads of responses is kept as of requests. */
  void keepWholeHeads(int netns, boolean whole) {
    tracer.keepWholeHeads(netns, whole);
  }

  @Override
  public void appeared(Pod pod, Set<Integer> listeningPorts) {
    try {
      // Listeners first: the first event of an old connection asks for them.
      listeningPorts.forEach(port -> tracer.addListener(pod.netns(), port));
      tracer.watch(pod.netns());
      LOG.info("watching pod {} {}", pod.uid(), pod.addresses());
    } catch (BpfException e) {
      LOG.error("pod {} {} cannot be watched: {}", pod.uid(), pod.addresses(), e.getMessage());
    }
  }

  @Override
  public void disappeared(Pod pod) {
    tracer.unwatch(pod.netns());
    LOG.info("pod {} {} is gone", pod.uid(), pod.addresses());
  }
}
