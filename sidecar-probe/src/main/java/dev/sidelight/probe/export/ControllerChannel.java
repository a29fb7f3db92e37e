/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;

/**
 * The way to the controller: what it is judged by and what the probe shows are read at each call.
 */
final class ControllerChannel {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final ControllerTrust trust;
  private final Path tokenFile;

  /**
   * A channel that has not connected.
   *
   * @param settings where to, and how secured
   * @param executor runs what calls bring
   */
  ControllerChannel(UploadSettings settings, Executor executor) {
    CallSecurity security = settings.security();
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(settings.host(), settings.port()).executor(executor);
    tokenFile = security.tokenFile();
    if (security.caFile() == null) {
      trust = null;
      builder.usePlaintext();
    } else {
      trust = new ControllerTrust(security.caFile());
      secure(builder, trust);
      if (!security.serverName().isEmpty()) {
        builder.overrideAuthority(security.serverName());
      }
    }
    channel = builder.build();
  }

  /**
   * A call; the connection stays that of the call before if that still stands.
   *
   * @throws IOException when a file that it takes cannot be used; the message says which
   */
  <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method) throws IOException {
    if (trust != null) {
      trust.refresh();
    }
    Channel authenticated =
        tokenFile == null
            ? channel
            : ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(token()));
    // The channel's own backoff grows to minutes.
    channel.resetConnectBackoff();
    return authenticated.newCall(method, CallOptions.DEFAULT);
  }

  void shutdownNow() {
    channel.shutdownNow();
  }

  /** Kubelet replaces it long before it expires. */
  private Metadata token() throws IOException {
    String token;
    try {
      token = Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new IOException("the token in " + tokenFile + " cannot be read: " + e, e);
    }
    if (token.isEmpty()) {
      throw new IOException("there is no token in " + tokenFile);
    }
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return headers;
  }

  private static void secure(NettyChannelBuilder builder, ControllerTrust trust) {
    try {
      builder.sslContext(GrpcSslContexts.forClient().trustManager(trust.manager()).build());
    } catch (SSLException e) {
      throw new IllegalStateException("this JVM has no TLS for gRPC", e);
    }
  }
}
