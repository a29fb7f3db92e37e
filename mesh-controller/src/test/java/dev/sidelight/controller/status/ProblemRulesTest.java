/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said, and when it is not. */
final class ProblemRulesTest {

  private static final String CALLS = CallCounts.NAME;

  @Test
  void allWell_saysNothing() {
    assertThat(problems(TestStatus.allWell())).isEmpty();
  }

  @Test
  void kindsThatAreNotWatched_areSaidWithTheirReasons() {
    Problem problem =
        only(
            TestStatus.allWell()
                .watching(
                    new ClusterStatus(
                        "https://10.96.0.1/",
                        Map.of("pods", 3),
                        new TreeMap<>(Map.of("nodes", "", "pods", "forbidden")))));
    assertThat(problem.code()).isEqualTo("kubernetes_not_watched");
    assertThat(problem.message()).contains("https://10.96.0.1/", "nodes, pods: forbidden.");
    assertThat(
            problems(
                TestStatus.allWell().watching(new ClusterStatus("", Map.of("pods", 3), Map.of()))))
        .isEmpty();
  }

  @Test
  void notReady_isSaid() {
    assertThat(only(TestStatus.allWell().notReady()).code()).isEqualTo("not_ready");
  }

  @Test
  void noStreamEver_namesTheAddressAndTheSettingThatOpensIt() {
    Problem problem =
        only(
            TestStatus.allWell()
                .withoutStreams()
                .listening(
                    new Listening(
                        "127.0.0.1", "127.0.0.1", 8091, "/run/als", "0.0.0.0", 8092, null)));
    assertThat(problem.code()).isEqualTo("no_als_stream");
    assertThat(problem.message())
        .isEqualTo(
            "No Envoy sends access logs to 127.0.0.1:8091 or /run/als, and none has since the start"
                + " 90 s ago.");
    assertThat(problem.fix()).contains("envoyHttpAls", "--als.host=0.0.0.0");
  }

  @Test
  void lastStreamGone_saysWhen() {
    Problem problem =
        only(
            TestStatus.allWell()
                .proxyLeft(40)
                .listening(
                    new Listening("::1", "0.0.0.0", 8091, null, "0.0.0.0", 8092, "mesh.json")));
    assertThat(problem.message()).endsWith("the last one left 40 s ago.");
    assertThat(problem.fix()).contains("mesh.json", "mesh up").doesNotContain("als.host");
  }

  @Test
  void noProbe_explainsLowCoverageAndIsSaidAlone() {
    TestStatus status =
        TestStatus.allWell()
            .withoutProbes()
            .probeLeft("node-b", 5)
            .counted(CALLS, 500, "alsOnly", "no_clock");
    Problem problem = only(status);
    assertThat(problem.code()).isEqualTo("no_probe");
    assertThat(problem.message()).contains("0.0.0.0:8092", "on node-b, left 5 s ago");
    assertThat(problem.fix()).contains("--controller.hopPort=8092");
  }

  @Test
  void probeGone_isMissedAfterTenSeconds() {
    assertThat(problems(TestStatus.allWell().probeLeft("node-b", 9))).isEmpty();
    Problem problem = only(TestStatus.allWell().probeLeft("node-b", 10));
    assertThat(problem.code()).isEqualTo("probe_gone");
    assertThat(problem.message()).contains("node-b (10 s ago)");
  }

  @Test
  void manyProbesGone_areCounted() {
    TestStatus status = TestStatus.allWell();
    for (int i = 0; i < 7; i++) {
      status.probeLeft("node-" + i, 60);
    }
    assertThat(only(status).message())
        .contains("node-4 (60 s ago) and 2 more")
        .doesNotContain("node-5");
  }

  @Test
  void streamsWithoutEntries_areNoTraffic() {
    Problem problem = only(TestStatus.allWell().nothingCounted());
    assertThat(problem.code()).isEqualTo("no_traffic");
    assertThat(problem.message()).contains("(2)");
  }

