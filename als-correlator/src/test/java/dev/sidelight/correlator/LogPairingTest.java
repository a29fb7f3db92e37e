/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogPairingTest {

  private static final long MILLI = 1_000_000;

  @Test
  void callsOneAfterAnother_arePairedWithTheirNearest() {
    List<Leg> sources = List.of(source(0, 10), source(100, 10));
    List<Leg> destinations = List.of(destination(1, 8), destination(101, 8));

    assertPaired(sources, destinations);
  }

  @Test
  void callsThatOverlap_arePairedInTheirOrder() {
    List<Leg> sources = List.of(source(0, 50), source(10, 50), source(20, 50));
    List<Leg> destinations = List.of(destination(1, 48), destination(11, 48), destination(21, 48));

    assertPaired(sources, destinations);
  }

  @Test
  void callThatBeginsWhenTheOneBeforeEnds_overlapsWithIt() {
    Leg first = source(0, 10);
    Leg second = source(10, 10);
    Leg alone = destination(1, 8);

    assertThat(partner(first, List.of(first, second), List.of(alone))).isNull();
    Leg later = source(11, 10);
    assertThat(partner(first, List.of(first, later), List.of(alone))).isSameAs(alone);
  }

  @Test
  void overlapOfWhichOneIsMissing_hasNoPartners() {
    List<Leg> sources = List.of(source(0, 50), source(10, 50));
    Leg alone = destination(1, 48);

    assertThat(partner(sources.get(0), sources, List.of(alone))).isNull();
    assertThat(partner(sources.get(1), sources, List.of(alone))).isNull();
    assertThat(partner(alone, sources, List.of(alone))).isNull();
  }

  @Test
  void legWhosePartnerIsNearerToAnother_hasNone() {
    Leg far = source(0, 10);
    Leg near = source(60, 10);
    Leg destination = destination(61, 8);

    assertThat(partner(far, List.of(far, near), List.of(destination))).isNull();
    assertThat(partner(near, List.of(far, near), List.of(destination))).isSameAs(destination);
    assertThat(partner(destination, List.of(far, near), List.of(destination))).isSameAs(near);
  }

  @Test
  void entriesFurtherApartThanClocksMayBe_areNotPaired() {
    Leg source = source(0, 10);

    assertThat(partner(source, List.of(source), List.of(destination(1_010, 8)))).isNotNull();
    assertThat(partner(source, List.of(source), List.of(destination(1_011, 8)))).isNull();
    assertThat(partner(source, List.of(), List.of(destination(1, 8)))).isNull();
    assertThat(partner(source, List.of(source), List.of())).isNull();
  }

  @Test
  void sendUpstream_isWhatTheDestinationsStartIsComparedWith() {
    Leg waited = leg(TrafficDirection.OUTBOUND, 0, 2_000, 1_500, 1, 200);

    // Sent at 1500; within a second and the call's duration after it.
    assertThat(partner(waited, List.of(waited), List.of(destination(4_500, 8)))).isNotNull();
    assertThat(partner(waited, List.of(waited), List.of(destination(4_501, 8)))).isNull();
  }

  @Test
  void ofSeveralAttempts_theOneWhoseResponseWentOnIsPaired() {
    Leg retried = leg(TrafficDirection.OUTBOUND, 0, 50, 0, 2, 200);
    Leg failed = leg(TrafficDirection.INBOUND, 1, 8, 0, 1, 503);
    Leg right = leg(TrafficDirection.INBOUND, 1, 8, 0, 1, 200);

    assertThat(partner(retried, List.of(retried), List.of(failed))).isNull();
    assertThat(partner(retried, List.of(retried), List.of(right))).isSameAs(right);
    Leg once = leg(TrafficDirection.OUTBOUND, 0, 50, 0, 1, 200);
    assertThat(partner(once, List.of(once), List.of(failed))).isSameAs(failed);
  }

  @Test
  void refusal_takesThoseThatOverlapAndWhatTheyMightHaveBeenPairedWith() {
    List<Leg> sources = List.of(source(0, 50), source(10, 50), source(500, 10));
    List<Leg> destinations = List.of(destination(1, 48), destination(501, 8));

    refuse(sources.get(0), sources, destinations);

    assertThat(sources).extracting(leg -> leg.refusedByLog).containsExactly(true, true, false);
    assertThat(destinations).extracting(leg -> leg.refusedByLog).containsExactly(true, false);
    assertThat(partner(destinations.get(0), sources, destinations)).isNull();
    assertThat(partner(sources.get(2), sources, destinations)).isSameAs(destinations.get(1));
  }

  @Test
  void refusalOfOneThatStandsAlone_leavesTheOthers() {
    List<Leg> sources = List.of(source(0, 10), source(500, 10));
    List<Leg> destinations = List.of(destination(501, 8));

    refuse(sources.get(0), sources, destinations);

    assertThat(sources).extracting(leg -> leg.refusedByLog).containsExactly(true, false);
    assertThat(destinations.get(0).refusedByLog).isFalse();
    assertThat(partner(sources.get(1), sources, destinations)).isSameAs(destinations.get(0));
  }

  @Test
  void refusalOfOneBesideAnOverlap_takesTheOverlap() {
    List<Leg> sources = List.of(source(0, 10));
    List<Leg> destinations = List.of(destination(1, 48), destination(2, 48));

    refuse(sources.get(0), sources, destinations);

    assertThat(destinations).extracting(leg -> leg.refusedByLog).containsExactly(true, true);
  }

  @Test
  void refusalAmongTwo_isNone() {
    List<Leg> sources = List.of(source(0, 10));
    List<Leg> destinations = List.of(destination(1, 8));
    refuse(sources.get(0), sources, destinations);
    assertThat(sources.get(0).refusedByLog).isFalse();

    List<Leg> three = List.of(source(0, 10), source(1, 10), source(2, 10));
    refuse(three.get(0), three, List.of());
    assertThat(three).allMatch(leg -> leg.refusedByLog);
  }

  @Test
  void refusedPartner_isNone() {
    Leg source = source(0, 10);
    Leg destination = destination(1, 8);
    destination.refusedByLog = true;

    assertThat(partner(source, List.of(source), List.of(destination))).isNull();
    assertThat(partner(destination, List.of(source), List.of(destination))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "reviews:9080, reviews-shadow:9080",
    "reviews, reviews-shadow",
    "[2001:db8::1], [2001:db8::1]-shadow"
  })
  void mirroredRequest_isNeverTheRealOnesDestination(String authority, String mirrored) {
    Leg source = of(authority, TrafficDirection.OUTBOUND, 0);
    Leg copy = of(mirrored, TrafficDirection.INBOUND, 1);
    Leg real = of(authority, TrafficDirection.INBOUND, 2);

    assertThat(partner(source, List.of(source), List.of(copy))).isNull();
    assertThat(partner(copy, List.of(source), List.of(copy))).isNull();
    assertThat(partner(source, List.of(source), List.of(copy, real))).isSameAs(real);
    assertThat(partner(real, List.of(source), List.of(copy, real))).isSameAs(source);
    refuse(copy, List.of(source), List.of(copy, real));
    assertThat(List.of(source, copy, real)).noneMatch(leg -> leg.refusedByLog);
    refuse(real, List.of(source), List.of(copy, real));
    assertThat(List.of(source, copy, real)).noneMatch(leg -> leg.refusedByLog);
  }

  @Test
  void serviceOfSuchAName_isNoMirror() {
    Leg source = of("dark-shadow:9080", TrafficDirection.OUTBOUND, 0);
    Leg destination = of("dark-shadow:9080", TrafficDirection.INBOUND, 1);

    assertThat(partner(source, List.of(source), List.of(destination))).isSameAs(destination);
    Leg rewritten = of("dark", TrafficDirection.INBOUND, 1);
    assertThat(partner(source, List.of(source), List.of(rewritten))).isSameAs(rewritten);
  }

  private static void assertPaired(List<Leg> sources, List<Leg> destinations) {
    for (int i = 0; i < sources.size(); i++) {
      assertThat(partner(sources.get(i), sources, destinations)).isSameAs(destinations.get(i));
      assertThat(partner(destinations.get(i), sources, destinations)).isSameAs(sources.get(i));
    }
  }

  /** The lists come in any order. */
  private static Leg partner(Leg leg, List<Leg> sources, List<Leg> destinations) {
    return LogPairing.partner(leg, reversed(sources), reversed(destinations));
  }

  private static void refuse(Leg leg, List<Leg> sources, List<Leg> destinations) {
    LogPairing.refuse(leg, reversed(sources), reversed(destinations));
  }

  private static List<Leg> reversed(List<Leg> legs) {
    Leg[] all = legs.toArray(new Leg[0]);
    List<Leg> reversed = new ArrayList<>(Arrays.asList(all));
    Collections.reverse(reversed);
    return reversed;
  }

  private static Leg source(long startMillis, long millis) {
    return leg(TrafficDirection.OUTBOUND, startMillis, millis, 0, 1, 200);
  }

  private static Leg destination(long startMillis, long millis) {
    return leg(TrafficDirection.INBOUND, startMillis, millis, 0, 1, 200);
  }

  private static Leg of(String authority, TrafficDirection direction, long startMillis) {
    Leg plain = leg(direction, startMillis, 10, 0, 1, 200);
    return new Leg(
        AccessLogEntry.builder()
            .proxy(plain.entry.proxy())
            .direction(direction)
            .startEpochNanos(plain.entry.startEpochNanos())
            .durationNanos(plain.entry.durationNanos())
            .firstUpstreamTxNanos(0)
            .downstreamRemote(TestCall.APP)
            .attemptCount(1)
            .authority(authority)
            .responseCode(200)
            .build(),
        0);
  }

  private static Leg leg(
      TrafficDirection direction,
      long startMillis,
      long millis,
      long sentMillis,
      int attempts,
      int code) {
    return new Leg(
        AccessLogEntry.builder()
            .proxy(new Proxy("n", ProxyType.SIDECAR, TestCall.SOURCE_POD, Workload.UNKNOWN))
            .direction(direction)
            .startEpochNanos(TestCall.EPOCH_OFFSET_NANOS + startMillis * MILLI)
            .durationNanos(millis * MILLI)
            .firstUpstreamTxNanos(sentMillis * MILLI)
            .downstreamRemote(TestCall.APP)
            .attemptCount(attempts)
            .responseCode(code)
            .build(),
        0);
  }
}
