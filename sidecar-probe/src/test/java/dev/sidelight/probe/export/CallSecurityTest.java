/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.probe.hop.EndAccounting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Real certificates, and the real service with TLS on loopback. */
class CallSecurityTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String NAME = "sidelight-controller.istio-system.svc";
  private static final TaskListener NO_TASKS =
      new TaskListener() {
        @Override
        public void begin(PodTask task) {}

        @Override
        public void end(String taskId) {}
      };
  private static final SeriesGrowth NO_GROWTH =
      new SeriesGrowth() {
        @Override
        public boolean hasGrown() {
          return false;
        }

        @Override
        public List<byte[]> takeGrowth() {
          return List.of();
        }
      };

  @TempDir Path directory;

  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          said.add(event.getFormattedMessage());
        }
      };
  private Path caFile;
  private Path tokenFile;
  private HopUploader uploader;

  @BeforeEach
  void begin() throws IOException {
    caFile = directory.resolve("ca.crt");
    tokenFile = directory.resolve("token");
    replace(tokenFile, "one\n");
    appender.start();
    log().addAppender(appender);
  }

  @AfterEach
  void end() {
    uploader.close();
    log().detachAppender(appender);
  }

  @Test
  void eachCall_bringsTheTokenOfNow() throws IOException {
    Path certificate = authority("a").sign(NAME);
    CollectingController first = controller(0, certificate);
    upload(first.port(), NAME);
    await().atMost(SOON).until(() -> first.hellos().size() == 1);
    assertThat(first.authorizations()).containsExactly("Bearer one");
    replace(tokenFile, "two\n");
    first.close();
    try (CollectingController second = controllerOn(first.port(), certificate)) {
      await().atMost(SOON).until(() -> second.hellos().size() == 1);
      assertThat(second.authorizations()).containsExactly("Bearer two");
    }
  }

  @Test
  void otherAuthority_isRefusedUntilItIsInTheFile() throws IOException {
    authority("a");
    TestAuthority other = new TestAuthority(directory, "b");
    try (CollectingController controller = controller(0, other.sign(NAME))) {
      upload(controller.port(), NAME);
      awaitSaid("is away: UNAVAILABLE", "unable to find valid certification path");
      assertThat(controller.authorizations()).isEmpty();
      // As during a change of authorities: both.
      replace(caFile, Files.readString(caFile) + Files.readString(other.certificate()));
      await().atMost(SOON).until(() -> controller.hellos().size() == 1);
    }
  }

  @Test
  void otherName_isRefused() throws IOException {
    try (CollectingController controller = controller(0, authority("a").sign(NAME))) {
      upload(controller.port(), "elsewhere.istio-system.svc");
      awaitSaid("is away: UNAVAILABLE", "elsewhere.istio-system.svc");
      assertThat(controller.authorizations()).isEmpty();
    }
  }

  @Test
  void plaintextController_getsNoToken() throws IOException {
    authority("a");
    try (CollectingController controller = new CollectingController(0)) {
      upload(controller.port(), NAME);
      awaitSaid("is away: UNAVAILABLE");
      assertThat(controller.authorizations()).isEmpty();
    }
  }

  @Test
  void filesThatAreFilledLater_areWaitedFor() throws IOException {
    TestAuthority authority = new TestAuthority(directory, "a");
    Path certificate = authority.sign(NAME);
    replace(caFile, "");
    replace(tokenFile, "");
    try (CollectingController controller = controller(0, certificate)) {
      upload(controller.port(), NAME);
      awaitSaid("the certificates in " + caFile + " cannot be used", "it holds none");
      replace(tokenFile, "one\n");
      replace(caFile, Files.readString(authority.certificate()));
      await().atMost(SOON).until(() -> controller.hellos().size() == 1);
      assertThat(controller.authorizations()).containsExactly("Bearer one");
    }
  }

  @Test
  void missingToken_isNamed() throws IOException {
    Files.delete(tokenFile);
    try (CollectingController controller = controller(0, authority("a").sign(NAME))) {
      upload(controller.port(), NAME);
      awaitSaid("the token in " + tokenFile + " cannot be read");
      assertThat(controller.hellos()).isEmpty();
    }
  }

  @Test
  void brokenFile_leavesWhatWasThere() throws IOException {
    Path certificate = authority("a").sign(NAME);
    CollectingController first = controller(0, certificate);
    upload(first.port(), NAME);
    await().atMost(SOON).until(() -> first.hellos().size() == 1);
    replace(caFile, "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n");
    first.close();
    try (CollectingController second = controllerOn(first.port(), certificate)) {
      await().atMost(SOON).until(() -> second.hellos().size() == 1);
      awaitSaid("going on by those that were there before");
    }
  }

  @Test
  void refusedToken_isSaidAndTriedAgain() throws IOException {
    try (CollectingController controller = controller(0, authority("a").sign(NAME))) {
      controller.refuse("Bearer one");
      upload(controller.port(), NAME);
      awaitSaid("is away: UNAUTHENTICATED it has expired", "within 10000 ms");
      replace(tokenFile, "two\n");
      await().atMost(SOON).until(() -> controller.hellos().size() == 1);
      assertThat(controller.authorizations()).endsWith("Bearer two");
      assertThat(said).noneMatch(line -> line.contains("Bearer"));
    }
  }

  private TestAuthority authority(String name) throws IOException {
    TestAuthority authority = new TestAuthority(directory, name);
    replace(caFile, Files.readString(authority.certificate()));
    return authority;
  }

  private void upload(int port, String serverName) {
    CallSecurity security = new CallSecurity(caFile, serverName, tokenFile);
    uploader =
        new HopUploader(
            new UploadSettings("127.0.0.1", port, security, 10, 100),
            new NodeIdentity("node-1", "instance-1", "test"),
            netns -> Optional.empty(),
            NO_GROWTH,
            new EndAccounting());
    uploader.start(NO_TASKS, () -> {});
  }

  private void awaitSaid(String... parts) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(said).anySatisfy(line -> assertThat(line).contains(parts)));
  }

  /** By a rename, as kubelet does. */
  private static void replace(Path file, String content) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static CollectingController controller(int port, Path certificate) throws IOException {
    return new CollectingController(port, certificate, TestAuthority.key(certificate));
  }

  /** The port may take a moment to be free. */
  private static CollectingController controllerOn(int port, Path certificate) {
    return await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> controller(port, certificate), c -> true);
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger("dev.sidelight.probe.export");
  }
}
