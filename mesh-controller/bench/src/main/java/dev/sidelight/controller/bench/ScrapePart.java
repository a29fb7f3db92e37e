/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.sidelight.controller.metrics.TrafficMetrics;
import dev.sidelight.controller.metrics.WorkloadTcpMetrics;
import dev.sidelight.controller.web.ApiRouter;
import dev.sidelight.controller.web.ApiSources;
import dev.sidelight.controller.web.ApiToken;
import dev.sidelight.controller.web.WriteGuard;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.TcpGrowth;
import dev.sidelight.correlator.TcpHistogram;
import dev.sidelight.correlator.Workload;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A whole scrape over HTTP, asked for as Prometheus asks: gzip, OpenMetrics. The figures are
 * medians of what a mesh of 1,000 edges takes, or as many label sets of connections as are kept by
 * default; the CPU time is that of the process, the client's included.
 */
final class ScrapePart implements Part {

  private static final int EDGES = 1_000;
  private static final int WORKLOADS = 300;
  private static final int CALLS_PER_EDGE = 100;
  private static final int WARM_UP = 20;
  private static final int SCRAPES = 15;
  private static final double MILLIS_LIMIT = 500;
  private static final double NANOS_PER_MILLI = 1e6;

  /** What Prometheus 2.42 sends. */
  private static final String ACCEPT =
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
          + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

  private static final int LABEL_SETS = 1_000;

  private final String name;
  private final Consumer<CollectorRegistry> filling;
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final HttpClient client = HttpClient.newHttpClient();

  private ScrapePart(String name, Consumer<CollectorRegistry> filling) {
    this.name = name;
    this.filling = filling;
  }

  static ScrapePart ofEdges() {
    return new ScrapePart("scrape", ScrapePart::fillWithEdges);
  }

  static ScrapePart ofConnections() {
    return new ScrapePart("tcp_scrape", ScrapePart::fillWithConnections);
  }

  private static void fillWithEdges(CollectorRegistry registry) {
    TrafficMetrics metrics = new TrafficMetrics(Clock.systemUTC(), Calls.SETTINGS, registry);
    for (CorrelatedRequest call : Calls.onEdges(EDGES, WORKLOADS, CALLS_PER_EDGE)) {
      metrics.record(call);
    }
  }

  private static void fillWithConnections(CollectorRegistry registry) {
    WorkloadTcpMetrics metrics =
        new WorkloadTcpMetrics(LABEL_SETS, LABEL_SETS, Long.MAX_VALUE, System::nanoTime);
    metrics.register(registry);
    for (int i = 0; i < LABEL_SETS; i++) {
      metrics.record("node-1", growth("workload-" + i));
    }
  }

  /** Of a client's side whose times are all known, so that every family but accepts has samples. */
  private static TcpGrowth growth(String workload) {
    long[] counts = new long[TcpHistogram.BUCKETS];
    Arrays.fill(counts, 12_345);
    TcpHistogram durations = new TcpHistogram(counts, 123_456_789);
    TcpGrowth.Transfer transfer = new TcpGrowth.Transfer(98_765, 4_321_987, durations);
    return new TcpGrowth(
        new Workload("cluster-1", "namespace-1", workload, workload, "v1"),
        "envoy",
        "workload-7",
        "workload",
        "client",
        "tls",
        true,
        transfer,
        transfer,
        durations,
        TcpHistogram.EMPTY,
        List.of(new TcpGrowth.Close("local", 321, durations)),
        durations,
        21,
        Map.of("NO_SOCKET", 3L));
  }

  @Override
  public List<Figure> measure() throws Exception {
    CollectorRegistry registry = new CollectorRegistry();
    filling.accept(registry);
    Vertx vertx = Vertx.vertx();
    try {
      ApiSources sources =
          new ApiSources(
              (window, filter) -> new byte[0],
              (window, matching, order, limit) -> List.of(),
              null,
              parameters -> null,
              null,
              new WriteGuard(ApiToken.none(), false),
              () -> new byte[0],
              registry,
              () -> true);
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(ApiRouter.create(vertx, sources))
              .listen(0, "127.0.0.1")
              .await(30, TimeUnit.SECONDS);
      URI uri = URI.create("http://127.0.0.1:" + server.actualPort() + "/metrics");
      return figures(uri);
    } finally {
      vertx.close().await(30, TimeUnit.SECONDS);
    }
  }

  private List<Figure> figures(URI uri) throws Exception {
    double[] wallMillis = new double[SCRAPES];
    double[] cpuMillis = new double[SCRAPES];
    long bytes = 0;
    for (int i = -WARM_UP; i < SCRAPES; i++) {
      long cpu = system.getProcessCpuTime();
      long wall = System.nanoTime();
      bytes = scrape(uri, "gzip");
      if (i >= 0) {
        wallMillis[i] = (System.nanoTime() - wall) / NANOS_PER_MILLI;
        cpuMillis[i] = (system.getProcessCpuTime() - cpu) / NANOS_PER_MILLI;
      }
    }
    return List.of(
        new Figure(name + "_wall_millis", median(wallMillis), MILLIS_LIMIT),
        new Figure(name + "_cpu_millis", median(cpuMillis), MILLIS_LIMIT),
        new Figure(name + "_gzip_mb", bytes / 1e6, Figure.NONE),
        new Figure(name + "_text_mb", scrape(uri, "identity") / 1e6, Figure.NONE));
  }

  /** Bytes of the body as it came. */
  private long scrape(URI uri, String encoding) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("accept", ACCEPT)
            .header("accept-encoding", encoding)
            .build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IllegalStateException("answered " + response.statusCode());
    }
    try (InputStream body = response.body()) {
      byte[] buffer = new byte[1 << 16];
      long bytes = 0;
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        bytes += read;
      }
      return bytes;
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
