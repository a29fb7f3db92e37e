/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of Vert.x, and whoever connects to it by the JDK's sockets. */
class ServingCertificateTest {

  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final TestCertificates authority = new TestCertificates();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private CertificateFiles files;
  private ServingCertificate certificate;
  private int port;

  @BeforeEach
  void serve() throws Exception {
    CertificateFiles all = authority.server(directory);
    files = new CertificateFiles(all.certificate(), all.key(), null);
    certificate =
        new ServingCertificate(
            files,
            new CertificateEvents() {
              @Override
              public void loaded(long notAfterEpochSeconds) {
                said.add("loaded");
              }

              @Override
              public void failed(String detail) {
                said.add(detail);
              }
            });
    HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
    certificate.current().secure(options);
    HttpServer server = vertx.createHttpServer(options);
    certificate.follow(server);
    port =
        server
            .requestHandler(request -> request.response().end("served"))
            .listen()
            .await()
            .actualPort();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void anotherCertificate_isShownToWhoeverConnectsNext_andNobodyIsCutOff() throws Exception {
    try (SSLSocket open = connect()) {
      Certificate first = shown(open);
      certificate.check();
      assertThat(said).as("the same one is no news").containsExactly("loaded");
      authority.server(directory);
      certificate.check();
      await().until(() -> said.size() == 2);
      assertThat(said).containsExactly("loaded", "loaded");
      try (SSLSocket next = connect()) {
        assertThat(shown(next)).isNotEqualTo(first).isEqualTo(certificate.current().own());
      }
      open.getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(open.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .endsWith("served");
    }
  }

  @Test
  void halfOfAPair_isNotServed() throws Exception {
    X509Certificate before = certificate.current().own();
    byte[] key = Files.readAllBytes(files.key());
    authority.server(directory);
    Files.write(files.key(), key);
    certificate.check();
    assertThat(said).containsExactly("loaded", "the key is not the certificate's");
    try (SSLSocket next = connect()) {
      assertThat(shown(next)).isEqualTo(before);
    }
  }

  @Test
  void filesThatAreGone_areSaid_andNothingOfTheKeyIs() throws Exception {
    Files.delete(files.certificate());
    certificate.check();
    assertThat(said.get(1)).contains("cannot be read").contains("tls.crt");
    authority.server(directory);
    Files.writeString(files.key(), "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n");
    certificate.check();
    assertThat(said.get(2)).startsWith("the").doesNotContain("c2VjcmV0");
  }

  @Test
  void withoutACertificate_thereIsNoServer() throws IOException {
    Files.writeString(files.certificate(), "");
    assertThatThrownBy(() -> new ServingCertificate(files, null))
        .isInstanceOf(CertificateRefusedException.class)
        .hasMessageContaining("certificate is empty");
  }

  private SSLSocket connect() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.startHandshake();
    return socket;
  }

  private static Certificate shown(SSLSocket socket) throws IOException {
    return socket.getSession().getPeerCertificates()[0];
  }

  /** It is looked at here instead. */
  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
