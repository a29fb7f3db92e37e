/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import dev.sidelight.hop.v1.Acknowledgement;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.HopServiceGrpc;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.TcpSeries;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A controller that keeps what it is sent: the real service on a loopback port. */
public final class CollectingController extends HopServiceGrpc.HopServiceImplBase
    implements AutoCloseable, ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final List<ProbeHello> hellos = new CopyOnWriteArrayList<>();
  private final List<HopBatch> batches = new CopyOnWriteArrayList<>();
  private final List<PodInventory> inventories = new CopyOnWriteArrayList<>();
  private final List<ProfileReport> reports = new CopyOnWriteArrayList<>();
  private final Server server;
  private final int port;
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile boolean acknowledging = true;
  private volatile String refusedAuthorization = "";
  private volatile StreamObserver<HopControl> call;

  /** On a port of the test's, or 0 for any. */
  public CollectingController(int port) throws IOException {
    this(builder(port));
  }

  /**
   * With TLS.
   *
   * @param certificate and its chain, in PEM
   * @param key its own, in PEM
   */
  public CollectingController(int port, Path certificate, Path key) throws IOException {
    this(builder(port).useTransportSecurity(certificate.toFile(), key.toFile()));
  }

  private CollectingController(NettyServerBuilder builder) throws IOException {
    server = builder.addService(this).intercept(this).build().start();
    port = server.getPort();
  }

  private static NettyServerBuilder builder(int port) {
    return NettyServerBuilder.forAddress(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Whether batches are acknowledged from now on. */
  public void acknowledge(boolean value) {
    acknowledging = value;
  }

  /** Calls that bring it are refused. */
  void refuse(String authorization) {
    refusedAuthorization = authorization;
  }

  /** What each call brought to say who it is of, refused ones too; only of those that did. */
  public List<String> authorizations() {
    return authorizations;
  }

  /** First messages, one a call. */
  public List<ProbeHello> hellos() {
    return hellos;
  }

  /** As they came. */
  public List<HopBatch> batches() {
    return batches;
  }

  /** Of all batches, in order. */
  public Stream<Exchange> exchanges() {
    return batches.stream().flatMap(batch -> batch.getExchangesList().stream());
  }

  /** Of all batches, in order. */
  public Stream<TcpSeries> series() {
    return batches.stream().flatMap(batch -> batch.getTcpSeriesList().stream());
  }

  /** What was told of the node's pods, one a change. */
  public List<PodInventory> inventories() {
    return inventories;
  }

  /** What profiles told, in order. */
  public List<ProfileReport> reports() {
    return reports;
  }

  /** Tells the probe of the latest call. */
  public void send(HopControl control) {
    StreamObserver<HopControl> down = call;
    synchronized (down) {
      down.onNext(control);
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> incoming, Metadata headers, ServerCallHandler<Q, A> next) {
    String authorization = headers.get(AUTHORIZATION);
    if (authorization != null) {
      authorizations.add(authorization);
      if (authorization.equals(refusedAuthorization)) {
        incoming.close(Status.UNAUTHENTICATED.withDescription("it has expired"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
    }
    return next.startCall(incoming, headers);
  }

  @Override
  public StreamObserver<HopUpload> streamHops(StreamObserver<HopControl> down) {
    call = down;
    return new StreamObserver<>() {
      @Override
      public void onNext(HopUpload upload) {
        switch (upload.getMessageCase()) {
          case HELLO -> hellos.add(upload.getHello());
          case INVENTORY -> inventories.add(upload.getInventory());
          case PROFILE -> reports.add(upload.getProfile());
          case BATCH -> take(upload.getBatch());
          case MESSAGE_NOT_SET -> throw new IllegalStateException("an empty message");
        }
      }

      private void take(HopBatch batch) {
        batches.add(batch);
        if (acknowledging) {
          Acknowledgement acknowledgement =
              Acknowledgement.newBuilder().setSequence(batch.getSequence()).build();
          synchronized (down) {
            down.onNext(HopControl.newBuilder().setAcknowledgement(acknowledgement).build());
          }
        }
      }

      @Override
      public void onError(Throwable failure) {
        // The probe went; what it sent stays.
      }

      @Override
      public void onCompleted() {
        down.onCompleted();
      }
    };
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
