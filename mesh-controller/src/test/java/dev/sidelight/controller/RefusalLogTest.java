/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest {

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(RefusalLog.class);
  private final AtomicLong clockNanos = new AtomicLong(-5);
  private final RefusalLog log = new RefusalLog(clockNanos::get);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  @Test
  void sameReason_isSaidOnceInTenSeconds() {
    say("no_time", "a");
    say("no_time", "b");
    say("no_role", "c");
    clockNanos.addAndGet(10_000_000_000L);
    say("no_time", "d");

    assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).hasSize(3);
  }

  @Test
  void whatPeersSay_staysOneLineOfBoundedLength() {
    say("no_time", "evil\nINFO all is well\u001b[31m" + "x".repeat(10_000));
    String line = lines.list.get(0).getFormattedMessage();
    assertThat(line).doesNotContain("\n").doesNotContain("\u001b").hasSizeLessThan(600);
  }

  private void say(String reason, String detail) {
    log.say("hop", "exchange refused", reason, "127.0.0.1:1", detail);
  }
}
