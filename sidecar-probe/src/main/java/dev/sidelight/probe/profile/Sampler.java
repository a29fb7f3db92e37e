/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import dev.sidelight.hop.v1.ExchangeSample;
import dev.sidelight.hop.v1.ExchangeSample.Why;
import dev.sidelight.hop.v1.ExchangeSampling;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.probe.hop.EndPoints;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HopExchange;
import dev.sidelight.probe.hop.HttpHead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Picks the exchanges of a task's pod that are told singly: those whose bytes were readable, each
 * once, as its initiator saw it, or its acceptor where that alone was seen. Thread-safe.
 */
final class Sampler {
  private static final int PER_SECOND = 10;

  /** Keeps a report far below the 4 MiB of a message. */
  private static final int BYTES_MAX = 512 * 1024;

  private static final int SAMPLED_REMEMBERED = 1024;
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  /** An exchange that was told of while its connection lay idle may come again. */
  private record Sampled(long cookie, int index) {}

  // deps
  private final ExchangeSampling sampling;
  private final int netns;
  private final int perSecondMax;
  private final Set<String> values;
  private final LongSupplier nanoTime;

  // state
  private final Set<Sampled> sampled =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Sampled, Boolean> eldest) {
              return size() > SAMPLED_REMEMBERED;
            }
          });
  private List<ExchangeSample> samples = new ArrayList<>();
  private int bytes;
  private int omitted;
  private long second;
  private int ofSecond;

  /**
   * Nothing sampled yet.
   *
   * @param netns of the task's pod
   * @param perSecondMax whatever the task asks for
   */
  Sampler(ExchangeSampling sampling, int netns, int perSecondMax, LongSupplier nanoTime) {
    this.sampling = sampling;
    this.netns = netns;
    int asked = sampling.getPerSecondMax() == 0 ? PER_SECOND : sampling.getPerSecondMax();
    this.perSecondMax = Integer.compareUnsigned(asked, perSecondMax) < 0 ? asked : perSecondMax;
    this.nanoTime = nanoTime;
    values = lowerCase(sampling.getHeaderValuesList()).collect(Collectors.toUnmodifiableSet());
  }

  /** Names of headers as they are compared. */
  static Stream<String> lowerCase(List<String> names) {
    return names.stream().map(name -> name.trim().toLowerCase(Locale.ROOT));
  }

  int netns() {
    return netns;
  }

  /** Samples an exchange of the pod, or not. */
  synchronized void accept(HopExchange exchange) {
    HopEnd end = Objects.requireNonNullElse(exchange.initiator(), exchange.acceptor());
    HttpHead head = head(exchange);
    long duration = durationNanos(end);
    Why why = why(head.status(), duration);
    if (head.isNone()
        || why == Why.WHY_UNSPECIFIED
        || !sampled.add(new Sampled(end.cookie(), end.points().exchangeIndex()))) {
      return;
    }
    if (!isWithinSecond()) {
      omitted++;
      return;
    }
    ExchangeSample sample = sample(exchange, end, head, why, duration);
    if (bytes + sample.getSerializedSize() > BYTES_MAX) {
      omitted++;
      return;
    }
    bytes += sample.getSerializedSize();
    samples.add(sample);
  }

  /** Adds what was sampled since the last time. */
  synchronized void addTo(ProfileReport.Builder report) {
    report.addAllSamples(samples).setSamplesOmitted(omitted);
    samples = new ArrayList<>();
    bytes = 0;
    omitted = 0;
  }

  private boolean isWithinSecond() {
    long now = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    if (now != second) {
      second = now;
      ofSecond = 0;
    }
    return ++ofSecond <= perSecondMax;
  }

  private Why why(int status, long durationNanos) {
    if (sampling.getServerErrors() && status >= SERVER_ERROR) {
      return Why.SERVER_ERROR;
    }
    if (sampling.getClientErrors() && status >= CLIENT_ERROR && status < SERVER_ERROR) {
      return Why.CLIENT_ERROR;
    }
    long slow = sampling.getSlowNanos();
    return slow != 0 && Long.compareUnsigned(durationNanos, slow) >= 0
        ? Why.SLOW
        : Why.WHY_UNSPECIFIED;
  }

  private ExchangeSample sample(
      HopExchange exchange, HopEnd end, HttpHead head, Why why, long durationNanos) {
    HopEnd initiator = exchange.initiator();
    HopEnd acceptor = exchange.acceptor();
    SampledHead request = SampledHead.ofRequest(initiator, acceptor, values);
    SampledHead response = SampledHead.ofResponse(initiator, acceptor, values);
    boolean cut =
        (!head.method().isEmpty() && !request.isWhole())
            || (head.status() != 0 && !response.isWhole());
    return ExchangeSample.newBuilder()
        .setWhy(why)
        .setSocketCookie(end.cookie())
        .setRole(end.isInitiator() ? Role.INITIATOR : Role.ACCEPTOR)
        .setProcess(end.process())
        .setStartMonotonicNanos(startNanos(end))
        .setDurationNanos(durationNanos)
        .setProtocol(head.protocol())
        .setMethod(head.method())
        .setPathTemplate(head.pathTemplate())
        .setStatus(head.status())
        .setRequestId(head.requestId())
        .addAllRequestHeaders(request.headers())
        .addAllResponseHeaders(response.headers())
        .setHeadersTruncated(cut)
        .build();
  }

  private static HttpHead head(HopExchange exchange) {
    if (exchange.isPaired()) {
      return exchange.initiator().head().and(exchange.acceptor().head());
    }
    return Objects.requireNonNullElse(exchange.initiator(), exchange.acceptor()).head();
  }

  private static long startNanos(HopEnd end) {
    EndPoints points = end.points();
    if (end.isInitiator()) {
      return points.sends().firstNanos();
    }
    return points.arrivals().isNone()
        ? points.reads().firstNanos()
        : points.arrivals().firstNanos();
  }

  /** 0 where it is not known. */
  private static long durationNanos(HopEnd end) {
    EndPoints points = end.points();
    long start = startNanos(end);
    long last = end.isInitiator() ? points.reads().lastNanos() : points.sends().lastNanos();
    return start == 0 || last < start ? 0 : last - start;
  }
}
