/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jnr.ffi.Pointer;

/**
 * The programs that look into OpenSSL, loaded with the maps of a {@link HopTracer}. Attachments end
 * with their file descriptors, so nothing is left behind whatever ends this process. One thread.
 */
public final class TlsTracer implements AutoCloseable {
  private static final int BTF_KIND_STRUCT = 4;
  private static final int SYS_BPF = "aarch64".equals(System.getProperty("os.arch")) ? 280 : 321;
  private static final int BPF_LINK_CREATE = 28;
  private static final int BPF_TRACE_UPROBE_MULTI = 48;
  private static final int UPROBE_MULTI_RETURN = 1;
  private static final int LINK_CREATE_BYTES = 64;
  private static final int UPROBE_OPTIONS_BYTES = 40;
  private static final List<String> SHARED = List.of("watched", "tls_threads", "tls_plains");

  /** How it is attached. */
  public enum Way {
    /** One link for all functions of a file, with BPF and PERFMON; since 6.6. */
    UPROBE_MULTI,
    /** An event a function; takes CAP_SYS_ADMIN where the kernel is as of mid-2025. */
    PERF_EVENT
  }

  /** What is attached, until closed. */
  @FunctionalInterface
  public interface Attachment extends AutoCloseable {
    @Override
    void close();
  }

  // deps
  private final Native libraries;
  private final Way way;

  // state
  // It must stay reachable: the library holds only its address.
  private final Pointer elf;
  private final Pointer object;

  private TlsTracer(Native libraries, Way way, byte[] elfBytes, HopTracer hops) {
    this.libraries = libraries;
    this.way = way;
    elf = libraries.allocate(elfBytes.length);
    elf.put(0, elfBytes, 0, elfBytes.length);
    object =
        libraries.checked(
            "bpf_object__open_mem", libraries.bpf.bpf_object__open_mem(elf, elfBytes.length, null));
    try {
      for (String name : SHARED) {
        libraries.checked(
            "share map " + name, libraries.bpf.bpf_map__reuse_fd(map(name), hops.mapFd(name)));
      }
      if (way == Way.UPROBE_MULTI) {
        for (String name : List.of("tls_enter", "tls_return")) {
          libraries.checked(
              "set type of " + name,
              libraries.bpf.bpf_program__set_expected_attach_type(
                  program(name), BPF_TRACE_UPROBE_MULTI));
        }
      }
      libraries.checked("bpf_object__load", libraries.bpf.bpf_object__load(object));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Loads them, to be attached the best way that the kernel has.
   *
   * @param elfBytes the compiled object
   * @param hops whose sockets it tells of
   * @throws BpfException when the kernel refuses
   */
  public static TlsTracer load(byte[] elfBytes, HopTracer hops) {
    return load(elfBytes, hops, bestWay());
  }

  static TlsTracer load(byte[] elfBytes, HopTracer hops, Way way) {
    return new TlsTracer(Native.get(), way, elfBytes, hops);
  }

  /** How it is attached. */
  public Way way() {
    return way;
  }

  /**
   * Attaches to functions of a file, for all processes.
   *
   * @param path of the file
   * @param entries offsets in it of functions whose entry is looked at, and what the programs call
   *     them
   * @param returns those of functions whose return is
   * @return what ends it
   * @throws BpfException when the kernel refuses; nothing is attached then
   */
  public Attachment attach(String path, Map<Long, Integer> entries, Map<Long, Integer> returns) {
    List<Attachment> links = new ArrayList<>();
    try {
      if (way == Way.UPROBE_MULTI) {
        links.add(link("tls_return", path, returns, true));
        links.add(link("tls_enter", path, entries, false));
      } else {
        returns.forEach((offset, call) -> links.add(event("tls_return", path, offset, call, true)));
        entries.forEach((offset, call) -> links.add(event("tls_enter", path, offset, call, false)));
      }
    } catch (BpfException e) {
      links.forEach(Attachment::close);
      throw e;
    }
    return () -> links.forEach(Attachment::close);
  }

  /** Frees the programs; what is attached keeps them until it is closed. */
  @Override
  public void close() {
    libraries.bpf.bpf_object__close(object);
  }

  private static Way bestWay() {
    Native libraries = Native.get();
    Pointer btf = libraries.checked("btf__load_vmlinux_btf", libraries.bpf.btf__load_vmlinux_btf());
    int type = libraries.bpf.btf__find_by_name_kind(btf, "bpf_uprobe_multi_link", BTF_KIND_STRUCT);
    libraries.bpf.btf__free(btf);
    return type > 0 ? Way.UPROBE_MULTI : Way.PERF_EVENT;
  }

  /** union bpf_attr of BPF_LINK_CREATE, which libbpf 1.1 has no call for. */
  private Attachment link(String program, String path, Map<Long, Integer> calls, boolean returns) {
    Pointer offsets = libraries.allocate(calls.size() * Long.BYTES);
    Pointer cookies = libraries.allocate(calls.size() * Long.BYTES);
    int index = 0;
    for (Map.Entry<Long, Integer> call : calls.entrySet()) {
      offsets.putLong((long) index * Long.BYTES, call.getKey());
      cookies.putLong((long) index * Long.BYTES, call.getValue());
      index++;
    }
    byte[] pathBytes = (path + '\0').getBytes(StandardCharsets.UTF_8);
    Pointer pathMemory = libraries.allocate(pathBytes.length);
    pathMemory.put(0, pathBytes, 0, pathBytes.length);
    Pointer attributes = libraries.allocate(LINK_CREATE_BYTES);
    attributes.putInt(0, libraries.bpf.bpf_program__fd(program(program)));
    attributes.putInt(8, BPF_TRACE_UPROBE_MULTI);
    attributes.putLong(16, pathMemory.address());
    attributes.putLong(24, offsets.address());
    attributes.putLong(40, cookies.address());
    attributes.putInt(48, index);
    attributes.putInt(52, returns ? UPROBE_MULTI_RETURN : 0);
    long fd = libraries.c.syscall(SYS_BPF, BPF_LINK_CREATE, attributes, LINK_CREATE_BYTES);
    libraries.checked("attach uprobe_multi/" + program + " to " + path, (int) fd);
    return () -> libraries.c.close((int) fd);
  }

  /** struct bpf_uprobe_opts. */
  private Attachment event(String program, String path, long offset, int call, boolean returns) {
    Pointer options = libraries.allocate(UPROBE_OPTIONS_BYTES);
    options.putLong(0, UPROBE_OPTIONS_BYTES);
    options.putLong(16, call);
    options.putByte(24, (byte) (returns ? 1 : 0));
    Pointer link =
        libraries.checked(
            "attach uprobe/" + program + " to " + path,
            libraries.bpf.bpf_program__attach_uprobe_opts(
                program(program), -1, path, offset, options));
    return () -> libraries.bpf.bpf_link__destroy(link);
  }

  private Pointer map(String name) {
    return libraries.checked(
        "find map " + name, libraries.bpf.bpf_object__find_map_by_name(object, name));
  }

  private Pointer program(String name) {
    return libraries.checked(
        "find program " + name, libraries.bpf.bpf_object__find_program_by_name(object, name));
  }
}
