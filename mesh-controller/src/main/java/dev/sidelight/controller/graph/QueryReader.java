/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Kiali's parameters, in its defaults and with its messages. One query. */
final class QueryReader {

  private static final int MIN_SECONDS = 5;
  private static final int MAX_SECONDS = 900;
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:(\\d{1,6})y)?(?:(\\d{1,6})w)?(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?"
              + "(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");
  private static final long[] DURATION_MILLIS = {
    31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
  };
  private static final Pattern EPOCH_SECONDS = Pattern.compile("-?\\d{1,12}");
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");
  private static final Set<String> BOXES =
      Set.of(GraphBox.APP, GraphBox.CLUSTER, GraphBox.NAMESPACE);
  private static final String NONE = "none";
  private static final Set<String> HTTP_RATES = Set.of(NONE, GraphQuery.REQUESTS);
  private static final Set<String> GRPC_RATES =
      Set.of(NONE, GraphQuery.REQUESTS, "received", "sent", "total");
  private static final Set<String> TCP_RATES = Set.of(NONE, "received", "sent", "total");

  // deps
  private final Map<String, String> parameters;
  private final Predicate<String> known;

  QueryReader(Map<String, String> parameters, Predicate<String> known) {
    this.parameters = parameters;
    this.known = known;
  }

  /**
   * The query.
   *
   * @throws BadQueryException where Kiali would refuse it
   */
  GraphQuery read(long nowEpochSecond) {
    int durationSeconds = durationSeconds(text("duration", "10m"));
    GraphType type = GraphType.of(text("graphType", "workload"));
    Set<String> boxes = boxes(text("boxBy", ""));
    boolean idleEdges = flag("includeIdleEdges");
    boolean injectsServices = flag("injectServiceNodes") || type == GraphType.SERVICE;
    long lastEpochSecond = epochSecond(text("queryTime", Long.toString(nowEpochSecond)));
    Set<String> namespaces = namespaces(text("namespaces", ""));
    return new GraphQuery(
        namespaces,
        known,
        type,
        durationSeconds,
        lastEpochSecond,
        injectsServices,
        idleEdges,
        boxes,
        ResponseTime.of(text("responseTime", "95")),
        requestThroughput(text("throughputType", "response")),
        rate("rateHttp", "HTTP", HTTP_RATES, GraphQuery.REQUESTS),
        rate("rateGrpc", "gRPC", GRPC_RATES, GraphQuery.REQUESTS),
        rate("rateTcp", "TCP", TCP_RATES, "sent"),
        GraphQuery.split(text("appenders", "")),
        flag("hops"));
  }

  /** Empty counts as absent. */
  private String text(String parameter, String absent) {
    String value = parameters.getOrDefault(parameter, "");
    return value.isEmpty() ? absent : value;
  }

  /** Prometheus' form. Longer windows than are held are cut to what is held. */
  private static int durationSeconds(String value) {
    Matcher matcher = DURATION.matcher(value);
    long millis = 0;
    if (matcher.matches()) {
      for (int unit = 0; unit < DURATION_MILLIS.length; unit++) {
        String number = matcher.group(unit + 1);
        millis += number == null ? 0 : Long.parseLong(number) * DURATION_MILLIS[unit];
      }
    }
    if (millis < MIN_SECONDS * 1000L) {
      throw BadQueryException.badRequest("Invalid duration [" + value + "]");
    }
    return (int) Math.min(millis / 1000, MAX_SECONDS);
  }

  private static Set<String> boxes(String value) {
    if (value.isEmpty()) {
      return Set.of();
    }
    Set<String> boxes = GraphQuery.split(value);
    if (boxes.isEmpty() || !BOXES.containsAll(boxes)) {
      throw BadQueryException.badRequest("Invalid boxBy [" + value + "]");
    }
    return boxes;
  }

  private boolean flag(String parameter) {
    String value = text(parameter, "false");
    if (!TRUE.contains(value) && !FALSE.contains(value)) {
      throw BadQueryException.badRequest("Invalid " + parameter + " [" + value + "]");
    }
    return TRUE.contains(value);
  }

  private static long epochSecond(String value) {
    if (!EPOCH_SECONDS.matcher(value).matches()) {
      throw BadQueryException.badRequest("Invalid queryTime [" + value + "]");
    }
    return Long.parseLong(value);
  }

  private Set<String> namespaces(String value) {
    Set<String> namespaces = GraphQuery.split(value);
    if (namespaces.isEmpty()) {
      throw BadQueryException.badRequest(
          "At least one namespace must be specified via the namespaces query parameter.");
    }
    for (String namespace : namespaces) {
      if (!known.test(namespace)) {
        throw BadQueryException.forbidden(
            "Requested namespace [" + namespace + "] is not accessible.");
      }
    }
    return namespaces;
  }

  private static boolean requestThroughput(String value) {
    return switch (value) {
      case "request" -> true;
      case "response" -> false;
      default ->
          throw BadQueryException.badRequest(
              "Invalid throughputType, expecting one of (request, response). [" + value + "]");
    };
  }

  private String rate(String parameter, String protocol, Set<String> rates, String absent) {
    String value = text(parameter, absent);
    if (!rates.contains(value)) {
      throw BadQueryException.badRequest("Invalid " + protocol + " Rate [" + value + "]");
    }
    return value;
  }
}
