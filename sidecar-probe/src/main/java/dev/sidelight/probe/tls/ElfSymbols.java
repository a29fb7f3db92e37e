/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.tls;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Where an ELF file's dynamic symbols lie in it. Only what a file exports is looked at: a stripped
 * one has no more, and what is not exported is not OpenSSL's interface.
 */
final class ElfSymbols {
  private static final int EV_CURRENT = 1;
  private static final int ELF_C_READ = 1;
  private static final int O_CLOEXEC = 0x80000;
  private static final int SHT_DYNSYM = 11;
  private static final int PT_LOAD = 1;
  private static final int STT_FUNC = 2;
  private static final int SYMBOL_BYTES = 24;
  private static final int HEADER_BYTES = 64;

  /** "SSL_" as a number. */
  private static final int SSL_PREFIX = 0x5f4c5353;

  private static final Map<String, SslFunction> FUNCTIONS = new HashMap<>();

  static {
    for (SslFunction function : SslFunction.values()) {
      FUNCTIONS.put(function.symbol(), function);
    }
    LibElf.ELF.elf_version(EV_CURRENT);
  }

  private ElfSymbols() {}

  /** Offsets of OpenSSL's functions; empty where the file has none or is no 64-bit ELF file. */
  static Map<SslFunction, Long> of(Path file) {
    Map<SslFunction, Long> offsets = new EnumMap<>(SslFunction.class);
    int fd = LibElf.FILES.open(file.toString(), O_CLOEXEC);
    if (fd < 0) {
      return offsets;
    }
    try {
      Pointer elf = LibElf.ELF.elf_begin(fd, ELF_C_READ, null);
      if (elf != null) {
        read(elf, offsets);
        LibElf.ELF.elf_end(elf);
      }
    } finally {
      LibElf.FILES.close(fd);
    }
    return offsets;
  }

  private static void read(Pointer elf, Map<SslFunction, Long> offsets) {
    Pointer header = allocate(HEADER_BYTES);
    Pointer section = null;
    while ((section = LibElf.ELF.elf_nextscn(elf, section)) != null) {
      if (LibElf.ELF.gelf_getshdr(section, header) == null || header.getInt(4) != SHT_DYNSYM) {
        continue;
      }
      Pointer symbols = data(section);
      Pointer names = data(LibElf.ELF.elf_getscn(elf, header.getInt(40)));
      if (symbols != null && names != null && header.getLong(56) == SYMBOL_BYTES) {
        search(elf, symbols, names, offsets);
      }
    }
  }

  /** The entries of Elf64_Sym: name, info, other, section, value, size. */
  private static void search(
      Pointer elf, Pointer symbols, Pointer names, Map<SslFunction, Long> offsets) {
    for (long at = 0; at + SYMBOL_BYTES <= symbols.size(); at += SYMBOL_BYTES) {
      int name = symbols.getInt(at);
      boolean defined = symbols.getShort(at + 6) != 0;
      if (!defined
          || (symbols.getByte(at + 4) & 0xf) != STT_FUNC
          || name < 0
          || name + 5 > names.size()
          // Cheaper than a string for each of node's 60,000.
          || names.getInt(name) != SSL_PREFIX) {
        continue;
      }
      SslFunction function = FUNCTIONS.get(names.getString(name));
      long offset = fileOffset(elf, symbols.getLong(at + 8));
      if (function != null && offset >= 0) {
        offsets.put(function, offset);
      }
    }
  }

  /** Where a virtual address is in the file, or -1. */
  private static long fileOffset(Pointer elf, long address) {
    Pointer count = allocate(Long.BYTES);
    Pointer header = allocate(HEADER_BYTES);
    LibElf.ELF.elf_getphdrnum(elf, count);
    for (int i = 0; i < count.getLong(0); i++) {
      if (LibElf.ELF.gelf_getphdr(elf, i, header) == null || header.getInt(0) != PT_LOAD) {
        continue;
      }
      long start = header.getLong(16);
      if (address >= start && address < start + header.getLong(32)) {
        return address - start + header.getLong(8);
      }
    }
    return -1;
  }

  /** The bytes of a section; null where it has none. Elf_Data: buffer, type, version, size. */
  private static Pointer data(Pointer section) {
    Pointer data = section == null ? null : LibElf.ELF.elf_getdata(section, null);
    Pointer bytes = data == null ? null : data.getPointer(0);
    return bytes == null ? null : bytes.slice(0, data.getLong(16));
  }

  private static Pointer allocate(int bytes) {
    return Memory.allocateDirect(Runtime.getSystemRuntime(), bytes, true);
  }
}
