/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.HopServiceGrpc;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.HopExchange;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The call to the controller: keeps it open, sends a batch every so often, and sends again what was
 * not acknowledged when the call broke. All of it, gRPC's callbacks included, runs on one thread;
 * {@link #offer} may be called from any and never waits.
 */
public final class HopUploader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HopUploader.class);
  private static final int UNACKNOWLEDGED_MAX = 32;
  private static final long BACKOFF_MIN_MILLIS = 100;
  private static final long BACKOFF_MAX_MILLIS = 1000;
  // Each try has the controller ask the API server who this is.
  private static final long REFUSED_BACKOFF_MAX_MILLIS = 10_000;
  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long FAREWELL_MILLIS = 1000;
  private static final MethodDescriptor<byte[], HopControl> STREAM_HOPS =
      HopServiceGrpc.getStreamHopsMethod().toBuilder(
              new UploadMarshaller(), HopServiceGrpc.getStreamHopsMethod().getResponseMarshaller())
          .build();

  // deps
  private final UploadSettings settings;
  private final NodeIdentity identity;
  private final UploadMessages messages;
  private final SeriesGrowth growth;
  private final ControllerChannel channel;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "hop-export"));

  // state, the executor's
  private final UploadQueue queue;
  private final ProfileQueue profiles = new ProfileQueue();
  private TaskListener tasks;
  private Call call;
  private long retryAtNanos = System.nanoTime();
  private long backoffMillis = BACKOFF_MIN_MILLIS;
  private Status.Code loggedAbsence;
  private volatile boolean connected;
  // What is to be told at present; null before anything is known.
  private volatile List<PodAddresses> pods;

  /**
   * An uploader that has not started.
   *
   * @param settings where to
   * @param identity who sends
   * @param pods what is known of a network namespace's pod
   * @param growth what connections have carried
   * @param accounting counts what was sent and what was lost
   */
  public HopUploader(
      UploadSettings settings,
      NodeIdentity identity,
      IntFunction<Optional<PodAddresses>> pods,
      SeriesGrowth growth,
      EndAccounting accounting) {
    this.settings = settings;
    this.identity = identity;
    this.growth = growth;
    messages = new UploadMessages(pods, accounting);
    queue = new UploadQueue(settings.queueEndsMax(), accounting);
    channel = new ControllerChannel(settings, executor);
  }

  /**
   * Begins to connect and to send.
   *
   * @param taskListener called on this uploader's thread
   * @param afterPass is run after each look at what is to be sent
   */
  // The ticks catch what they throw.
  @SuppressWarnings("FutureReturnValueIgnored")
  public void start(TaskListener taskListener, Runnable afterPass) {
    tasks = taskListener;
    executor.scheduleWithFixedDelay(
        () -> {
          tick();
          afterPass.run();
        },
        0,
        settings.batchMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Queues an exchange. */
  public void offer(HopExchange exchange) {
    queue.offer(exchange);
  }

  /** Queues a clock sample. */
  public void offer(ClockSample sample) {
    queue.offer(sample);
  }

  /** Queues a profile's report. */
  public void offer(ProfileReport report) {
    profiles.offer(UploadMessages.profile(report));
  }

  /** These are the node's pods now; told when it is another list than the last. */
  public void offerPods(List<PodAddresses> present) {
    pods = present;
  }

  /** Reports of profiles that were dropped, since the controller was away or slow. */
  public long droppedProfiles() {
    return profiles.droppedCount();
  }

  /** Ends waiting to be acknowledged. */
  public int queuedEnds() {
    return queue.endCount();
  }

  /** Whether the controller has acknowledged something on the present call. */
  public boolean isConnected() {
    return connected;
  }

  /**
   * Sends what is left if the controller takes it within a second, and ends. What it does not take
   * counts as lost.
   */
  @Override
  public void close() {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS);
    try {
      executor.submit(this::tick).get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
      while (connected && !isDrained() && System.nanoTime() < deadlineNanos) {
        TimeUnit.MILLISECONDS.sleep(settings.batchMillis());
      }
      executor.submit(this::hangUp).get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("the controller could not be taken leave of: {}", e.toString());
    }
    channel.shutdownNow();
    executor.shutdownNow();
  }

  private boolean isDrained() {
    return queue.endCount() == 0
        && queue.untoldSeriesCount() == 0
        && !growth.hasGrown()
        && profiles.isEmpty();
  }

  private void tick() {
    try {
      queue.settle();
      takeGrowth();
      if (call == null) {
        if (System.nanoTime() - retryAtNanos >= 0) {
          connect();
        }
        return;
      }
      if (call.isSilent()) {
        call.cancel("no acknowledgement for 5 s");
        return;
      }
      call.pump();
    } catch (RuntimeException e) {
      LOG.error("an upload failed", e);
    }
  }

  /**
   * One at a time: what grows meanwhile is added up where it is counted, so that an absent
   * controller costs no memory and no figure.
   */
  private void takeGrowth() {
    if (queue.untoldSeriesCount() == 0 && growth.hasGrown()) {
      queue.offerSeries(growth.takeGrowth());
    }
  }

  private void connect() {
    ClientCall<byte[], HopControl> opened;
    try {
      opened = channel.newCall(STREAM_HOPS);
    } catch (IOException e) {
      away(Status.Code.FAILED_PRECONDITION, e.getMessage());
      return;
    }
    call = new Call();
    ClientCalls.asyncBidiStreamingCall(opened, call);
    call.upload.onNext(UploadMessages.hello(identity));
  }

  private void hangUp() {
    if (call != null) {
      call.upload.onCompleted();
    }
    queue.abandon();
  }

  private void ended(Call which, Status.Code code, String why) {
    if (call != which) {
      return;
    }
    call = null;
    connected = false;
    away(code, code + " " + why);
  }

  private void away(Status.Code code, String why) {
    long backoffMaxMillis = isRefusal(code) ? REFUSED_BACKOFF_MAX_MILLIS : BACKOFF_MAX_MILLIS;
    if (code != loggedAbsence) {
      loggedAbsence = code;
      LOG.warn(
          "controller {}:{} is away: {}; trying again within {} ms, {} ends wait",
          settings.host(),
          settings.port(),
          why,
          backoffMaxMillis,
          queue.endCount());
    }
    retryAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoffMillis);
    backoffMillis = Math.min(2 * backoffMillis, backoffMaxMillis);
  }

  /** TLS says at the innermost what it does not like. */
  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  private static boolean isRefusal(Status.Code code) {
    return code == Status.Code.UNAUTHENTICATED || code == Status.Code.PERMISSION_DENIED;
  }

  /** One call, from its hello to its end. */
  private final class Call implements ClientResponseObserver<byte[], HopControl> {
    private ClientCallStreamObserver<byte[]> upload;
    private boolean resumed;
    private List<PodAddresses> toldPods;
    private long lastProgressNanos = System.nanoTime();

    @Override
    public void beforeStart(ClientCallStreamObserver<byte[]> stream) {
      upload = stream;
      // Not by the timer alone: it would send one batch a tick.
      stream.setOnReadyHandler(this::pumpWhenCurrent);
    }

    private void pumpWhenCurrent() {
      if (call == this) {
        pump();
      }
    }

    /**
     * Sends again what the call before left open, then what is new, as far as the controller keeps
     * up.
     */
    void pump() {
      if (!upload.isReady()) {
        return;
      }
      tellPods();
      tellProfiles();
      if (!resumed) {
        resumed = true;
        queue.unacknowledged().forEach(batch -> upload.onNext(messages.batch(batch)));
      }
      while (queue.hasPending()
          && queue.unacknowledgedCount() < UNACKNOWLEDGED_MAX
          && upload.isReady()) {
        if (queue.unacknowledgedCount() == 0) {
          lastProgressNanos = System.nanoTime();
        }
        upload.onNext(messages.batch(queue.nextBatch()));
      }
    }

    private void tellPods() {
      List<PodAddresses> present = pods;
      if (present != toldPods) {
        toldPods = present;
        upload.onNext(UploadMessages.inventory(present));
      }
    }

    private void tellProfiles() {
      while (!profiles.isEmpty() && upload.isReady()) {
        upload.onNext(profiles.poll());
      }
    }

    boolean isSilent() {
      return queue.unacknowledgedCount() > 0
          && System.nanoTime() - lastProgressNanos > SILENCE_MAX_NANOS;
    }

    void cancel(String why) {
      upload.cancel(why, null);
      ended(this, Status.Code.CANCELLED, why);
    }

    @Override
    public void onNext(HopControl control) {
      switch (control.getMessageCase()) {
        case ACKNOWLEDGEMENT -> acknowledged(control.getAcknowledgement().getSequence());
        case TASK -> tasks.begin(control.getTask());
        case END_TASK_ID -> tasks.end(control.getEndTaskId());
        // Of a later controller.
        case MESSAGE_NOT_SET -> {}
      }
    }

    private void acknowledged(long sequence) {
      lastProgressNanos = System.nanoTime();
      backoffMillis = BACKOFF_MIN_MILLIS;
      if (!connected) {
        connected = true;
        loggedAbsence = null;
        LOG.info("controller {}:{} takes records", settings.host(), settings.port());
      }
      queue.acknowledge(sequence);
      pumpWhenCurrent();
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      Throwable cause = status.getCause();
      // A status with its cause prints a stack trace, which an absent controller does not deserve.
      ended(this, status.getCode(), cause == null ? status.getDescription() : rootMessage(cause));
    }

    @Override
    public void onCompleted() {
      ended(this, Status.Code.OK, "it ended the call");
    }
  }
}
