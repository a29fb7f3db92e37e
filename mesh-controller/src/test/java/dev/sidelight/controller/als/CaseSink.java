/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An access log service that keeps the messages as they come. */
final class CaseSink {

  /**
   * A message.
   *
   * @param stream the number of its stream, from 1
   * @param bytes without the list of Envoy's extensions, which makes 63 KB of each first one
   */
  record Message(int stream, ByteString bytes) {}

  // state
  private final List<Message> messages = new ArrayList<>();
  private int streams;
  private int ends;

  CaseSink(Vertx vertx, Path socket) {
    GrpcServer server = GrpcServer.server(vertx).callHandler(this::onStream);
    vertx
        .createHttpServer()
        .requestHandler(server)
        .listen(SocketAddress.domainSocketAddress(socket.toString()))
        .await();
  }

  private synchronized void onStream(GrpcServerRequest<Buffer, Buffer> request) {
    int stream = ++streams;
    request.handler(message -> onMessage(stream, message.getBytes()));
    request.endHandler(nothing -> request.response().end(Buffer.buffer()));
  }

  private synchronized void onMessage(int stream, byte[] bytes) {
    try {
      StreamAccessLogsMessage.Builder message =
          StreamAccessLogsMessage.parseFrom(bytes).toBuilder();
      if (message.hasIdentifier()) {
        message.getIdentifierBuilder().getNodeBuilder().clearExtensions();
      }
      messages.add(new Message(stream, message.build().toByteString()));
      for (HTTPAccessLogEntry entry : message.getHttpLogs().getLogEntryList()) {
        AccessLogType type = entry.getCommonProperties().getAccessLogType();
        ends += type == AccessLogType.DownstreamEnd || type == AccessLogType.UpstreamEnd ? 1 : 0;
      }
      for (TCPAccessLogEntry entry : message.getTcpLogs().getLogEntryList()) {
        AccessLogType type = entry.getCommonProperties().getAccessLogType();
        ends += type == AccessLogType.TcpConnectionEnd ? 1 : 0;
      }
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Entries of ends that have come. */
  synchronized int ends() {
    return ends;
  }

  /** What has come, and forgets it. */
  synchronized List<Message> take() {
    List<Message> taken = List.copyOf(messages);
    messages.clear();
    ends = 0;
    return taken;
  }
}
