/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A graph in which productpage calls reviews, and whatever else: spellings, orders, fields that
 * nobody knows, other nodes. The same generator makes the same graph.
 */
final class RandomGraph {

  private static final List<String> NUMBERS =
      List.of("0", "-0", "1.50", "1e3", "1E+2", "-12.340e-2", "123456789012345678901234567890");
  private static final List<String> CHARACTERS =
      List.of(
          "a", "]", "}", "{", "[", ",", ":", "\\\"", "\\\\", "\\u00e9", "é", "漢", "😀", "\\/", " ");

  private final Random random;
  private final long timestamp;

  RandomGraph(Random random, long timestamp) {
    this.random = random;
    this.timestamp = timestamp;
  }

  byte[] json() {
    List<String> nodes = new ArrayList<>();
    nodes.add(node("p", "workload", "productpage-v1", "productpage"));
    nodes.add(node("r", "workload", "reviews-v1", "reviews"));
    List<String> edges = new ArrayList<>();
    edges.add(edge("p", "r"));
    for (int i = random.nextInt(4); i > 0; i--) {
      nodes.add(node("n" + i, "service", "other-" + i, text()));
      edges.add(edge("n" + i, random.nextBoolean() ? "p" : "n" + i));
    }
    Collections.shuffle(nodes, random);
    Collections.shuffle(edges, random);
    String elements =
        object(field("nodes", array(nodes)), field("edges", array(edges)), unknownField());
    String graph =
        object(
            field("timestamp", Long.toString(timestamp)),
            field("duration", "600"),
            field("graphType", "\"workload\""),
            field("elements", elements),
            unknownField());
    return (space() + graph + space()).getBytes(StandardCharsets.UTF_8);
  }

  private String node(String id, String type, String workload, String app) {
    return wrapped(
        field("id", quoted(id)),
        field("nodeType", quoted(type)),
        field("cluster", "\"Kubernetes\""),
        field("namespace", "\"bookinfo\""),
        field("workload", quoted(workload)),
        field("app", quoted(app)),
        unknownField());
  }

  private String edge(String source, String target) {
    return wrapped(
        field("id", quoted(source + "." + target)),
        field("source", quoted(source)),
        field("target", quoted(target)),
        field("traffic", object(field("protocol", "\"http\""), unknownField())),
        unknownField());
  }

  private String wrapped(String... fields) {
    return random.nextInt(5) == 0
        ? object(field("data", object(fields)), unknownField())
        : object(field("data", object(fields)));
  }

  private String unknownField() {
    return field("x" + random.nextInt(1_000_000), value(3));
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      case 1 -> quoted(text());
      case 2 -> "null";
      case 3 -> Boolean.toString(random.nextBoolean());
      case 4 -> array(some(() -> value(depth - 1)));
      default -> object(some(() -> field("y" + random.nextInt(1_000_000), value(depth - 1))));
    };
  }

  private List<String> some(Supplier<String> supplier) {
    List<String> values = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(supplier.get());
    }
    return values;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(CHARACTERS.get(random.nextInt(CHARACTERS.size())));
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private String field(String name, String value) {
    return quoted(name) + space() + ":" + space() + value;
  }

  private String object(String... fields) {
    return object(List.of(fields));
  }

  private String object(List<String> fields) {
    List<String> shuffled = new ArrayList<>(fields);
    Collections.shuffle(shuffled, random);
    return "{" + joined(shuffled) + "}";
  }

  private String array(List<String> elements) {
    return "[" + joined(elements) + "]";
  }

  private String joined(List<String> parts) {
    return space() + String.join(space() + "," + space(), parts) + space();
  }

  private String space() {
    return switch (random.nextInt(6)) {
      case 0 -> " ";
      case 1 -> "\n\t";
      case 2 -> "\r\n";
      default -> "";
    };
  }
}
