/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * What OpenTelemetry's exporter logs by java.util.logging, as a line of our log. It holds itself
 * back: a few a minute.
 */
final class ExporterLog extends Handler {

  private static final org.slf4j.Logger logger = LoggerFactory.getLogger(ExporterLog.class);

  /** Kept, since java.util.logging forgets the settings of a logger that nobody holds. */
  private static final Logger OPENTELEMETRY = Logger.getLogger("io.opentelemetry");

  private static final ExporterLog FORWARDER = new ExporterLog();

  private ExporterLog() {}

  /** From now on, however often it is said. */
  static void forward() {
    OPENTELEMETRY.setUseParentHandlers(false);
    OPENTELEMETRY.removeHandler(FORWARDER);
    OPENTELEMETRY.addHandler(FORWARDER);
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      logger.warn("otlp: {}", record.getMessage());
    }
  }

  @Override
  public void flush() {
    // Nothing is held.
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
