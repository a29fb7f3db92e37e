/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A place in the mesh file. Whatever is wrong there is an {@link IllegalArgumentException} that
 * names the file, the JSON path and what should stand there instead.
 */
record MeshFileNode(Path file, String path, JsonNode json) {

  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
  private static final int MAX_PORT = 65535;

  /** The member, which must be there. */
  MeshFileNode member(String name) {
    MeshFileNode member = new MeshFileNode(file, path + "." + name, json.path(name));
    if (member.json.isMissingNode()) {
      throw member.wrong("is missing: add it");
    }
    return member;
  }

  /** Refuses members that nobody would read: most are typing errors. */
  MeshFileNode withMembers(String... names) {
    if (!json.isObject()) {
      throw wrong("must be an object with " + String.join(", ", names));
    }
    Set<String> unknown = new TreeSet<>();
    json.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(List.of(names));
    if (!unknown.isEmpty()) {
      throw wrong(
          "has unknown members "
              + unknown
              + ": remove them or write one of "
              + String.join(", ", names));
    }
    return this;
  }

  /** A member that may be left out, which is false. */
  boolean flag(String name) {
    MeshFileNode member = new MeshFileNode(file, path + "." + name, json.path(name));
    if (!member.json.isMissingNode() && !member.json.isBoolean()) {
      throw member.wrong("must be true or false, but is " + member.json);
    }
    return member.json.asBoolean();
  }

  List<MeshFileNode> elements() {
    if (!json.isArray()) {
      throw wrong("must be an array, but is " + json);
    }
    List<MeshFileNode> elements = new ArrayList<>();
    for (JsonNode element : json) {
      elements.add(new MeshFileNode(file, path + "[" + elements.size() + "]", element));
    }
    return elements;
  }

  String text() {
    if (!json.isTextual() || json.textValue().isBlank()) {
      throw wrong("must be a text that is not empty, but is " + json);
    }
    return json.textValue();
  }

  String ipv4Address() {
    if (!json.isTextual() || !IPV4.matcher(json.textValue()).matches()) {
      throw wrong("must be an IPv4 address like \"10.77.0.13\", but is " + json);
    }
    return json.textValue();
  }

  int port() {
    if (!json.isInt() || json.intValue() < 1 || json.intValue() > MAX_PORT) {
      throw wrong("must be a port from 1 to " + MAX_PORT + ", but is " + json);
    }
    return json.intValue();
  }

  int atMost(int maximum) {
    if (!json.isInt() || json.intValue() < 0 || json.intValue() > maximum) {
      throw wrong("must be a whole number from 0 to " + maximum + ", but is " + json);
    }
    return json.intValue();
  }

  String oneOf(Collection<String> allowed) {
    if (!json.isTextual() || !allowed.contains(json.textValue())) {
      throw wrong("must be one of " + String.join(", ", allowed) + ", but is " + json);
    }
    return json.textValue();
  }

  Path absolutePath() {
    Path directory = Path.of(text());
    if (!directory.isAbsolute()) {
      throw wrong(
          "must be an absolute path, since the proxies read it from other directories, but is "
              + json);
    }
    return directory;
  }

  IllegalArgumentException wrong(String message) {
    return new IllegalArgumentException("mesh file " + file + ": " + path + " " + message);
  }
}
