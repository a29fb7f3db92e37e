/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods from a JSON file: an array of objects with namespace, name, workload, app, version, and at
 * least one of netns, uid and address. It is read again whenever it has changed, and a file that
 * cannot be read changes nothing. The scanning thread's.
 */
final class FileRegistry implements PodRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(FileRegistry.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  // deps
  private final Path file;
  private final PodIndex index;

  // state
  private String version = "";
  private String complaint = "";
  private volatile boolean synced;

  FileRegistry(Path file, PodIndex index) {
    this.file = file;
    this.index = index;
  }

  @Override
  public void start() {
    refresh();
  }

  @Override
  public void refresh() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      String found =
          attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
      if (found.equals(version)) {
        return;
      }
      version = found;
      index.replaceAll(pods(JSON.readTree(file.toFile())));
      synced = true;
      complaint = "";
      LOG.info("{} pods named by {}", index.size(), file);
    } catch (JsonProcessingException e) {
      complain("is no JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      complain(e.getMessage());
    } catch (IOException e) {
      // It may come back as it was.
      version = "";
      complain(e.toString());
    }
  }

  @Override
  public boolean isSynced() {
    return synced;
  }

  @Override
  public void close() {}

  private void complain(String what) {
    synced = false;
    // Each scan would say it again.
    if (!what.equals(complaint)) {
      complaint = what;
      LOG.warn(
          "the registry {} cannot be used, and pods keep what names they have: {}", file, what);
    }
  }

  private static List<RegisteredPod> pods(JsonNode root) {
    if (!root.isArray()) {
      throw new IllegalArgumentException("it must be an array of pods");
    }
    List<RegisteredPod> pods = new ArrayList<>();
    for (JsonNode node : root) {
      int netns = (int) node.path("netns").asLong();
      String uid = node.path("uid").asText("");
      String address = node.path("address").asText("");
      if (netns == 0 && uid.isEmpty() && address.isEmpty()) {
        throw new IllegalArgumentException("a pod without netns, uid and address: " + node);
      }
      List<String> addresses =
          address.isEmpty() ? List.of() : List.of(LocalAddresses.canonical(address));
      Workload workload =
          new Workload(
              required(node, "namespace"),
              required(node, "workload"),
              node.path("name").asText(""),
              node.path("app").asText(""),
              node.path("version").asText(""));
      pods.add(new RegisteredPod(netns, uid, addresses, workload));
    }
    return pods;
  }

  private static String required(JsonNode node, String field) {
    String value = node.path(field).asText("");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a pod without " + field + ": " + node);
    }
    return value;
  }
}
