/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.probe.event.WireRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real kernel, a real Envoy, a Python application and client; root is needed. */
class HopCaptureIT {
  private static final int REQUESTS = 3000;
  private static final int PER_SECOND = 300;

  private static Capture capture;

  @BeforeAll
  static void begin() throws IOException {
    capture = new Capture();
  }

  @AfterAll
  static void end() {
    capture.close();
  }

  @Test
  void exchanges_arePairedWithTheirRequestIds() {
    capture.pod.request(8, REQUESTS, PER_SECOND, "/load");
    await().atMost(Capture.SOON).until(() -> capture.hops("/load").size() >= REQUESTS);
    List<Exchange> hops = capture.hops("/load");
    assertThat(hops).hasSize(REQUESTS);
    List<Exchange> paired = hops.stream().filter(Exchange::hasAcceptor).toList();
    System.out.println("RESULT paired " + paired.size() + " of " + hops.size());
    assertThat(paired.size()).isGreaterThanOrEqualTo(REQUESTS * 999 / 1000);
    assertThat(ids(hops)).hasSize(REQUESTS).contains("load-0", "load-" + (REQUESTS - 1));
    assertThat(paired).allSatisfy(HopCaptureIT::assertThatTimesAreOrdered);
    assertThat(paired)
        .allMatch(hop -> hop.getAcceptor().getStatus() == 200)
        .allMatch(hop -> hop.getInitiator().getProcess().equals("envoy"))
        .allMatch(hop -> hop.getAcceptor().getProcess().startsWith("python"));
  }

  @Test
  void callersHop_isPairedAsWell() {
    capture.pod.request(2, 50, PER_SECOND, "/caller");
    await()
        .atMost(Capture.SOON)
        .untilAsserted(
            () ->
                assertThat(capture.inCallersPod())
                    .filteredOn(hop -> hop.getInitiator().getPathTemplate().equals("/caller"))
                    .hasSize(50)
                    .allMatch(hop -> hop.getInitiator().getProcess().startsWith("python"))
                    .allMatch(hop -> hop.getAcceptor().getProcess().equals("envoy")));
  }

  @Test
  void headInSeveralSends_givesItsRequestId() {
    capture.pod.request(1, 10, 50, "/split");
    await()
        .atMost(Capture.SOON)
        .untilAsserted(
            () ->
                assertThat(capture.inCallersPod())
                    .extracting(hop -> hop.getInitiator().getRequestId())
                    .contains("split-0", "split-9"));
  }

  @Test
  void mappedAddress_isThatOfIpv4() {
    capture.pod.request(1, 5, PER_SECOND, "/mapped");
    await().atMost(Capture.SOON).until(() -> capture.hops("/mapped").size() == 5);
    assertThat(capture.hops("/mapped"))
        .allMatch(hop -> hop.getAcceptor().getLocalAddress().size() == 4)
        .allMatch(
            hop ->
                hop.getAcceptor().getLocalAddress().equals(hop.getInitiator().getRemoteAddress()));
  }

  @Test
  void lastExchange_isFlushedWhileItsConnectionIsOpen() {
    capture.pod.request(1, 1, PER_SECOND, "/last");
    await().atMost(Capture.SOON).until(() -> capture.hops("/last").size() == 1);
    assertThat(capture.hops("/last").get(0).getInitiator().getFlags() & WireRecord.IDLE_FLUSH)
        .isNotZero();
    assertThat(capture.hops("/last").get(0).hasAcceptor()).isTrue();
  }

  @Test
  void delayedApplication_showsBetweenItsReadAndItsSend() {
    capture.pod.request(1, 5, 10, "/delay/50");
    await().atMost(Capture.SOON).until(() -> capture.hops("/delay/{id}").size() == 5);
    List<Long> millis =
        capture.hops("/delay/{id}").stream()
            .map(Exchange::getAcceptor)
            .map(app -> app.getFirstSendNanos() - app.getLastReadNanos())
            .map(TimeUnit.NANOSECONDS::toMillis)
            .sorted()
            .toList();
    // The app sleeps 50 ms at the least; a busy machine wakes it later, but hardly five times.
    assertThat(millis.get(0)).as("%s", millis).isBetween(50L, 55L);
  }

  @Test
  void slowBody_supersedesWhatWasFlushedOfIt() {
    capture.pod.request(1, 1, 10, "/slow/700");
    await()
        .atMost(Capture.SOON)
        .until(
            () ->
                capture.hops("/slow/{id}").stream()
                    .anyMatch(hop -> hop.getInitiator().getSupersedes()));
    List<Exchange> hops = capture.hops("/slow/{id}");
    ExchangeEnd app = hops.get(hops.size() - 1).getAcceptor();
    assertThat(app.getSupersedes()).isTrue();
    assertThat(app.getLastSendNanos() - app.getFirstSendNanos())
        .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(700));
  }

  @Test
  void clock_isSampled() {
    await()
        .atMost(Capture.SOON)
        .until(() -> capture.batches().stream().anyMatch(b -> b.getClockSamplesCount() > 0));
    long offset = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
    assertThat(capture.batches())
        .flatExtracting(batch -> batch.getClockSamplesList())
        .allSatisfy(
            sample -> {
              assertThat(sample.getUncertaintyNanos()).isLessThan(100_000);
              assertThat(Math.abs(sample.getEpochOffsetNanos() - offset))
                  .isLessThan(TimeUnit.SECONDS.toNanos(1));
            });
  }

  private static void assertThatTimesAreOrdered(Exchange hop) {
    assertThat(hop.getInitiator().getRole()).isEqualTo(Role.INITIATOR);
    assertThat(hop.getAcceptor().getRole()).isEqualTo(Role.ACCEPTOR);
    PointOrder.assertThatFirstPointsAreInOrder(hop);
    PointOrder.assertThatLastPointsAreInOrder(hop);
  }

  private static List<String> ids(List<Exchange> hops) {
    return hops.stream()
        .map(hop -> hop.getInitiator().getRequestId())
        .filter(id -> !id.isEmpty())
        .distinct()
        .collect(Collectors.toList());
  }
}
