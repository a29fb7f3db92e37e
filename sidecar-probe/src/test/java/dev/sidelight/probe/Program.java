/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs that the probe is tried on, and how each is started. */
enum Program {
  PYTHON("python3", "python", true, false),
  RUBY("ruby", "ruby", true, false),
  NODE("node", "node", true, true),
  JAVA("java", "java", false, false),
  GO("goserver", "goserver", false, true),
  NGINX("nginx", "nginx", false, false),
  ODD("python3", "python", false, false);

  static final int PLAIN_PORT = 9080;
  static final int HTTP2_PORT = 9082;
  static final int TLS_PORT = 9443;

  private static final Path RESOURCES = Path.of("src/test/resources/programs").toAbsolutePath();
  private static final Path GO_CACHE = Path.of(System.getProperty("user.home"), ".cache/go-build");
  private static final Path BUILT = Path.of("target/programs").toAbsolutePath();

  private final String command;
  private final String executable;
  private final boolean tls;
  private final boolean http2;

  Program(String command, String executable, boolean tls, boolean http2) {
    this.command = command;
    this.executable = executable;
    this.tls = tls;
    this.http2 = http2;
  }

  /** How its executable's name begins. */
  String executable() {
    return executable;
  }

  /** Whether it serves TLS by OpenSSL as well. */
  boolean servesTls() {
    return tls;
  }

  /** Whether it serves HTTP/2 without TLS as well. */
  boolean servesHttp2() {
    return http2;
  }

  /** Starts it, once a way in which it serves. */
  void startIn(Namespace pod) {
    String port = Integer.toString(PLAIN_PORT);
    switch (this) {
      case PYTHON -> pod.start(command, resource("server.py"), port);
      case RUBY -> pod.start(command, resource("server.rb"), port);
      case NODE -> pod.start(command, resource("server.js"), port);
      case JAVA ->
          pod.start(
              command,
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-Dsun.net.httpserver.nodelay=true",
              resource("Server.java"),
              port);
      case GO -> pod.start(goServer(), port);
      case NGINX -> pod.start(command, "-p", made("nginx"), "-c", resource("nginx.conf"));
      case ODD -> pod.start(command, resource("odd.py"), port);
    }
    if (http2) {
      String http2Port = Integer.toString(HTTP2_PORT);
      if (this == GO) {
        pod.start(goServer(), http2Port, "http2");
      } else {
        pod.start(command, resource("server.js"), http2Port, "http2");
      }
    }
    if (tls) {
      String script =
          resource(this == PYTHON ? "server.py" : this == RUBY ? "server.rb" : "server.js");
      pod.start(command, script, Integer.toString(TLS_PORT), certificate(), key());
    }
  }

  /** The sidecar's configuration. */
  static String sidecar() {
    return resource("pod.yaml");
  }

  private static String goServer() {
    Path binary = BUILT.resolve("goserver");
    if (!Files.exists(binary)) {
      run(
          List.of("env", "GO111MODULE=off", "GOPATH=/usr/share/gocode", "CGO_ENABLED=0"),
          List.of(
              "GOCACHE=" + GO_CACHE,
              "go",
              "build",
              "-o",
              binary.toString(),
              resource("server.go")));
    }
    return binary.toString();
  }

  private static String certificate() {
    Path certificate = BUILT.resolve("program.crt");
    if (!Files.exists(certificate)) {
      made("");
      run(
          List.of("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
          List.of("-subj", "/CN=program", "-keyout", key(), "-out", certificate.toString()));
    }
    return certificate.toString();
  }

  private static String key() {
    return BUILT.resolve("program.key").toString();
  }

  private static String made(String directory) {
    try {
      return Files.createDirectories(BUILT.resolve(directory)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    return RESOURCES.resolve(name).toString();
  }

  private static void run(List<String> command, List<String> arguments) {
    File log = new File("target/programs.log");
    List<String> line = new ArrayList<>(command);
    line.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log).start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(line + " failed, see " + log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
