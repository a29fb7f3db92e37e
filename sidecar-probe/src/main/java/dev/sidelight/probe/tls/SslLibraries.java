/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenSSLs that processes of watched pods use, each attached while one does. A process is
 * looked at often while it is young and rarely afterwards, since it may load a library at any time.
 * {@link #scan} and {@link #close} belong to one thread; {@link #counts} to any.
 */
public final class SslLibraries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SslLibraries.class);
  private static final int YOUNG_SCANS = 20;
  private static final int RESCAN_EVERY = 20;
  private static final int WITHOUT_SSL_MAX = 1000;

  private static final class Library {
    final LibraryState state;
    final SslAttacher.Attachment attachment;
    final String path;

    Library(LibraryState state, SslAttacher.Attachment attachment, String path) {
      this.state = state;
      this.attachment = attachment;
      this.path = path;
    }
  }

  private static final class Watched {
    int scans;
    Set<String> identities = Set.of();
  }

  // deps
  private final Path proc;
  private final SslAttacher attacher;

  // state
  private final Map<Integer, Watched> processes = new HashMap<>();
  private final Map<String, Library> libraries = new ConcurrentHashMap<>();
  private final Set<String> withoutSsl = new HashSet<>();

  /**
   * Knows no process yet.
   *
   * @param proc where /proc is mounted
   * @param attacher attaches to what is found
   */
  public SslLibraries(Path proc, SslAttacher attacher) {
    this.proc = proc;
    this.attacher = attacher;
  }

  /**
   * Looks once, attaches to what is new and releases what nobody uses any more.
   *
   * @param ids the processes of watched pods
   */
  public void scan(Collection<Integer> ids) {
    processes.keySet().retainAll(ids);
    Set<String> used = new HashSet<>();
    for (int id : ids) {
      Watched process = processes.computeIfAbsent(id, unseen -> new Watched());
      process.scans++;
      if (process.scans <= YOUNG_SCANS || (process.scans + id) % RESCAN_EVERY == 0) {
        look(id, process);
      }
      used.addAll(process.identities);
    }
    for (String identity : new ArrayList<>(libraries.keySet())) {
      if (!used.contains(identity)) {
        release(identity);
      }
    }
    // An inode may be used again; and nothing grows for ever.
    if (withoutSsl.size() > WITHOUT_SSL_MAX) {
      withoutSsl.clear();
    }
  }

  /** How many libraries are in each state. */
  public Map<LibraryState, Integer> counts() {
    Map<LibraryState, Integer> counts = new EnumMap<>(LibraryState.class);
    for (LibraryState state : LibraryState.values()) {
      counts.put(state, 0);
    }
    libraries.values().forEach(library -> counts.merge(library.state, 1, Integer::sum));
    return counts;
  }

  /** Releases all. */
  @Override
  public void close() {
    new ArrayList<>(libraries.keySet()).forEach(this::release);
  }

  private void look(int id, Watched process) {
    Set<String> found = new HashSet<>();
    lookAtExecutable(id, found);
    Path root = proc.resolve(Integer.toString(id)).resolve("root");
    for (MappedLibrary mapped : MappedLibrary.of(lines(id))) {
      found.add(mapped.identity());
      String path = mapped.pathBelow(target(root));
      // Not resolve(): an absolute path would leave the container.
      libraries.computeIfAbsent(mapped.identity(), unseen -> attach(Path.of(root + path), path));
    }
    process.identities = found;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "/";
    }
  }

  /** node and its like carry OpenSSL themselves, and export it. */
  private void lookAtExecutable(int id, Set<String> found) {
    Path executable = proc.resolve(Integer.toString(id)).resolve("exe");
    String identity;
    try {
      identity =
          "exe:"
              + Files.getAttribute(executable, "unix:dev")
              + ":"
              + Files.getAttribute(executable, "unix:ino");
    } catch (IOException e) {
      // It ended meanwhile, or is the kernel's.
      return;
    }
    if (withoutSsl.contains(identity)) {
      return;
    }
    if (!libraries.containsKey(identity)) {
      Map<SslFunction, Long> offsets = ElfSymbols.of(executable);
      if (!isComplete(offsets)) {
        withoutSsl.add(identity);
        return;
      }
      libraries.put(identity, attach(executable, identity, offsets));
    }
    found.add(identity);
  }

  private Library attach(Path file, String name) {
    return attach(file, name, ElfSymbols.of(file));
  }

  private Library attach(Path file, String name, Map<SslFunction, Long> offsets) {
    if (!isComplete(offsets)) {
      LOG.warn(
          "OpenSSL in {} cannot be read: what its processes send and receive has no names", file);
      return new Library(LibraryState.UNREADABLE, null, name);
    }
    try {
      SslAttacher.Attachment attachment = attacher.attach(file, offsets);
      LOG.info("OpenSSL in {} attached ({} functions)", file, offsets.size());
      return new Library(LibraryState.ATTACHED, attachment, name);
    } catch (RuntimeException e) {
      LOG.warn("OpenSSL in {} refused: {}", file, e.getMessage());
      return new Library(LibraryState.REFUSED, null, name);
    }
  }

  private void release(String identity) {
    Library library = libraries.remove(identity);
    if (library.attachment != null) {
      library.attachment.close();
      LOG.info(
          "OpenSSL in {} released: no process of a watched pod uses it any more", library.path);
    }
  }

  private static boolean isComplete(Map<SslFunction, Long> offsets) {
    return offsets.containsKey(SslFunction.READ) && offsets.containsKey(SslFunction.WRITE);
  }

  private List<String> lines(int id) {
    try {
      return Files.readAllLines(
          proc.resolve(Integer.toString(id)).resolve("maps"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }
}
