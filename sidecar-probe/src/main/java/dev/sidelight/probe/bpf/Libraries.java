/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.Delegate;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * What is called of the native libraries. The interfaces are public in a class that is not: jnr-ffi
 * implements them from a class loader of its own, and nobody else should see them.
 */
final class Libraries {

  private Libraries() {}

  /**
   * The part of libbpf 1.x that is used. Names are libbpf's own, since jnr-ffi binds by name;
   * symbols bind lazily, so a misspelt one fails only when called.
   */
  public interface LibBpf {

    /** Receives libbpf's own messages; the arguments are a va_list. */
    interface Print {
      @Delegate
      int print(int level, Pointer format, Pointer arguments);
    }

    Pointer libbpf_set_print(Print print);

    Pointer bpf_object__open_mem(Pointer elf, @size_t long size, Pointer options);

    int bpf_object__load(Pointer object);

    void bpf_object__close(Pointer object);

    Pointer bpf_object__find_program_by_name(Pointer object, String name);

    Pointer bpf_object__find_map_by_name(Pointer object, String name);

    int bpf_program__set_autoload(Pointer program, boolean autoload);

    int bpf_program__set_expected_attach_type(Pointer program, int type);

    int bpf_program__fd(Pointer program);

    Pointer bpf_program__attach(Pointer program);

    Pointer bpf_program__attach_uprobe_opts(
        Pointer program, int process, String path, @size_t long offset, Pointer options);

    Pointer bpf_program__attach_iter(Pointer program, Pointer options);

    int bpf_link__fd(Pointer link);

    int bpf_link__destroy(Pointer link);

    int bpf_iter_create(int linkFd);

    int bpf_map__fd(Pointer map);

    int bpf_map__reuse_fd(Pointer map, int fd);

    int bpf_map__set_max_entries(Pointer map, int entries);

    Pointer bpf_map__initial_value(Pointer map, Pointer size);

    int bpf_map__lookup_elem(
        Pointer map,
        Pointer key,
        @size_t long keySize,
        Pointer value,
        @size_t long valueSize,
        long flags);

    int bpf_map__update_elem(
        Pointer map,
        Pointer key,
        @size_t long keySize,
        Pointer value,
        @size_t long valueSize,
        long flags);

    int bpf_map__delete_elem(Pointer map, Pointer key, @size_t long keySize, long flags);

    int libbpf_num_possible_cpus();

    Pointer btf__load_vmlinux_btf();

    int btf__find_by_name_kind(Pointer btf, String name, int kind);

    Pointer btf__type_by_id(Pointer btf, int id);

    String btf__name_by_offset(Pointer btf, int offset);

    void btf__free(Pointer btf);

    int bpf_map__get_next_key(Pointer map, Pointer key, Pointer nextKey, @size_t long keySize);
  }

  /**
   * The part of libc that is used. Public because jnr-ffi implements it from a class loader of its
   * own.
   */
  public interface LibC {

    int clock_gettime(int clock, Pointer timespec);

    @ssize_t
    long read(int fd, Pointer buffer, @size_t long size);

    int close(int fd);

    long syscall(long number, int command, Pointer attributes, int size);

    int getpagesize();

    int mallopt(int parameter, int value);

    int malloc_trim(@size_t long keepBytes);

    Pointer mmap(
        Pointer address,
        @size_t long length,
        int protection,
        int flags,
        int fd,
        @off_t long offset);

    int munmap(Pointer address, @size_t long length);

    int vsnprintf(Pointer buffer, @size_t long size, Pointer format, Pointer arguments);
  }
}
