/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.hop.v1.ExchangeSample;
import dev.sidelight.hop.v1.ExchangeSample.Why;
import dev.sidelight.hop.v1.ExchangeSampling;
import dev.sidelight.hop.v1.Header;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.probe.event.TestRecords;
import dev.sidelight.probe.hop.HopExchange;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
  private static final String SECRET = "5ec2e7a1b0c94d1f";

  private final AtomicLong nanos = new AtomicLong(TimeUnit.SECONDS.toNanos(100));

  @Test
  void error_isToldAsItsInitiatorSawIt() {
    Sampler sampler = sampler(ExchangeSampling.newBuilder().setServerErrors(true));
    sampler.accept(TestHops.failing(0));
    ExchangeSample sample = only(sampler);
    assertThat(sample.getWhy()).isEqualTo(Why.SERVER_ERROR);
    assertThat(sample.getSocketCookie()).isEqualTo(1);
    assertThat(sample.getRole()).isEqualTo(Role.INITIATOR);
    assertThat(sample.getProcess()).isEqualTo("envoy");
    assertThat(sample.getStartMonotonicNanos()).isEqualTo(100);
    assertThat(sample.getDurationNanos()).isEqualTo(75);
    assertThat(sample.getProtocol()).isEqualTo("http1");
    assertThat(sample.getMethod()).isEqualTo("GET");
    assertThat(sample.getPathTemplate()).isEqualTo("/reviews/{id}");
    assertThat(sample.getStatus()).isEqualTo(503);
    assertThat(names(sample.getRequestHeadersList())).containsExactly("host");
    assertThat(sample.getHeadersTruncated()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, false, 503, WHY_UNSPECIFIED",
    "75, false, false, 503, SLOW",
    "76, false, false, 503, WHY_UNSPECIFIED",
    "1, true, true, 404, CLIENT_ERROR",
    "1, true, true, 503, SERVER_ERROR",
    "0, true, false, 503, WHY_UNSPECIFIED",
    "0, false, true, 404, WHY_UNSPECIFIED",
    "0, true, true, 399, WHY_UNSPECIFIED"
  })
  void why_isTheWorst(long slow, boolean client, boolean server, int status, Why why) {
    Sampler sampler =
        sampler(
            ExchangeSampling.newBuilder()
                .setSlowNanos(slow)
                .setClientErrors(client)
                .setServerErrors(server));
    sampler.accept(TestHops.of(0, "GET / HTTP/1.1\r\n\r\n", status + " x\r\n\r\n"));
    List<ExchangeSample> samples = take(sampler).getSamplesList();
    assertThat(samples)
        .extracting(ExchangeSample::getWhy)
        .isEqualTo(why == Why.WHY_UNSPECIFIED ? List.of() : List.of(why));
  }

  @Test
  void values_areThoseOfTheAllowListWithoutQuery() {
    Sampler sampler =
        sampler(
            ExchangeSampling.newBuilder()
                .setClientErrors(true)
                .addHeaderValues("User-Agent")
                .addHeaderValues("referer")
                .addHeaderValues("location"));
    sampler.accept(
        TestHops.of(
            0,
            "POST /a?token="
                + SECRET
                + " HTTP/1.1\r\nUSER-AGENT: curl/8\r\nReferer: http://a/b?token="
                + SECRET
                + "\r\nauthorization: Bearer "
                + SECRET
                + "\r\nx-other: "
                + SECRET
                + "\r\n\r\nx-body: "
                + SECRET,
            "404 No\r\nlocation: /c?d="
                + SECRET
                + "\r\nset-cookie: s="
                + SECRET
                + "\r\n\r\n"
                + SECRET));
    ExchangeSample sample = only(sampler);
    assertThat(sample.getRequestHeadersList())
        .containsExactly(
            Header.newBuilder().setName("user-agent").setValue("curl/8").build(),
            Header.newBuilder().setName("referer").setValue("http://a/b").build(),
            Header.newBuilder().setName("authorization").build(),
            Header.newBuilder().setName("x-other").build());
    assertThat(sample.getResponseHeadersList())
        .containsExactly(
            Header.newBuilder().setName("location").setValue("/c").build(),
            Header.newBuilder().setName("set-cookie").build());
    assertThat(sample.toString()).doesNotContain(SECRET);
  }

  @Test
  void secretValues_areNotToldEvenIfATaskAsks() {
    Sampler sampler =
        sampler(
            ExchangeSampling.newBuilder().setServerErrors(true).addHeaderValues("authorization"));
    sampler.accept(
        TestHops.of(0, "GET / HTTP/1.1\r\nAuthorization: " + SECRET + "\r\n\r\n", "500 x\r\n\r\n"));
    assertThat(only(sampler).getRequestHeaders(0).hasValue()).isFalse();
  }

  @Test
  void headThatWasCut_saysSo() {
    Sampler sampler = sampler(ExchangeSampling.newBuilder().setServerErrors(true));
    sampler.accept(
        TestHops.of(0, "GET / HTTP/1.1\r\nhost: a\r\n\r\n", "500 x\r\nserver: s\r\nx-cu"));
    ExchangeSample sample = only(sampler);
    assertThat(names(sample.getResponseHeadersList())).containsExactly("server");
    assertThat(sample.getHeadersTruncated()).isTrue();
  }

  @Test
  void encryptedExchange_isToldByTheEndThatReadIt() {
    Sampler sampler = sampler(ExchangeSampling.newBuilder().setServerErrors(true));
    sampler.accept(
        TestHops.encrypted("GET /a HTTP/1.1\r\nhost: a\r\n\r\n", "500 x\r\nserver: s\r\nx-cu"));
    ExchangeSample sample = only(sampler);
    assertThat(sample.getMethod()).isEqualTo("GET");
    assertThat(names(sample.getRequestHeadersList())).containsExactly("host");
    assertThat(names(sample.getResponseHeadersList())).containsExactly("server");
  }

  @Test
  void exchangeWithoutNames_isNotSampled() {
    Sampler sampler = sampler(ExchangeSampling.newBuilder().setSlowNanos(1));
    sampler.accept(HopExchange.single(TestHops.end(TestRecords.acceptor(2), "envoy")));
    assertThat(take(sampler).getSamplesList()).isEmpty();
  }

  @Test
  void exchangeThatComesAgain_isToldOnce() {
    Sampler sampler = sampler(ExchangeSampling.newBuilder().setServerErrors(true));
    sampler.accept(TestHops.failing(3));
    take(sampler);
    sampler.accept(TestHops.failing(3));
    assertThat(take(sampler).getSamplesList()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "3, 3", "1000, 20", "-1, 20"})
  void tooManyInASecond_areCounted(int asked, int told) {
    Sampler sampler =
        sampler(ExchangeSampling.newBuilder().setServerErrors(true).setPerSecondMax(asked));
    for (int i = 0; i < 30; i++) {
      sampler.accept(TestHops.failing(i));
    }
    ProfileReport report = take(sampler);
    assertThat(report.getSamplesCount()).isEqualTo(told);
    assertThat(report.getSamplesOmitted()).isEqualTo(30 - told);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    sampler.accept(TestHops.failing(30));
    assertThat(take(sampler).getSamplesCount()).isEqualTo(1);
    assertThat(take(sampler).getSamplesOmitted()).isZero();
  }

  private Sampler sampler(ExchangeSampling.Builder sampling) {
    return new Sampler(sampling.build(), TestHops.NETNS, 20, nanos::get);
  }

  private static ExchangeSample only(Sampler sampler) {
    List<ExchangeSample> samples = take(sampler).getSamplesList();
    assertThat(samples).hasSize(1);
    return samples.get(0);
  }

  private static ProfileReport take(Sampler sampler) {
    ProfileReport.Builder report = ProfileReport.newBuilder();
    sampler.addTo(report);
    return report.build();
  }

  private static List<String> names(List<Header> headers) {
    return headers.stream().map(Header::getName).toList();
  }
}