  @ParameterizedTest
  @CsvSource({
    "sidelight_als_entries_total, refused, malformed_entry, '', als_refused",
    "sidelight_als_messages_total, refused, no_identifier, '', als_refused",
    "sidelight_hop_ends_total, refused, no_point, '', hop_refused",
    "sidelight_hop_batches_total, refused, bad_hello, '', hop_refused",
    "sidelight_hop_batches_total, missing, '', '', batches_missing",
    "sidelight_hop_probe_ends_total, node-a, lost, ring_full, probe_lost_ends",
    "sidelight_router_overflow_total, end, '', '', router_overflow",
    "sidelight_correlator_records_total, end, dropped, capacity, correlator_full",
    "sidelight_correlator_records_total, entry, dropped, capacity, correlator_full",
    "sidelight_correlator_failures_total, '', '', '', correlator_failed"
  })
  void oneLost_isEnough(String name, String first, String second, String third, String code) {
    Problem problem = only(TestStatus.allWell().counted(name, 1, first, second, third));
    assertThat(problem.code()).isEqualTo(code);
    assertThat(problem.message()).contains("1");
    assertThat(only(TestStatus.allWell().counted(name, 1, first, second, third)).fix())
        .isNotEmpty();
    assertThat(problems(TestStatus.allWell().counted(name, 0, first, second, third))).isEmpty();
  }

  @Test
  void otherOutcomes_areNoLoss() {
    assertThat(
            problems(
                TestStatus.allWell()
                    .counted("sidelight_als_entries_total", 9, "ignored", "mirrored")
                    .counted("sidelight_hop_batches_total", 9, "repeated", "")
                    .counted("sidelight_hop_probe_ends_total", 9, "node-a", "sent", "")
                    .counted("sidelight_correlator_records_total", 9, "end", "expired", "")))
        .isEmpty();
  }

  @Test
  void coverage_isLowBelow95Percent() {
    assertThat(problems(coverage(95, 5))).isEmpty();
    Problem problem = only(coverage(94, 6));
    assertThat(problem.code()).isEqualTo("coverage_low");
    assertThat(problem.message()).contains("Of 100 calls", "94.0%", "no_clock 6");
  }

  @Test
  void coverage_ofFewCallsSaysNothing() {
    assertThat(problems(coverage(0, 19))).isEmpty();
    assertThat(only(coverage(0, 20)).code()).isEqualTo("coverage_low");
  }

  @Test
  void oneSided_isSaidWhereItIsMoreThanHalf() {
    assertThat(problems(coverage(50, 0).counted(CALLS, 50, "oneSided", "no_destination_entry")))
        .isEmpty();
    Problem problem = only(coverage(50, 0).counted(CALLS, 51, "oneSided", "no_destination_entry"));
    assertThat(problem.code()).isEqualTo("one_sided");
    assertThat(problem.message()).contains("Of 101 calls", " 51 were");
  }

  @ParameterizedTest
  @CsvSource({"no_source_proxy", "no_upstream"})
  void oneSidedByNature_saysNothing(String reason) {
    assertThat(problems(coverage(20, 0).counted(CALLS, 1000, "oneSided", reason))).isEmpty();
  }

  @Test
  void openApi_wantsAToken() {
    Listening open = new Listening("0.0.0.0", "0.0.0.0", 8091, null, "0.0.0.0", 8092, null);
    assertThat(only(TestStatus.allWell().listening(open)).code()).isEqualTo("no_token");
    assertThat(problems(TestStatus.allWell().listening(open).guarded())).isEmpty();
  }

  private static TestStatus coverage(long full, long alsOnly) {
    return TestStatus.allWell()
        .counted(CALLS, full, "full", "none")
        .counted(CALLS, alsOnly, "alsOnly", "no_clock");
  }

  private static Problem only(TestStatus status) {
    List<Problem> problems = problems(status);
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }

  private static List<Problem> problems(TestStatus status) {
    return ProblemRules.apply(status.status());
  }
}
