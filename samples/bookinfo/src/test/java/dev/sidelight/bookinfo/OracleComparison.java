/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares what Sidelight tells of planned calls with what their programs saw, call by call. */
final class OracleComparison {

  private static final long TOLERANCE_NANOS = 1_000_000;
  private static final int SHOWN = 10;
  private static final long NANOS_PER_MICRO = 1_000;

  // state
  private final Map<String, Integer> discards = new TreeMap<>();
  private final Map<String, Integer> missesByComponent = new TreeMap<>();
  private final Map<String, List<Long>> deviations = new LinkedHashMap<>();
  private final List<String> examples = new ArrayList<>();
  private int requests;
  private int compared;
  private int right;
  private int foreign;

  /**
   * Compares.
   *
   * @param observed the planned calls
   * @param told every call that the API tells of them
   */
  OracleComparison(Collection<ObservedCall> observed, Collection<Call> told) {
    Map<String, List<Call>> toldById = told.stream().collect(groupingBy(Call::requestId));
    for (ObservedCall call : observed) {
      requests++;
      List<Call> tellings =
          toldById.getOrDefault(call.caller().requestId(), List.of()).stream()
              .filter(telling -> !isEarlierAttempt(call, telling))
              .toList();
      String reason = discardReason(call, tellings);
      if (reason == null) {
        compare(call, tellings.get(0));
      } else {
        discards.merge(reason, 1, Integer::sum);
      }
    }
  }

  /** What the destination tells of an attempt that the source's sidecar made again: one-sided. */
  private static boolean isEarlierAttempt(ObservedCall call, Call telling) {
    return call.attempts().size() > 1 && telling.reason().equals("no_source_entry");
  }

  /** Why a call cannot be compared; null where it can. */
  private static String discardReason(ObservedCall call, List<Call> tellings) {
    if (call.attempts().isEmpty()) {
      return "not_at_the_app";
    }
    if (tellings.size() != 1) {
      return tellings.isEmpty() ? "not_told" : "told_twice";
    }
    Call told = tellings.get(0);
    return told.isFull() ? null : told.coverage() + "/" + told.reason();
  }

  private void compare(ObservedCall call, Call told) {
    compared++;
    if (isForeign(call, told)) {
      foreign++;
      show("carries another request's end", call, told);
    }
    List<String> missed = new ArrayList<>();
    Map<String, Long> values = values(told);
    call.brackets()
        .forEach(
            (component, bracket) -> {
              Long value = values.get(component);
              if (value == null) {
                missed.add(component + " is missing");
                missesByComponent.merge(component, 1, Integer::sum);
                return;
              }
              deviations
                  .computeIfAbsent(component, key -> new ArrayList<>())
                  .add(bracket.deviationNanos(value));
              if (bracket.missNanos(value) > TOLERANCE_NANOS) {
                missed.add(component + "=" + value + " not in " + bracket);
                missesByComponent.merge(component, 1, Integer::sum);
              }
            });
    if (missed.isEmpty()) {
      right++;
    } else {
      show(missed.toString(), call, told);
    }
  }

  private void show(String what, ObservedCall call, Call told) {
    if (examples.size() < SHOWN) {
      examples.add(what + ": " + call + " told as " + told.json());
    }
  }

  /** Whether an end of the call belongs to another request, by its id or by its connection. */
  private static boolean isForeign(ObservedCall call, Call told) {
    for (JsonNode end : told.json().get("ends")) {
      String id = end.path("requestId").asText();
      if (!id.isEmpty() && !id.equals(told.requestId())) {
        return true;
      }
    }
    return port(told, "sourceApp", "local") != call.caller().port()
        || port(told, "destinationApp", "remote") != call.answering().port();
  }

  private static int port(Call told, String end, String side) {
    return told.json().at("/ends/" + end + "/" + side + "/port").asInt();
  }

  private static Map<String, Long> values(Call told) {
    Map<String, Long> values = new LinkedHashMap<>(told.components());
    // Whoever is to be charged with it, what the program saw is its first and last write.
    for (String transfer : List.of("request_transfer", "response_transfer")) {
      Long blocked = values.remove(transfer + "_blocked");
      if (blocked != null) {
        values.put(transfer, blocked);
      }
    }
    long outside =
        values.getOrDefault("request_transfer", 0L)
            + values.getOrDefault("application", 0L)
            + values.getOrDefault("response_transfer", 0L);
    long inSockets =
        values.getOrDefault("application_queue", 0L)
            + values.getOrDefault("source_application_read", 0L);
    values.put("total", told.totalNanos());
    values.put(ObservedCall.BETWEEN, told.totalNanos() - outside);
    values.put(ObservedCall.REST, told.totalNanos() - outside - inSockets);
    return values;
  }

  int requests() {
    return requests;
  }

  int compared() {
    return compared;
  }

  int discarded() {
    return requests - compared;
  }

  /** Calls whose every component lies inside its bracket, give or take a millisecond. */
  int right() {
    return right;
  }

  /** Calls with an end of another request. */
  int foreign() {
    return foreign;
  }

  /** The first calls that are not right, with all that is known of them. */
  List<String> examples() {
    return examples;
  }

  /** One line of figures; deviations from the middles of the brackets, in microseconds. */
  String line() {
    StringBuilder line =
        new StringBuilder(
            "requests=%d compared=%d right=%d wrong=%d %s foreign=%d discarded=%d %s; us from the middle p50/p99:"
                .formatted(
                    requests,
                    compared,
                    right,
                    compared - right,
                    missesByComponent,
                    foreign,
                    discarded(),
                    discards));
    deviations.forEach(
        (component, nanos) -> {
          nanos.sort(null);
          line.append(" %s %d/%d".formatted(component, micros(nanos, 0.5), micros(nanos, 0.99)));
        });
    return line.toString();
  }

  private static long micros(List<Long> sorted, double quantile) {
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * quantile)))
        / NANOS_PER_MICRO;
  }
}
