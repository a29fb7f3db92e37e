/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Kiali's parameters, understood.
 *
 * @param namespaces those asked for
 * @param known whether a namespace is known
 * @param type what nodes stand for
 * @param durationSeconds length of the window
 * @param lastEpochSecond its last second
 * @param injectsServices whether services stand between source and destination
 * @param idleEdges whether edges without traffic are drawn
 * @param boxes boxes asked for
 * @param responseTime which one edges show
 * @param requestThroughput whether throughput is of requests instead of responses
 * @param rateHttp Kiali's rateHttp
 * @param rateGrpc Kiali's rateGrpc
 * @param rateTcp Kiali's rateTcp
 * @param appenders those asked for; empty for all
 * @param hops whether hop nodes are drawn
 */
record GraphQuery(
    Set<String> namespaces,
    Predicate<String> known,
    GraphType type,
    int durationSeconds,
    long lastEpochSecond,
    boolean injectsServices,
    boolean idleEdges,
    Set<String> boxes,
    ResponseTime responseTime,
    boolean requestThroughput,
    String rateHttp,
    String rateGrpc,
    String rateTcp,
    Set<String> appenders,
    boolean hops) {

  private static final String RECEIVED = "received";
  private static final String SENT = "sent";
  static final String REQUESTS = "requests";

  /** Whether an appender of Kiali would run. */
  boolean appends(String appender) {
    return appenders.isEmpty() || appenders.contains(appender);
  }

  boolean draws(String protocol) {
    return switch (protocol) {
      case Rates.HTTP -> rateHttp.equals(REQUESTS);
      // Messages are not counted: of sent, received and total nothing can be told.
      case Rates.GRPC -> rateGrpc.equals(REQUESTS);
      case Rates.TCP -> !rateTcp.equals("none");
      default -> false;
    };
  }

  /** Sent is what the source sent, as in Kiali. */
  long tcpBytes(GraphTcpEdge edge) {
    return switch (rateTcp) {
      case SENT -> edge.bytesReceived();
      case RECEIVED -> edge.bytesSent();
      default -> edge.bytesReceived() + edge.bytesSent();
    };
  }

  boolean asksFor(Workload source, Workload destination, DestinationService service) {
    String of =
        GraphNode.isKnown(destination.namespace()) ? destination.namespace() : service.namespace();
    return namespaces.contains(source.namespace()) || namespaces.contains(of);
  }

  boolean boxesBy(String box) {
    return boxes.contains(box) || (box.equals(GraphBox.APP) && type.ofApps());
  }

  boolean isOutside(GraphNode node) {
    return !node.nodeType().equals(GraphNode.UNKNOWN_TYPE)
        && GraphNode.isKnown(node.namespace())
        && !namespaces.contains(node.namespace());
  }

  boolean isInaccessible(GraphNode node) {
    return node.nodeType().equals(GraphNode.UNKNOWN_TYPE) || !known.test(node.namespace());
  }

  GraphWindow window() {
    return new GraphWindow(durationSeconds, lastEpochSecond, hops, idleEdges);
  }

  static Set<String> split(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
