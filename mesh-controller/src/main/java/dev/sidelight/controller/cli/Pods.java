/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Which pod is meant. */
final class Pods {

  private static final int MOST_NAMED = 10;

  private Pods() {}

  /** NAMESPACE/NAME, or the id where the probe's registry knows no name. */
  static String name(JsonNode pod) {
    String name = pod.path("name").asText();
    return name.isEmpty() ? pod.path("id").asText() : pod.path("namespace").asText() + "/" + name;
  }

  /** By id, NAMESPACE/NAME, NAME or workload, whichever fits one pod alone. */
  static JsonNode find(JsonNode pods, String wanted) {
    for (Predicate<JsonNode> fits : ways(wanted)) {
      List<JsonNode> found = new ArrayList<>();
      for (JsonNode pod : pods) {
        if (fits.test(pod)) {
          found.add(pod);
        }
      }
      if (found.size() == 1) {
        return found.get(0);
      }
      if (found.size() > 1) {
        throw new CommandException(
            wanted + " is " + found.size() + " pods; name one: " + list(found));
      }
    }
    List<JsonNode> all = new ArrayList<>();
    pods.forEach(all::add);
    throw new CommandException(
        all.isEmpty()
            ? "no probe tells of a pod; sidelight status says whether one is connected"
            : "no probe tells of a pod " + wanted + "; there are " + list(all));
  }

  private static List<Predicate<JsonNode>> ways(String wanted) {
    return List.of(
        pod -> wanted.equals(pod.path("id").asText()),
        pod -> wanted.equals(name(pod)),
        pod -> wanted.equals(pod.path("name").asText()),
        pod -> Calls.isWorkload(pod, wanted));
  }

  private static String list(List<JsonNode> pods) {
    return String.join(", ", pods.stream().limit(MOST_NAMED).map(Pods::name).toList())
        + (pods.size() > MOST_NAMED ? " and others (sidelight pods)" : "");
  }
}
