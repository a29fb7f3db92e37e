/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The BPF object of the hops, loaded and attached until closed. {@link #consume}, {@link
 * #flushIdle} and {@link #close} belong to one thread; namespaces and counters may be used from
 * any.
 */
public final class HopTracer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HopTracer.class);
  private static final int COUNTERS = 7;
  private static final int RECORD_BYTES_MAX = 4096;

  /** enum watch_want. */
  private static final int WATCH = 1;

  private static final int WATCH_WHOLE_HEADS = 2;

  /** Flags of an update. */
  private static final int ANY = 0;

  private static final int EXIST = 2;

  // deps
  private final Native libraries;

  // state
  private final Map<Hook, HookWay> taken;
  private final List<HookReport> hooks;
  private final Deque<Pointer> links = new ArrayDeque<>();
  // It must stay reachable: the library holds only its address.
  private final Pointer elf;
  private final Pointer object;
  private final Pointer watched;
  private final Pointer listeners;
  private final Pointer counters;
  private final Pointer drainBuffer;
  private MappedRing ring;
  private Pointer idleLink;
  private Pointer reportsLink;
  private Pointer listenersLink;
  private boolean closed;

  /**
   * Loads and attaches.
   *
   * @param elfBytes the compiled object
   * @param settings what it is told
   * @param records takes each record's bytes; called by {@link #consume} only
   * @throws BpfException when the kernel refuses the object
   * @throws IllegalStateException when libbpf cannot be loaded
   */
  public HopTracer(byte[] elfBytes, TracerSettings settings, Consumer<byte[]> records) {
    libraries = Native.get();
    elf = libraries.allocate(elfBytes.length);
    elf.put(0, elfBytes, 0, elfBytes.length);
    HopObject loaded = HopObject.load(libraries, elf, elfBytes, settings);
    object = loaded.object();
    taken = loaded.choice().taken();
    hooks = new ArrayList<>(loaded.choice().passedOver());
    drainBuffer = libraries.allocate(RECORD_BYTES_MAX);
    try {
      watched = map("watched");
      listeners = map("listeners");
      counters = map("counters");
      int ringFd = libraries.bpf.bpf_map__fd(map("ring"));
      ring = new MappedRing(libraries, ringFd, settings.ringBytes(), records);
      attach();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** What became of each hook, by the ways that were looked at. */
  public List<HookReport> hooks() {
    return Collections.unmodifiableList(hooks);
  }

  /**
   * Watches a network namespace from now on.
   *
   * @param netns its inode
   * @throws BpfException when the map is full
   */
  public synchronized void watch(int netns) {
    if (closed) {
      return;
    }
    update("watch", watched, intKey(netns));
  }

  /**
   * Whether as much of the heads of responses is kept as of requests; of a namespace that is not
   * watched nothing is.
   */
  public synchronized void keepWholeHeads(int netns, boolean whole) {
    if (closed) {
      return;
    }
    Pointer value = libraries.allocate(1);
    value.putByte(0, (byte) (whole ? WATCH | WATCH_WHOLE_HEADS : WATCH));
    libraries.bpf.bpf_map__update_elem(watched, intKey(netns), Integer.BYTES, value, 1, EXIST);
  }

  /** Ceases to watch; unknown ones are ignored. */
  public synchronized void unwatch(int netns) {
    if (closed) {
      return;
    }
    libraries.bpf.bpf_map__delete_elem(watched, intKey(netns), Integer.BYTES, 0);
  }

  /**
   * Says that somebody listens on a port: connections there that are older than the watch were
   * accepted.
   */
  public synchronized void addListener(int netns, int port) {
    if (closed) {
      return;
    }
    Pointer key = libraries.allocate(8);
    key.putInt(0, netns);
    key.putShort(4, (short) port);
    update("addListener", listeners, key);
  }

  /** Hands all records in the ring to the consumer. */
  public void consume() {
    ring.consume();
  }

  /**
   * Lets the kernel emit what lies complete on idle connections; {@link #consume} then finds it.
   */
  public void flushIdle() {
    if (idleLink == null) {
      return;
    }
    int fd =
        libraries.checked(
            "bpf_iter_create", libraries.bpf.bpf_iter_create(libraries.bpf.bpf_link__fd(idleLink)));
    try {
      // The program writes nothing: reading is what runs it.
      while (libraries.c.read(fd, drainBuffer, RECORD_BYTES_MAX) > 0) {}
    } finally {
      libraries.c.close(fd);
    }
  }

  /**
   * What connections carry; its owner closes it before this.
   *
   * @param records takes each record's bytes
   */
  public TransportReader transport(Consumer<byte[]> records) {
    return new TransportReader(libraries, object, reportsLink, records);
  }

  /** Who listens on what; not used after this is closed. */
  public ListenerReader listeners() {
    return new ListenerReader(libraries, listenersLink);
  }

  /** Sums of the per-CPU counters. */
  public TracerCounters counters() {
    long[] sums = new long[COUNTERS];
    int cpus = libraries.bpf.libbpf_num_possible_cpus();
    Pointer values = libraries.allocate(cpus * Long.BYTES);
    for (int i = 0; i < COUNTERS; i++) {
      libraries.checked(
          "lookup counters",
          libraries.bpf.bpf_map__lookup_elem(
              counters, intKey(i), Integer.BYTES, values, (long) cpus * Long.BYTES, 0));
      for (int cpu = 0; cpu < cpus; cpu++) {
        sums[i] += values.getLong((long) cpu * Long.BYTES);
      }
    }
    return new TracerCounters(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
  }

  /** Detaches everything and frees it. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    // The maps go with the object: nobody may touch them from here on.
    closed = true;
    if (idleLink != null) {
      libraries.bpf.bpf_link__destroy(idleLink);
      idleLink = null;
    }
    if (reportsLink != null) {
      libraries.bpf.bpf_link__destroy(reportsLink);
      reportsLink = null;
    }
    if (listenersLink != null) {
      libraries.bpf.bpf_link__destroy(listenersLink);
      listenersLink = null;
    }
    while (!links.isEmpty()) {
      libraries.bpf.bpf_link__destroy(links.pop());
    }
    if (ring != null) {
      ring.close();
      ring = null;
    }
    libraries.bpf.bpf_object__close(object);
  }

  /** For objects that share a map; valid while this is open. */
  int mapFd(String name) {
    return libraries.bpf.bpf_map__fd(map(name));
  }

  private void attach() {
    taken.forEach(
        (hook, way) -> {
          HookState state = HookState.REFUSED;
          try {
            if (hook == Hook.IDLE) {
              idleLink = attachIterator(way, overSockets());
            } else if (hook == Hook.REPORTS) {
              reportsLink = attachIterator(way, overSockets());
            } else if (hook == Hook.LISTENERS) {
              listenersLink = attachIterator(way, null);
            } else {
              links.push(
                  libraries.checked(
                      "attach " + way.label(), libraries.bpf.bpf_program__attach(program(way))));
            }
            state = HookState.ATTACHED;
          } catch (BpfException e) {
            LOG.warn("hook refused: {}", e.getMessage());
          }
          hooks.add(new HookReport(hook, way, state));
        });
  }

  private Pointer attachIterator(HookWay way, Pointer options) {
    return libraries.checked(
        "attach " + way.label(), libraries.bpf.bpf_program__attach_iter(program(way), options));
  }

  /** Options of an iterator: the map of the sockets' state. */
  private Pointer overSockets() {
    Pointer linkInfo = libraries.allocate(32);
    linkInfo.putInt(0, libraries.bpf.bpf_map__fd(map("sockets")));
    Pointer options = libraries.allocate(24);
    options.putLong(0, 24);
    options.putAddress(8, linkInfo.address());
    options.putInt(16, 16);
    return options;
  }

  private void update(String operation, Pointer map, Pointer key) {
    Pointer value = libraries.allocate(1);
    value.putByte(0, (byte) WATCH);
    long keySize = map == watched ? Integer.BYTES : Long.BYTES;
    libraries.checked(
        operation, libraries.bpf.bpf_map__update_elem(map, key, keySize, value, 1, ANY));
  }

  private Pointer intKey(int value) {
    Pointer key = libraries.allocate(Integer.BYTES);
    key.putInt(0, value);
    return key;
  }

  private Pointer map(String name) {
    return libraries.checked(
        "find map " + name, libraries.bpf.bpf_object__find_map_by_name(object, name));
  }

  private Pointer program(HookWay way) {
    return libraries.checked(
        "find program " + way.program(),
        libraries.bpf.bpf_object__find_program_by_name(object, way.program()));
  }
}
