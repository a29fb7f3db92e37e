/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sidelight.controller.als.AccessLogService;
import dev.sidelight.controller.hop.HopService;
import dev.sidelight.controller.tls.TestCertificates;
import dev.sidelight.correlator.CorrelatedRequest;
import io.grpc.ChannelCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** The whole controller on free ports, and what it logs about refusals. */
final class RunningController implements AutoCloseable {

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Controller controller;
  private final List<GrpcStream> streams = new CopyOnWriteArrayList<>();

  RunningController(Map<Setting, String> settings) {
    this(settings, Clock.systemUTC());
  }

  /** Calls are told as of this clock's time. */
  RunningController(Map<Setting, String> settings, InstantSource clock) {
    Map<Setting, String> all = new EnumMap<>(Setting.class);
    all.put(Setting.HTTP_PORT, "0");
    all.put(Setting.ALS_PORT, "0");
    all.put(Setting.HOP_PORT, "0");
    all.putAll(settings);
    log.start();
    ((Logger) LoggerFactory.getLogger(RefusalLog.class)).addAppender(log);
    controller =
        new Controller(
            ControllerSettings.of(SettingSources.collect(null, Map.of(), all)),
            clock,
            () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
    controller.start();
  }

  GrpcStream accessLogs() {
    return opened(GrpcStream.tcp(controller.alsPort(), AccessLogService.FULL_METHOD_NAME));
  }

  GrpcStream accessLogs(ChannelCredentials credentials, Map<String, String> headers) {
    return opened(
        GrpcStream.secured(
            controller.alsPort(),
            AccessLogService.FULL_METHOD_NAME,
            credentials,
            TestCertificates.SERVER_NAME,
            headers));
  }

  GrpcStream hops(ChannelCredentials credentials, String serverName, Map<String, String> headers) {
    return opened(
        GrpcStream.secured(
            controller.hopPort(), HopService.FULL_METHOD_NAME, credentials, serverName, headers));
  }

  GrpcStream hops() {
    return opened(GrpcStream.tcp(controller.hopPort(), HopService.FULL_METHOD_NAME));
  }

  private GrpcStream opened(GrpcStream stream) {
    streams.add(stream);
    return stream;
  }

  /** As if the correlator had told it. */
  void record(CorrelatedRequest call) {
    controller.calls().accept(call);
  }

  Controller controller() {
    return controller;
  }

  /** What the HTTP port answers. */
  JsonNode getJson(String pathAndQuery) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + controller.httpPort() + pathAndQuery);
    return new ObjectMapper()
        .readTree(
            HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body());
  }

  /** Value of a series, 0 where there is none yet. */
  double counter(String name, String... labelsAndValues) {
    String[] labels = new String[labelsAndValues.length / 2];
    String[] values = new String[labelsAndValues.length / 2];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = labelsAndValues[2 * i];
      values[i] = labelsAndValues[2 * i + 1];
    }
    Double value = controller.registry().getSampleValue(name, labels, values);
    return value == null ? 0 : value;
  }

  void awaitCounter(double expected, String name, String... labelsAndValues) {
    await().until(() -> counter(name, labelsAndValues) == expected);
  }

  List<String> refusals() {
    return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Override
  public void close() {
    controller.close();
    streams.forEach(GrpcStream::close);
    ((Logger) LoggerFactory.getLogger(RefusalLog.class)).detachAppender(log);
  }
}
