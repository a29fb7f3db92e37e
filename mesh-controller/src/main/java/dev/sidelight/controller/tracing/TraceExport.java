/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import dev.sidelight.correlator.CorrelatedRequest;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports chosen calls, on a thread of its own. {@link #accept} is for the correlator's thread and
 * never blocks: what is too much is counted and gone. One request is under way at a time; while the
 * collector is slow or away, so many calls wait and no more.
 */
public final class TraceExport implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(TraceExport.class);

  /** Calls that are queued, wait for their trace or are on their way. */
  static final int MAX_PENDING = 8_192;

  /** Calls a request, as long as it takes whole traces: some twenty spans each. */
  private static final int MAX_BATCH = 256;

  private static final long TICK_MILLIS = 100;
  private static final long RATE_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** OTLP's default. */
  private static final long REQUEST_MILLIS = 10_000;

  /** Of what OTLP has tried again: no connection, 429, 502, 503, 504. */
  private static final RetryPolicy RETRY =
      RetryPolicy.builder()
          .setMaxAttempts(3)
          .setInitialBackoff(Duration.ofMillis(500))
          .setMaxBackoff(Duration.ofSeconds(2))
          .build();

  private static final long LAST_REQUEST_MILLIS = 500;
  private static final long STOP_MILLIS = 1_000;

  // deps
  private final TracingSettings settings;
  private final TracingEvents events;
  private final LongSupplier monotonicNanos;
  private final CallChoice choice;
  private final SpanExporter exporter;
  private final TraceAssembly assembly = new TraceAssembly();
  private final WaitingTraces waiting = new WaitingTraces();

  // state
  private final BlockingQueue<ChosenCall> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "sidelight-otlp");
  private volatile boolean stopping;

  // state of the correlator's thread
  private long rateWindowNanos;
  private int takenInWindow;

  // state of its own thread, and at the end of the one that closes it
  private long lastSendNanos;

  /** Not started yet. */
  public TraceExport(TracingSettings settings, TracingEvents events, LongSupplier monotonicNanos) {
    this.settings = settings;
    this.events = events;
    this.monotonicNanos = monotonicNanos;
    choice = new CallChoice(settings);
    exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.tracesUrl().toString())
            .setHeaders(new HeadersFile(settings.headersFile()))
            .setTimeout(REQUEST_MILLIS, TimeUnit.MILLISECONDS)
            .setCompression("gzip")
            .setRetryPolicy(RETRY)
            .build();
    lastSendNanos = monotonicNanos.getAsLong();
    rateWindowNanos = monotonicNanos.getAsLong() - RATE_WINDOW_NANOS;
    ExporterLog.forward();
    thread.setDaemon(true);
  }

  /** Begins to export. */
  public void start() {
    thread.start();
  }

  /** Takes a call, leaves it, or counts it as dropped. */
  public void accept(CorrelatedRequest call) {
    ChosenCall chosen = choice.choose(call);
    if (chosen == null) {
      return;
    }
    events.traceparent(chosen.context().traceparent());
    if (!isWithinRate()) {
      events.dropped(1, "rate");
    } else if (pending.get() >= MAX_PENDING) {
      events.dropped(1, "queue_full");
    } else {
      pending.incrementAndGet();
      queue.add(chosen);
    }
  }

  private boolean isWithinRate() {
    long nowNanos = monotonicNanos.getAsLong();
    if (nowNanos - rateWindowNanos >= RATE_WINDOW_NANOS) {
      rateWindowNanos = nowNanos;
      takenInWindow = 0;
    }
    return takenInWindow++ < settings.maxPerSecond();
  }

  /** Calls that were chosen and have not left. Any thread. */
  public int pending() {
    return pending.get();
  }

  private void run() {
    while (!stopping) {
      try {
        collect();
        export(waiting.take(monotonicNanos.getAsLong()), REQUEST_MILLIS + TICK_MILLIS);
      } catch (InterruptedException e) {
        // close() interrupts the wait; the loop looks at stopping.
        Thread.currentThread().interrupt();
        break;
      }
    }
  }

  private void collect() throws InterruptedException {
    ChosenCall first = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
    if (first != null) {
      waiting.add(first, monotonicNanos.getAsLong());
      takeQueued();
    }
  }

  private void takeQueued() {
    for (ChosenCall call = queue.poll(); call != null; call = queue.poll()) {
      waiting.add(call, monotonicNanos.getAsLong());
    }
  }

  /** In requests of whole traces. */
  private void export(List<List<ChosenCall>> traces, long waitMillis) {
    List<List<ChosenCall>> batch = new ArrayList<>();
    int calls = 0;
    for (List<ChosenCall> trace : traces) {
      if (calls > 0 && calls + trace.size() > MAX_BATCH) {
        send(batch, calls, waitMillis);
        batch = new ArrayList<>();
        calls = 0;
      }
      batch.add(trace);
      calls += trace.size();
    }
    if (calls > 0) {
      send(batch, calls, waitMillis);
    }
  }

  private void send(List<List<ChosenCall>> traces, int calls, long waitMillis) {
    if (stopping && monotonicNanos.getAsLong() - lastSendNanos >= 0) {
      events.dropped(calls, "shutdown");
    } else {
      try {
        List<SpanData> spans = new ArrayList<>();
        for (List<ChosenCall> trace : traces) {
          spans.addAll(assembly.spans(trace));
        }
        tell(calls, exporter.export(spans).join(waitMillis, TimeUnit.MILLISECONDS));
      } catch (RuntimeException e) {
        logger.error("otlp: {} calls could not be exported; it goes on without them", calls, e);
        events.failed(calls, "error");
      }
    }
    pending.addAndGet(-calls);
  }

  private void tell(int calls, CompletableResultCode result) {
    if (result.isSuccess()) {
      events.exported(calls);
    } else {
      events.failed(calls, failure(result));
    }
  }

  /**
   * An answer other than 200 has no cause; without an answer the cause is what stood in the way.
   */
  private static String failure(CompletableResultCode result) {
    if (!result.isDone()) {
      return "timeout";
    }
    Throwable failure = result.getFailureThrowable();
    Throwable cause = failure == null ? null : failure.getCause();
    if (cause == null) {
      return "refused";
    }
    return cause instanceof HttpTimeoutException ? "timeout" : "unreachable";
  }

  /** Stops within two seconds: sends what it has, once; what does not leave then is counted. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join(STOP_MILLIS);
      if (!thread.isAlive()) {
        lastSendNanos =
            monotonicNanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(LAST_REQUEST_MILLIS);
        takeQueued();
        export(waiting.takeAll(), LAST_REQUEST_MILLIS);
      }
    } catch (InterruptedException e) {
      // Whoever stops us is in a hurry; the thread is a daemon.
      Thread.currentThread().interrupt();
    }
    exporter.shutdown(); // not waited for: its threads are daemons
  }
}
