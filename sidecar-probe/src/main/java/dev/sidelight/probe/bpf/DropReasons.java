/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.HashMap;
import java.util.Map;
import jnr.ffi.Pointer;

/** The names that this kernel gives to the reasons of drops, from its BTF. */
final class DropReasons {
  private static final String ENUM = "skb_drop_reason";
  private static final String PREFIX = "SKB_DROP_REASON_";
  private static final int BTF_KIND_ENUM = 6;
  private static final int TYPE_BYTES = 12;
  private static final int ENUMERATOR_BYTES = 8;
  private static final int LENGTH_MASK = 0xffff;

  private final Map<Integer, String> names = new HashMap<>();

  /** Reads them; none where the kernel has none. */
  DropReasons(Native libraries) {
    Pointer btf = libraries.checked("btf__load_vmlinux_btf", libraries.bpf.btf__load_vmlinux_btf());
    try {
      int id = libraries.bpf.btf__find_by_name_kind(btf, ENUM, BTF_KIND_ENUM);
      if (id > 0) {
        read(libraries, btf, libraries.bpf.btf__type_by_id(btf, id));
      }
    } finally {
      libraries.bpf.btf__free(btf);
    }
  }

  /** The name without its prefix; those of subsystems, which are no part of the enum, by number. */
  String name(int reason) {
    return names.getOrDefault(reason, "REASON_" + Integer.toUnsignedString(reason));
  }

  /** struct btf_type, followed by a struct btf_enum for each. */
  private void read(Native libraries, Pointer btf, Pointer type) {
    int count = type.getInt(4) & LENGTH_MASK;
    for (int i = 0; i < count; i++) {
      long at = TYPE_BYTES + (long) i * ENUMERATOR_BYTES;
      String name = libraries.bpf.btf__name_by_offset(btf, type.getInt(at));
      names.put(
          type.getInt(at + 4), name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
    }
  }
}
