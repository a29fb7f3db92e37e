/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.tls;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.types.size_t;

/** What is called of libelf, which libbpf needs anyhow, and of libc. */
final class LibElf {
  static final Elf ELF = LibraryLoader.create(Elf.class).load("libelf.so.1");
  static final Files FILES = LibraryLoader.create(Files.class).load("c");

  private LibElf() {}

  /** Public because jnr-ffi implements it from a class loader of its own. */
  @IgnoreError
  public interface Elf {

    int elf_version(int version);

    Pointer elf_begin(int fd, int command, Pointer reference);

    int elf_end(Pointer elf);

    Pointer elf_nextscn(Pointer elf, Pointer section);

    Pointer elf_getscn(Pointer elf, @size_t long index);

    Pointer gelf_getshdr(Pointer section, Pointer header);

    Pointer elf_getdata(Pointer section, Pointer data);

    int elf_getphdrnum(Pointer elf, Pointer count);

    Pointer gelf_getphdr(Pointer elf, int index, Pointer header);
  }

  /** Public because jnr-ffi implements it from a class loader of its own. */
  public interface Files {

    int open(String path, int flags);

    int close(int fd);
  }
}
