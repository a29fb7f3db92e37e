/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client's stream of raw messages, by grpc-java: another implementation than the server's. */
final class GrpcStream implements AutoCloseable {

  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

  // state
  private final ManagedChannel channel;
  private final ClientCall<byte[], byte[]> call;
  private final CompletableFuture<Status> status = new CompletableFuture<>();
  private final List<byte[]> received = new CopyOnWriteArrayList<>();

  private GrpcStream(ManagedChannel channel, String fullMethodName) {
    this(channel, fullMethodName, new Metadata());
  }

  private GrpcStream(ManagedChannel channel, String fullMethodName, Metadata headers) {
    this.channel = channel;
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(fullMethodName)
            .build();
    call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(new Listener(), headers);
    call.request(1_000);
  }

  static GrpcStream tcp(int port, String fullMethodName) {
    return new GrpcStream(
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build(), fullMethodName);
  }

  /** With headers, and by TLS to the server of a name where there are credentials. */
  static GrpcStream secured(
      int port,
      String fullMethodName,
      ChannelCredentials credentials,
      String serverName,
      Map<String, String> headers) {
    Metadata metadata = new Metadata();
    headers.forEach(
        (name, value) ->
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    return new GrpcStream(
        Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials)
            .overrideAuthority(serverName)
            .build(),
        fullMethodName,
        metadata);
  }

  static GrpcStream unix(Path socket, String fullMethodName) {
    return new GrpcStream(
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .overrideAuthority("localhost")
            .eventLoopGroup(LOOPS)
            .channelType(EpollDomainSocketChannel.class)
            .usePlaintext()
            .build(),
        fullMethodName);
  }

  GrpcStream send(byte[] message) {
    call.sendMessage(message);
    return this;
  }

  GrpcStream halfClose() {
    call.halfClose();
    return this;
  }

  void cancel() {
    call.cancel("the test is done with it", null);
  }

  CompletableFuture<Status> status() {
    return status;
  }

  List<byte[]> received() {
    return received;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** Keeps what comes. */
  private final class Listener extends ClientCall.Listener<byte[]> {
    @Override
    public void onMessage(byte[] message) {
      received.add(message);
    }

    @Override
    public void onClose(Status closed, Metadata trailers) {
      status.complete(closed);
    }
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
}
