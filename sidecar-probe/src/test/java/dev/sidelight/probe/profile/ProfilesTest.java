/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sidelight.hop.v1.ExchangeSampling;
import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfileState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesTest {
  private final AtomicLong nanos = new AtomicLong(TimeUnit.DAYS.toNanos(3));
  private final AtomicInteger wakes = new AtomicInteger();
  private final TestPods pods = new TestPods();
  private final List<ProfileReport> reports = new ArrayList<>();
  private final Profiles profiles =
      new Profiles(
          new ProfileSettings(2, 900, 500, 50),
          pods,
          reports::add,
          wakes::incrementAndGet,
          nanos::get);

  @Test
  void task_tellsAtOnceAndThenEachIntervalUntilItsTime() {
    profiles.begin(task("t1", 7).setDurationSeconds(3).build());
    assertThat(wakes).hasValue(1);
    assertThat(profiles.isDue()).isTrue();
    profiles.report();
    assertThat(reports)
        .singleElement()
        .matches(report -> report.getState() == ProfileState.RUNNING)
        .matches(report -> report.getIntervalNanos() == 0)
        .matches(report -> report.getConnectionsCount() == 1)
        .matches(report -> report.getProcesses(0).getName().equals("java"));
    assertThat(profiles.isDue()).isFalse();
    run();
    assertThat(reports).extracting(ProfileReport::getSequence).containsExactly(1L, 2L, 3L, 4L);
    assertThat(reports.stream().mapToLong(ProfileReport::getIntervalNanos).sum())
        .isEqualTo(TimeUnit.SECONDS.toNanos(3));
    assertThat(last().getState()).isEqualTo(ProfileState.ENDED);
    assertThat(last().getReason()).isEqualTo("time");
    assertThat(pods.watched).isEmpty();
    assertThat(profiles.nanosUntilDue()).isEmpty();
  }

  @Test
  void tasksOfTheSameInterval_areDueTogether() {
    profiles.begin(task("t1", 7).build());
    profiles.report();
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(123));
    profiles.begin(task("t2", 8).build());
    profiles.report();
    nanos.addAndGet(profiles.nanosUntilDue().orElseThrow());
    reports.clear();
    profiles.report();
    assertThat(reports).extracting(ProfileReport::getTaskId).containsExactly("t1", "t2");
  }

  @Test
  void taskThatIsAskedToEnd_endsAtOnce() {
    profiles.begin(task("t1", 7).build());
    profiles.report();
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(300));
    profiles.end("t1");
    assertThat(profiles.isDue()).isTrue();
    profiles.report();
    assertThat(last().getReason()).isEqualTo("asked");
    assertThat(last().getConnectionsCount()).isEqualTo(1);
    assertThat(profiles.taskCount()).isZero();
  }

  @Test
  void taskOfAPodThatGoes_endsWithTheNextReport() {
    profiles.begin(task("t1", 7).build());
    profiles.report();
    pods.present.remove(7);
    nanos.addAndGet(profiles.nanosUntilDue().orElseThrow());
    profiles.report();
    assertThat(last().getState()).isEqualTo(ProfileState.ENDED);
    assertThat(last().getReason()).isEqualTo("pod_gone");
  }

  @Test
  void taskThatComesAgain_goesOnUnchanged() {
    profiles.begin(task("t1", 7).setDurationSeconds(2).build());
    profiles.report();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    profiles.begin(task("t1", 7).setDurationSeconds(2).build());
    run();
    assertThat(reports).hasSize(3);
    assertThat(last().getReason()).isEqualTo("time");
  }

  @Test
  void taskThatHasEnded_isToldToHaveWhenItComesAgain() {
    profiles.begin(task("t1", 7).setDurationSeconds(1).build());
    run();
    long sequence = last().getSequence();
    profiles.begin(task("t1", 7).setDurationSeconds(1).build());
    assertThat(last().getState()).isEqualTo(ProfileState.ENDED);
    assertThat(last().getReason()).isEqualTo("time");
    assertThat(last().getSequence()).isEqualTo(sequence + 1);
    assertThat(profiles.taskCount()).isZero();
  }

  @Test
  void unknownTaskThatIsAskedToEnd_hasEnded() {
    profiles.end("of a probe before this one");
    assertThat(reports)
        .singleElement()
        .matches(report -> report.getState() == ProfileState.ENDED)
        .matches(report -> report.getSequence() == 1);
  }

  @ParameterizedTest
  @CsvSource({
    "9, 60, 0, unknown_pod",
    "7, 0, 0, bad_duration",
    "7, 901, 0, too_long",
    "7, -1, 0, too_long",
    "7, 60, 199, bad_interval",
    "7, 60, 60001, bad_interval",
    "7, 60, -1, bad_interval"
  })
  void taskBeyondABound_isRefused(int netns, int seconds, int interval, String reason) {
    profiles.begin(
        task("t1", netns).setDurationSeconds(seconds).setIntervalMillis(interval).build());
    assertThat(reports)
        .singleElement()
        .matches(report -> report.getState() == ProfileState.REFUSED)
        .matches(report -> report.getReason().equals(reason));
    assertThat(profiles.taskCount()).isZero();
    assertThat(wakes).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorization", "Cookie", " set-cookie ", "PROXY-Authorization"})
  void secretHeader_isRefused(String name) {
    profiles.begin(
        task("t1", 7)
            .setSampling(
                ExchangeSampling.newBuilder().addHeaderValues("accept").addHeaderValues(name))
            .build());
    assertThat(last().getState()).isEqualTo(ProfileState.REFUSED);
    assertThat(last().getReason()).isEqualTo("secret_header");
    assertThat(pods.wholeHeads).isEmpty();
  }

  @Test
  void tooManyHeaders_areRefused() {
    ExchangeSampling.Builder sampling = ExchangeSampling.newBuilder();
    for (int i = 0; i < 33; i++) {
      sampling.addHeaderValues("x-" + i);
    }
    profiles.begin(task("t1", 7).setSampling(sampling).build());
    assertThat(last().getReason()).isEqualTo("too_many_headers");
  }

  @Test
  void samples_areTakenFromThatPodWhileTheTaskRuns() {
    profiles.accept(TestHops.failing(1));
    profiles.begin(
        task("t1", TestHops.NETNS)
            .setDurationSeconds(1)
            .setSampling(ExchangeSampling.newBuilder().setServerErrors(true))
            .build());
    profiles.begin(task("t2", 8).build());
    assertThat(profiles.isSampling(TestHops.NETNS)).isTrue();
    assertThat(profiles.isSampling(8)).isFalse();
    assertThat(pods.wholeHeads).containsExactly(TestHops.NETNS);
    profiles.accept(TestHops.failing(2));
    profiles.report();
    assertThat(reports)
        .extracting(ProfileReport::getTaskId, ProfileReport::getSamplesCount)
        .containsExactly(tuple("t1", 1), tuple("t2", 0));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    profiles.report();
    assertThat(pods.wholeHeads).isEmpty();
    assertThat(profiles.isSampling(TestHops.NETNS)).isFalse();
  }

  @Test
  void ceiling_countsThoseThatRun() {
    profiles.begin(task("t1", 7).setDurationSeconds(1).build());
    profiles.begin(task("t2", 8).build());
    profiles.begin(task("t3", 8).build());
    assertThat(last().getReason()).isEqualTo("too_many_tasks");
    profiles.report();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    profiles.report();
    profiles.begin(task("t3", 8).build());
    profiles.report();
    assertThat(last().getTaskId()).isEqualTo("t3");
    assertThat(last().getState()).isEqualTo(ProfileState.RUNNING);
  }

  /** Until no task runs. */
  private void run() {
    while (profiles.nanosUntilDue().isPresent()) {
      nanos.addAndGet(Math.max(0, profiles.nanosUntilDue().getAsLong()));
      profiles.report();
    }
  }

  private ProfileReport last() {
    return reports.get(reports.size() - 1);
  }

  private static PodTask.Builder task(String id, int netns) {
    return PodTask.newBuilder().setTaskId(id).setNetns(netns).setDurationSeconds(60);
  }
}
