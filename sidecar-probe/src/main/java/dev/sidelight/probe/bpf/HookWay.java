/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

/**
 * One way to a hook: a program of the object and what of the kernel it is put on.
 *
 * @param program name of the program in the object
 * @param kind how it is attached
 * @param target the kernel's tracepoint, function or iterator
 */
public record HookWay(String program, Kind kind, String target) {

  /** How a program is attached, by libbpf's prefix of its section. */
  public enum Kind {
    /** A tracepoint with its arguments typed. */
    TRACEPOINT("tp_btf", "btf_trace_", 8),
    /** A function's entry. */
    ENTRY("fentry", "", 12),
    /** A function's return, with its arguments and its result. */
    EXIT("fexit", "", 12),
    /** Read by userspace. */
    ITERATOR("iter", "bpf_iter_", 12);

    private final String prefix;
    private final String btfPrefix;
    private final int btfKind;

    Kind(String prefix, String btfPrefix, int btfKind) {
      this.prefix = prefix;
      this.btfPrefix = btfPrefix;
      this.btfKind = btfKind;
    }
  }

  static HookWay tracepoint(String program, String target) {
    return new HookWay(program, Kind.TRACEPOINT, target);
  }

  static HookWay entry(String program, String target) {
    return new HookWay(program, Kind.ENTRY, target);
  }

  static HookWay exit(String program, String target) {
    return new HookWay(program, Kind.EXIT, target);
  }

  static HookWay iterator(String program, String target) {
    return new HookWay(program, Kind.ITERATOR, target);
  }

  /** Name for people and labels, as libbpf writes it. */
  public String label() {
    return kind.prefix + "/" + target;
  }

  /** What the kernel's BTF calls it. */
  String btfName() {
    return kind.btfPrefix + target;
  }

  /** Kind of that BTF type: a typedef or a function. */
  int btfKind() {
    return kind.btfKind;
  }

  /**
   * Whether a kernel may have the target and yet refuse every program on it, as one does whose
   * functions cannot be traced.
   */
  boolean isDoubtful() {
    return kind == Kind.ENTRY || kind == Kind.EXIT;
  }
}
