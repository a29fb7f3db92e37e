/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** How it is known who calls: by nothing, by TLS, or by the word of the own sidecar. */
public enum CallerSource {
  /** Anybody may be anybody. */
  NONE {
    @Override
    SpiffeId principal(GrpcServerRequest<Buffer, Buffer> request) {
      return null;
    }
  },

  /** The certificate that the caller showed here. The Unix socket has permissions instead. */
  CERTIFICATE {
    @Override
    SpiffeId principal(GrpcServerRequest<Buffer, Buffer> request) throws RefusedException {
      SocketAddress local = request.connection().localAddress();
      if (local != null && local.isDomainSocket()) {
        return null;
      }
      SSLSession session = request.connection().sslSession();
      try {
        if (session != null) {
          return SpiffeId.parse(uri(session.getPeerCertificates()[0]));
        }
      } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
        throw unknown("its certificate cannot be read: " + e.getMessage());
      }
      throw unknown("it does not speak TLS");
    }
  },

  /**
   * The certificate that the caller showed to the sidecar of this pod, which alone connects from
   * loopback.
   */
  FORWARDED {
    @Override
    SpiffeId principal(GrpcServerRequest<Buffer, Buffer> request) throws RefusedException {
      SocketAddress remote = request.connection().remoteAddress();
      if (remote == null || remote.hostAddress() == null || !isLoopback(remote.hostAddress())) {
        throw unknown("it does not come through this pod's sidecar");
      }
      String header = request.headers().get("x-forwarded-client-cert");
      return SpiffeId.parse(ForwardedClientCertificate.uri(header == null ? "" : header));
    }
  };

  private static final int URI = 6;

  /**
   * Who calls; null where that does not matter.
   *
   * @throws RefusedException where it cannot be told
   */
  abstract SpiffeId principal(GrpcServerRequest<Buffer, Buffer> request) throws RefusedException;

  private static String uri(Certificate certificate) throws CertificateParsingException {
    Collection<List<?>> names = ((X509Certificate) certificate).getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> name : names) {
        if (name.get(0).equals(URI)) {
          return (String) name.get(1);
        }
      }
    }
    return "";
  }

  private static boolean isLoopback(String address) {
    return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
  }

  static RefusedException unknown(String why) {
    return new RefusedException("unknown_caller", GrpcStatus.UNAUTHENTICATED, "who calls: " + why);
  }
}
