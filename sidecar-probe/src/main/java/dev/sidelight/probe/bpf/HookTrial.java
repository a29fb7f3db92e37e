/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the kernel whether it takes a program, by loading and attaching it alone for a moment.
 * Nothing else tells: BTF lists functions that cannot be traced, and a verifier that refuses one
 * program refuses the object.
 */
public final class HookTrial implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HookTrial.class);
  private static final int RING_BYTES = 4096;

  // deps
  private final Native libraries = Native.get();

  // state
  private final Pointer elf;
  private final long size;
  private final Pointer kernelTypes;

  /**
   * Prepares trials of an object's programs.
   *
   * @param elfBytes the compiled object
   * @throws BpfException when the kernel's types cannot be read
   * @throws IllegalStateException when libbpf cannot be loaded
   */
  public HookTrial(byte[] elfBytes) {
    elf = libraries.allocate(elfBytes.length);
    elf.put(0, elfBytes, 0, elfBytes.length);
    size = elfBytes.length;
    kernelTypes = libraries.checked("btf__load_vmlinux_btf", libraries.bpf.btf__load_vmlinux_btf());
  }

  @Override
  public void close() {
    libraries.bpf.btf__free(kernelTypes);
  }

  /** Whether this kernel's BTF has the way's target. */
  public boolean has(HookWay way) {
    return libraries.bpf.btf__find_by_name_kind(kernelTypes, way.btfName(), way.btfKind()) > 0;
  }

  /** Whether this kernel loads and attaches the way's program; libbpf's reason goes to debug. */
  public boolean takes(HookWay way) {
    return libraries.quietly(() -> isTaken(way));
  }

  private boolean isTaken(HookWay way) {
    Pointer object =
        libraries.checked(
            "bpf_object__open_mem", libraries.bpf.bpf_object__open_mem(elf, size, null));
    try {
      Pointer program =
          libraries.checked(
              "find program " + way.program(),
              libraries.bpf.bpf_object__find_program_by_name(object, way.program()));
      libraries.bpf.bpf_program__set_autoload(program, true);
      Pointer ring = libraries.bpf.bpf_object__find_map_by_name(object, "ring");
      libraries.bpf.bpf_map__set_max_entries(ring, RING_BYTES);
      libraries.checked("load " + way.label(), libraries.bpf.bpf_object__load(object));
      // An iterator is attached to a map of the object proper.
      if (way.kind() != HookWay.Kind.ITERATOR) {
        Pointer link =
            libraries.checked("attach " + way.label(), libraries.bpf.bpf_program__attach(program));
        libraries.bpf.bpf_link__destroy(link);
      }
      return true;
    } catch (BpfException e) {
      LOG.debug("not taken: {}", e.getMessage());
      return false;
    } finally {
      libraries.bpf.bpf_object__close(object);
    }
  }
}
