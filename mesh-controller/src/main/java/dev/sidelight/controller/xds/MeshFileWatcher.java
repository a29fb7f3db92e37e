/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the mesh file again whenever it changes, be it written in place or replaced. Has one daemon
 * thread of its own, which calls both consumers.
 */
final class MeshFileWatcher implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(MeshFileWatcher.class);

  /** A file written in place is briefly half a file: an error counts once no write follows it. */
  private static final long SETTLE_MILLIS = 25;

  // deps
  private final Path file;
  private final MeshFileReader reader;
  private final Consumer<Mesh> onMesh;
  private final Consumer<IllegalArgumentException> onInvalid;
  private final WatchService watchService;
  private final Thread thread;

  /** Watches from the return of the constructor on, and reports from {@link #start} on. */
  MeshFileWatcher(Path file, Consumer<Mesh> onMesh, Consumer<IllegalArgumentException> onInvalid) {
    this.file = file.toAbsolutePath();
    this.reader = new MeshFileReader(file);
    this.onMesh = onMesh;
    this.onInvalid = onInvalid;
    this.thread = new Thread(this::run, "mesh-file-watcher");
    this.thread.setDaemon(true);
    try {
      this.watchService = this.file.getFileSystem().newWatchService();
      this.file
          .getParent()
          .register(
              watchService,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
    } catch (IOException e) {
      throw new IllegalArgumentException("mesh file " + file + ": cannot be watched: " + e, e);
    }
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    try {
      watchService.close();
    } catch (IOException e) {
      LOGGER.warn("the watch on mesh file {} was not closed", file, e);
    }
  }

  private void run() {
    IllegalArgumentException invalid = null;
    try {
      while (true) {
        WatchKey key = invalid == null ? watchService.take() : settled();
        if (key == null) {
          onInvalid.accept(invalid);
          invalid = null;
          continue;
        }
        boolean changed = concernsFile(key);
        if (!key.reset()) {
          LOGGER.error("the directory of mesh file {} is gone: restart to watch it again", file);
          return;
        }
        if (changed) {
          invalid = read();
        }
      }
    } catch (ClosedWatchServiceException e) {
      LOGGER.debug("the watch on mesh file {} ends", file);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private WatchKey settled() throws InterruptedException {
    return watchService.poll(SETTLE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Reports a valid file; returns what is wrong with an invalid one, else null. */
  private IllegalArgumentException read() {
    Mesh mesh;
    try {
      mesh = reader.read();
    } catch (IllegalArgumentException e) {
      return e;
    }
    onMesh.accept(mesh);
    return null;
  }

  private boolean concernsFile(WatchKey key) {
    boolean concerns = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      concerns |=
          event.kind() == StandardWatchEventKinds.OVERFLOW
              || file.getFileName().equals(event.context());
    }
    return concerns;
  }
}
