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
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.TcpSeries;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A controller that keeps what it is sent: the real service on a loopback port. */
public final class CollectingController extends HopServiceGrpc.HopServiceImplBase
    implements AutoCloseable {
  private final List<ProbeHello> hellos = new CopyOnWriteArrayList<>();
  private final List<HopBatch> batches = new CopyOnWriteArrayList<>();
  private final Server server;
  private final int port;
  private volatile boolean acknowledging = true;

  /** On a port of the test's, or 0 for any. */
  public CollectingController(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(this)
            .build()
            .start();
    this.port = server.getPort();
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Whether batches are acknowledged from now on. */
  public void acknowledge(boolean value) {
    acknowledging = value;
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

  @Override
  public StreamObserver<HopUpload> streamHops(StreamObserver<HopControl> down) {
    return new StreamObserver<>() {
      @Override
      public void onNext(HopUpload upload) {
        if (upload.hasHello()) {
          hellos.add(upload.getHello());
          return;
        }
        batches.add(upload.getBatch());
        if (acknowledging) {
          Acknowledgement acknowledgement =
              Acknowledgement.newBuilder().setSequence(upload.getBatch().getSequence()).build();
          down.onNext(HopControl.newBuilder().setAcknowledgement(acknowledgement).build());
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
