/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds pods: network namespaces, other than the node's own, in which a process runs that is an
 * Envoy by its executable and its user. A process is looked at closely while it is young, since it
 * may still enter a namespace and execute its program; later often in a pod, where an entry point
 * may wait before it executes, and rarely elsewhere. {@link #scan} belongs to one thread; the rest
 * may be called from any.
 */
public final class PodScanner {
  /** A pod's last records may come after it; so many are remembered. */
  private static final int GONE_REMEMBERED = 1000;

  private static final int YOUNG_SCANS = 20;
  private static final int RESCAN_EVERY = 20;
  private static final int RESCAN_IN_PODS_EVERY = 3;
  private static final int ADDRESSES_EVERY = 8;

  // deps
  private final ProcFiles proc;
  private final EnvoyIdentity envoys;
  private final PodListener listener;

  // state
  private final Map<Integer, ProcessEntry> processes = new ConcurrentHashMap<>();
  private final Map<Integer, Pod> present = new ConcurrentHashMap<>();
  // Of the present, those whose listener has returned: from then on nothing of theirs is missed.
  private final Set<Integer> watched = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Pod> gone =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Pod> eldest) {
          return size() > GONE_REMEMBERED;
        }
      };
  private final int nodeNetns;
  private int scans;

  /**
   * A scanner that has seen nothing yet.
   *
   * @param procRoot where /proc is mounted
   * @param envoys which processes are Envoys
   * @param listener learns of pods
   */
  public PodScanner(Path procRoot, EnvoyIdentity envoys, PodListener listener) {
    proc = new ProcFiles(procRoot);
    this.envoys = envoys;
    this.listener = listener;
    nodeNetns = proc.netns(1);
  }

  /** Looks once. */
  public void scan() {
    scans++;
    Map<Integer, Integer> envoyByNetns = new HashMap<>();
    List<Integer> alive = proc.processes();
    for (int id : alive) {
      ProcessEntry entry = look(id);
      if (entry.envoy() && isPods(entry.netns())) {
        envoyByNetns.putIfAbsent(entry.netns(), id);
      }
    }
    processes.keySet().retainAll(new HashSet<>(alive));
    envoyByNetns.forEach(this::keep);
    for (Pod pod : new ArrayList<>(present.values())) {
      if (!envoyByNetns.containsKey(pod.netns())) {
        leave(pod);
      }
    }
  }

  /** The pod of a namespace, also for a while after it is gone. */
  public Optional<Pod> pod(int netns) {
    Pod pod = present.get(netns);
    if (pod != null) {
      return Optional.of(pod);
    }
    synchronized (gone) {
      return Optional.ofNullable(gone.get(netns));
    }
  }

  /** Whether the namespace is that of a pod which is there. */
  public boolean isPresent(int netns) {
    return watched.contains(netns);
  }

  /** How many pods are watched. */
  public int podCount() {
    return watched.size();
  }

  /** Ids of the processes in pods, as of the last scan; the scanning thread's. */
  public Set<Integer> podProcesses() {
    Set<Integer> ids = new HashSet<>();
    processes.forEach(
        (id, entry) -> {
          if (present.containsKey(entry.netns())) {
            ids.add(id);
          }
        });
    return ids;
  }

  /** The pods that are watched. */
  public List<Pod> pods() {
    return present.values().stream().filter(pod -> isPresent(pod.netns())).toList();
  }

  /**
   * Executables' names of a namespace's processes, as of the last scan.
   *
   * @return by process id, in order
   */
  public SortedMap<Integer, String> processes(int netns) {
    SortedMap<Integer, String> names = new TreeMap<>();
    processes.forEach(
        (id, entry) -> {
          if (entry.netns() == netns && !entry.executable().isEmpty()) {
            names.put(id, entry.executable());
          }
        });
    return names;
  }

  /** Name of a process's executable; empty where it is gone. */
  public String executable(int process) {
    return entry(process).executable();
  }

  /** Whether a process is an Envoy by its executable and its user. */
  public boolean isEnvoy(int process) {
    return entry(process).envoy();
  }

  /** Id of a process's container; empty where it is gone or in none. */
  public String containerId(int process) {
    return CgroupPath.of(proc.lines(process, "cgroup")).containerId();
  }

  private ProcessEntry entry(int process) {
    if (process == 0) {
      return ProcessEntry.NONE;
    }
    ProcessEntry known = processes.get(process);
    return known == null || known.executable().isEmpty() ? look(process) : known;
  }

  private ProcessEntry look(int process) {
    ProcessEntry known = processes.get(process);
    if (known != null && known.scans() > YOUNG_SCANS) {
      int every = isPods(known.netns()) ? RESCAN_IN_PODS_EVERY : RESCAN_EVERY;
      if ((scans + process) % every != 0) {
        return known;
      }
    }
    String executable = proc.executable(process);
    boolean envoy = envoys.test(executable, () -> proc.containerUid(process));
    ProcessEntry entry =
        new ProcessEntry(
            executable, envoy, proc.netns(process), known == null ? 1 : known.scans() + 1);
    if (!executable.isEmpty() || known == null) {
      processes.put(process, entry);
      return entry;
    }
    // It is ending, or not to be seen for an instant: what it was called still names its records.
    return known;
  }

  private boolean isPods(int netns) {
    return netns != 0 && netns != nodeNetns;
  }

  private void keep(int netns, int envoy) {
    Pod known = present.get(netns);
    boolean due = (scans + netns) % ADDRESSES_EVERY == 0;
    if (known != null && !known.addresses().isEmpty() && !due) {
      return;
    }
    List<String> addresses = new ArrayList<>();
    addresses.addAll(LocalAddresses.ofFibTrie(proc.lines(envoy, "net/fib_trie")));
    addresses.addAll(LocalAddresses.ofIfInet6(proc.lines(envoy, "net/if_inet6")));
    Pod pod = new Pod(netns, CgroupPath.of(proc.lines(envoy, "cgroup")).podUid(), addresses);
    present.put(netns, pod);
    if (known == null) {
      Set<Integer> ports = ListeningPorts.of(proc.lines(envoy, "net/tcp"));
      ports.addAll(ListeningPorts.of(proc.lines(envoy, "net/tcp6")));
      listener.appeared(pod, ports);
      watched.add(netns);
    }
  }

  private void leave(Pod pod) {
    synchronized (gone) {
      gone.put(pod.netns(), pod);
    }
    present.remove(pod.netns());
    watched.remove(pod.netns());
    listener.disappeared(pod);
  }
}
