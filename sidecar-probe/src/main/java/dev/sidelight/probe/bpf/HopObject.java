/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The object in the kernel, with those of its programs that this kernel takes.
 *
 * @param object libbpf's; its owner closes it
 * @param choice the way taken to each hook
 */
record HopObject(Pointer object, HookChoice choice) {
  private static final Logger LOG = LoggerFactory.getLogger(HopObject.class);

  /** enum hop_call_end. */
  private static final int WRITE_END = 1;

  private static final int READ_END = 2;

  /**
   * Loads what the kernel takes. A program that the verifier refuses takes the whole object with
   * it, so after a refusal each is tried alone, and the refused ones are left out.
   *
   * @param elf the object's bytes, in native memory
   * @param elfBytes the same
   * @throws BpfException when the kernel takes none
   */
  static HopObject load(Native libraries, Pointer elf, byte[] elfBytes, TracerSettings settings) {
    try (HookTrial trial = new HookTrial(elfBytes)) {
      return load(libraries, elf, elfBytes.length, settings, trial);
    } finally {
      libraries.returnMemory();
    }
  }

  private static HopObject load(
      Native libraries, Pointer elf, long size, TracerSettings settings, HookTrial trial) {
    try {
      return load(
          libraries, elf, size, settings, HookChoice.of(trial, settings.readTiming(), false));
    } catch (BpfException e) {
      HookChoice choice = HookChoice.of(trial, settings.readTiming(), true);
      if (choice.taken().isEmpty()) {
        throw e;
      }
      LOG.warn(
          "the object was refused as a whole, {}; leaving out what is refused", e.getMessage());
      return load(libraries, elf, size, settings, choice);
    }
  }

  private static HopObject load(
      Native libraries, Pointer elf, long size, TracerSettings settings, HookChoice choice) {
    Pointer object =
        libraries.checked(
            "bpf_object__open_mem", libraries.bpf.bpf_object__open_mem(elf, size, null));
    HopObject loaded = new HopObject(object, choice);
    try {
      choice.taken().values().forEach(way -> loaded.include(libraries, way));
      loaded.configure(libraries, settings);
      libraries.checked("bpf_object__load", libraries.bpf.bpf_object__load(object));
      return loaded;
    } catch (RuntimeException e) {
      libraries.bpf.bpf_object__close(object);
      throw e;
    }
  }

  private void include(Native libraries, HookWay way) {
    Pointer program =
        libraries.checked(
            "find program " + way.program(),
            libraries.bpf.bpf_object__find_program_by_name(object, way.program()));
    libraries.bpf.bpf_program__set_autoload(program, true);
  }

  /** Writes struct hop_settings, the whole of .rodata. */
  private void configure(Native libraries, TracerSettings settings) {
    Pointer rodata =
        libraries.checked(
            "bpf_map__initial_value",
            libraries.bpf.bpf_map__initial_value(
                map(libraries, ".rodata"), libraries.allocate(Long.BYTES)));
    rodata.putLong(0, settings.idleNanos());
    rodata.putInt(8, settings.requestPrefixBytes());
    rodata.putInt(12, settings.responsePrefixBytes());
    rodata.putInt(16, choice.taken().containsKey(Hook.DESTROY) ? 1 : 0);
    rodata.putInt(
        20,
        (choice.taken().containsKey(Hook.WRITE_END) ? WRITE_END : 0)
            | (choice.taken().containsKey(Hook.READ_END) ? READ_END : 0));
    rodata.putInt(24, settings.pidNamespace());
    libraries.checked(
        "bpf_map__set_max_entries",
        libraries.bpf.bpf_map__set_max_entries(map(libraries, "ring"), settings.ringBytes()));
  }

  private Pointer map(Native libraries, String name) {
    return libraries.checked(
        "find map " + name, libraries.bpf.bpf_object__find_map_by_name(object, name));
  }
}
