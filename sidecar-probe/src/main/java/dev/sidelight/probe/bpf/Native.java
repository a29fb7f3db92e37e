/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.function.BooleanSupplier;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two libraries, loaded once. libbpf's messages go to the log from here on: for a refused
 * program they hold the verifier's reason, which nothing else has.
 */
final class Native {
  private static final Logger LOG = LoggerFactory.getLogger("libbpf");
  private static final int LEVEL_WARN = 0;
  private static final int LEVEL_INFO = 1;

  /**
   * Otherwise glibc raises its own threshold with each large block that is freed, and the kernel's
   * types, megabytes of them, stay in the heap for good (mallopt(3)).
   */
  private static final int MMAP_THRESHOLD_BYTES = 128 << 10;

  private static final int M_MMAP_THRESHOLD = -3;
  private static final int MESSAGE_BYTES = 64 << 10;

  final Libraries.LibBpf bpf;
  final Libraries.LibC c;
  final Runtime runtime;

  // The callback must stay reachable: libbpf holds only its address.
  private final Libraries.LibBpf.Print print = this::print;

  private volatile boolean quiet;

  private Native() {
    c = LibraryLoader.create(Libraries.LibC.class).load("c");
    c.mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES);
    bpf = LibraryLoader.create(Libraries.LibBpf.class).load("libbpf.so.1");
    runtime = Runtime.getRuntime(bpf);
    bpf.libbpf_set_print(print);
  }

  private static final class Holder {
    static final Native INSTANCE = new Native();
  }

  /**
   * The libraries.
   *
   * @throws IllegalStateException when one cannot be loaded; the message says what to install or
   *     mount
   */
  static Native get() {
    try {
      return Holder.INSTANCE;
    } catch (LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          "cannot load libbpf: "
              + cause.getMessage()
              + ". Install libbpf 1.x (Debian: libbpf1); jnr-ffi also needs a writable and executable"
              + " java.io.tmpdir (here "
              + System.getProperty("java.io.tmpdir")
              + ")",
          e);
    }
  }

  /** Gives back to the system what an object's loading took and freed. */
  void returnMemory() {
    c.malloc_trim(0);
  }

  int errno() {
    return LastError.getLastError(runtime);
  }

  Pointer checked(String operation, Pointer pointer) {
    if (pointer == null || pointer.address() == 0) {
      throw new BpfException(operation, errno());
    }
    return pointer;
  }

  int checked(String operation, int result) {
    if (result < 0) {
      // Most of libbpf returns -errno, the older part -1.
      throw new BpfException(operation, result == -1 ? errno() : -result);
    }
    return result;
  }

  Pointer allocate(int bytes) {
    return runtime.getMemoryManager().allocateDirect(bytes, true);
  }

  /** Runs what may fail: libbpf's messages about it are of interest to nobody but a debugger. */
  boolean quietly(BooleanSupplier action) {
    quiet = true;
    try {
      return action.getAsBoolean();
    } finally {
      quiet = false;
    }
  }

  private int print(int level, Pointer format, Pointer arguments) {
    try {
      if (level > LEVEL_INFO) {
        return 0;
      }
      Pointer buffer = allocate(MESSAGE_BYTES);
      c.vsnprintf(buffer, MESSAGE_BYTES, format, arguments);
      String message = buffer.getString(0).stripTrailing();
      if (quiet) {
        LOG.debug("{}", message);
      } else if (level == LEVEL_WARN) {
        LOG.warn("{}", message);
      } else {
        LOG.info("{}", message);
      }
    } catch (RuntimeException e) {
      LOG.warn("a message of libbpf could not be read", e);
    }
    return 0;
  }
}
