/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.HopTracer;
import dev.sidelight.probe.bpf.TlsTracer;
import dev.sidelight.probe.tls.LibraryState;
import dev.sidelight.probe.tls.SslAttacher;
import dev.sidelight.probe.tls.SslFunction;
import dev.sidelight.probe.tls.SslLibraries;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into the OpenSSLs of watched pods; the BPF programs are loaded with the first that is
 * found. The scanning thread's, but for {@link #close}, which comes after it, and {@link #counts}.
 */
final class TlsProbes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsProbes.class);
  private static final String OBJECT = "bpf/tls.bpf.o";

  // deps
  private final HopTracer hops;
  private final SslLibraries libraries;

  // state
  private TlsTracer tracer;

  TlsProbes(Path proc, HopTracer hops) {
    this.hops = hops;
    libraries = new SslLibraries(proc, this::attach);
  }

  /** Looks once, at these processes. */
  void scan(Set<Integer> processes) {
    libraries.scan(processes);
  }

  /** How many libraries are in each state. */
  Map<LibraryState, Integer> counts() {
    return libraries.counts();
  }

  @Override
  public void close() {
    libraries.close();
    if (tracer != null) {
      tracer.close();
    }
  }

  private SslAttacher.Attachment attach(Path file, Map<SslFunction, Long> offsets) {
    Map<Long, Integer> entries = new HashMap<>();
    Map<Long, Integer> returns = new HashMap<>();
    offsets.forEach(
        (function, offset) -> {
          entries.put(offset, function.call());
          if (function != SslFunction.FREE) {
            returns.put(offset, function.call());
          }
        });
    TlsTracer.Attachment attachment = tracer().attach(file.toString(), entries, returns);
    return attachment::close;
  }

  private TlsTracer tracer() {
    if (tracer == null) {
      tracer = TlsTracer.load(BpfObjects.read(OBJECT), hops);
      if (tracer.way() == TlsTracer.Way.PERF_EVENT) {
        LOG.warn(
            "this kernel has no uprobe_multi (6.6): OpenSSL is looked at through perf events, which"
                + " may take CAP_SYS_ADMIN");
      }
    }
    return tracer;
  }
}
