/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A gRPC server, and a client of it, as programs of their own: "server PORT", "client PORT". The
 * client takes lines "METHOD CALLS AT_ONCE" and answers "OK COUNT" when so many calls ended as they
 * should; their request ids are METHOD-NUMBER.
 */
final class GrpcPrograms {
  private static final String SERVICE = "test.Shop";
  private static final int STREAMED = 5;
  private static final int DELAY_MILLIS = 50;

  private GrpcPrograms() {}

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[1]);
    if (arguments[0].equals("server")) {
      NettyServerBuilder.forPort(port).addService(service()).build().start().awaitTermination();
    } else {
      serve(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
    }
  }

  private static ServerServiceDefinition service() {
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(method("Add"), ServerCalls.asyncUnaryCall(GrpcPrograms::answer))
        .addMethod(
            method("Slow"),
            ServerCalls.asyncUnaryCall(
                (request, responses) -> {
                  delay();
                  answer(request, responses);
                }))
        .addMethod(
            method("Refuse"),
            ServerCalls.asyncUnaryCall(
                (request, responses) -> responses.onError(Status.NOT_FOUND.asException())))
        .addMethod(method("Watch"), ServerCalls.asyncServerStreamingCall(GrpcPrograms::stream))
        .build();
  }

  private static void answer(byte[] request, StreamObserver<byte[]> responses) {
    responses.onNext(request);
    responses.onCompleted();
  }

  private static void stream(byte[] request, StreamObserver<byte[]> responses) {
    for (int i = 0; i < STREAMED; i++) {
      responses.onNext(request);
      delay();
    }
    responses.onCompleted();
  }

  private static void delay() {
    try {
      TimeUnit.MILLISECONDS.sleep(DELAY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void serve(ManagedChannel channel) throws IOException, InterruptedException {
    System.out.println("READY");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", -1);
      System.out.println(
          "OK " + run(channel, words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
    }
    channel.shutdownNow();
  }

  private static int run(ManagedChannel channel, String name, int calls, int atOnce)
      throws InterruptedException {
    AtomicInteger right = new AtomicInteger();
    Semaphore room = new Semaphore(atOnce);
    for (int i = 0; i < calls; i++) {
      room.acquire();
      Channel identified =
          ClientInterceptors.intercept(
              channel, MetadataUtils.newAttachHeadersInterceptor(id(name + "-" + i)));
      ClientCalls.asyncServerStreamingCall(
          identified.newCall(
              method(name), CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS)),
          new byte[100],
          new Ending(
              () -> {
                right.incrementAndGet();
                room.release();
              },
              room::release,
              name.equals("Refuse") ? Status.Code.NOT_FOUND : Status.Code.OK));
    }
    room.acquire(atOnce);
    return right.get();
  }

  private static Metadata id(String id) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), id);
    return metadata;
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    MethodType type = name.equals("Watch") ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    return MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
        .setFullMethodName(SERVICE + "/" + name)
        .setType(type)
        .build();
  }

  /** Bytes as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Waits for a status. */
  private static final class Ending implements StreamObserver<byte[]> {
    private final Runnable right;
    private final Runnable wrong;
    private final Status.Code expected;

    Ending(Runnable right, Runnable wrong, Status.Code expected) {
      this.right = right;
      this.wrong = wrong;
      this.expected = expected;
    }

    @Override
    public void onNext(byte[] value) {}

    @Override
    public void onError(Throwable failure) {
      end(Status.fromThrowable(failure).getCode());
    }

    @Override
    public void onCompleted() {
      end(Status.Code.OK);
    }

    private void end(Status.Code code) {
      (code == expected ? right : wrong).run();
    }
  }
}
