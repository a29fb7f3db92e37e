/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** An edge as it is drawn: one or, where nodes stand for several workloads, several. One thread. */
final class DrawnEdge {

  // deps
  private final DrawnNode source;
  private final DrawnNode target;
  private final String protocol;
  // state
  private final Rates rates;
  private final Responses responses = new Responses();
  private final List<GraphDurations> durations = new ArrayList<>();
  private final List<GraphEdge> calls = new ArrayList<>();
  private GraphPrincipals principals = GraphPrincipals.NONE;
  private long mutualTlsAmount;
  private long amount;
  private long requestBytes;
  private long responseBytes;
  private boolean besideTraffic;

  DrawnEdge(DrawnNode source, DrawnNode target, String protocol) {
    this.source = source;
    this.target = target;
    this.protocol = protocol;
    this.rates = new Rates(protocol);
  }

  void add(String code, String flags, String host, double perSecond) {
    rates.add(code, perSecond);
    responses.add(code, flags, host, perSecond);
  }

  void addCalls(GraphEdge edge) {
    calls.add(edge);
    durations.add(edge.total());
    requestBytes += edge.requestBytes();
    responseBytes += edge.responseBytes();
    addSecurity(edge.mutualTlsRequests(), edge.requests(), edge.principals());
  }

  /** Calls or bytes under mutual TLS, of all. */
  void addSecurity(long mutualTls, long all, GraphPrincipals shown) {
    mutualTlsAmount += mutualTls;
    amount += all;
    if (!shown.equals(GraphPrincipals.NONE)) {
      principals = shown;
    }
  }

  void addDurations(GraphDurations part) {
    durations.add(part);
  }

  /** What passes is no part of what its source sends. */
  void markBesideTraffic() {
    besideTraffic = true;
  }

  void addAll(DrawnEdge other) {
    rates.addAll(other.rates);
    responses.addAll(other.responses);
    durations.addAll(other.durations);
    calls.addAll(other.calls);
    requestBytes += other.requestBytes;
    responseBytes += other.responseBytes;
    addSecurity(other.mutualTlsAmount, other.amount, other.principals);
  }

  DrawnNode source() {
    return source;
  }

  DrawnNode target() {
    return target;
  }

  String protocol() {
    return protocol;
  }

  Rates rates() {
    return rates;
  }

  Responses responses() {
    return responses;
  }

  /** What it was drawn from. */
  List<GraphEdge> calls() {
    return calls;
  }

  Map<String, String> ratesOfEdge() {
    return rates.ofEdge(besideTraffic ? 0 : source.out(protocol));
  }

  GraphPrincipals principals() {
    return principals;
  }

  String id() {
    return Ids.edge(source.id(), target.id(), protocol);
  }

  /** Of the calls of all edges that it was drawn from. */
  OptionalLong responseTimeMillis(ResponseTime which) {
    return which.millis(GraphDurations.sum(durations));
  }

  /** Whole percent; empty where nothing was under mutual TLS. */
  String mutualTlsPercent() {
    return mutualTlsAmount == 0 ? "" : Rates.text(100.0 * mutualTlsAmount / Math.max(amount, 1), 0);
  }

  /** Whole bytes a second; empty where none passed. */
  String throughput(boolean ofRequests, int seconds) {
    double bytes = Rates.perSecond(ofRequests ? requestBytes : responseBytes, seconds);
    return bytes > 0 && protocol.equals(Rates.HTTP) ? Rates.text(bytes, 0) : "";
  }
}
