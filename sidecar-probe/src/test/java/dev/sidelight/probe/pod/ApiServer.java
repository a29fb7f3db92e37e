/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real kube-apiserver with its etcd, on loopback; built by `make control-plane`. */
final class ApiServer implements AutoCloseable {
  /** May do everything. */
  static final String ADMIN = "admin-token";

  /** May do nothing but what a role gives it. */
  static final String PROBE = "probe-token";

  private static final Path TOOLS = Path.of("../.tools/control-plane");
  private static final Duration START = Duration.ofSeconds(90);

  private final Path directory;
  private final int port;
  private final int etcdPort;
  private final Process etcd;
  private Process server;

  ApiServer(Path directory) throws IOException {
    this.directory = directory;
    int[] ports = freePorts(3);
    port = ports[0];
    etcdPort = ports[1];
    keys();
    etcd = etcd(ports[2]);
    start();
  }

  /** Starts it, and waits until it serves. */
  void start() throws IOException {
    server =
        process(
            "kube-apiserver",
            "--etcd-servers=http://127.0.0.1:" + etcdPort,
            "--bind-address=127.0.0.1",
            "--secure-port=" + port,
            "--cert-dir=" + directory.resolve("certificates"),
            "--token-auth-file=" + directory.resolve("tokens.csv"),
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + directory.resolve("account.key"),
            "--service-account-signing-key-file=" + directory.resolve("account.key"),
            "--authorization-mode=RBAC",
            // No controller makes the service accounts that this one asks for.
            "--disable-admission-plugins=ServiceAccount",
            "--service-cluster-ip-range=10.0.0.0/16",
            "--endpoint-reconciler-type=none");
    try (KubernetesClient admin = client(ADMIN)) {
      await()
          .atMost(START)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> server.isAlive() && isReady(admin));
    }
  }

  /** Ends the server; what it keeps stays in etcd. */
  void stop() {
    end(server);
  }

  KubernetesClient client(String token) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://127.0.0.1:" + port)
            .withTrustCerts(true)
            .withOauthToken(token)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** A kubeconfig with this token. */
  Path kubeconfig(String token) throws IOException {
    return Files.writeString(
        directory.resolve(token + ".kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: %s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(port, token));
  }

  @Override
  public void close() {
    stop();
    end(etcd);
  }

  private static boolean isReady(KubernetesClient admin) {
    try {
      return "ok".equals(admin.raw("/readyz"))
          && admin.namespaces().withName("default").get() != null;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private Process etcd(int peerPort) throws IOException {
    String client = "http://127.0.0.1:" + etcdPort;
    String peer = "http://127.0.0.1:" + peerPort;
    return process(
        "etcd",
        "--data-dir=" + directory.resolve("etcd"),
        "--unsafe-no-fsync",
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer);
  }

  private void keys() throws IOException {
    Files.writeString(
        directory.resolve("tokens.csv"),
        ADMIN + ",admin,1,system:masters\n" + PROBE + ",probe,2\n");
    Process openssl =
        new ProcessBuilder(
                "openssl", "genrsa", "-out", directory.resolve("account.key").toString(), "2048")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("openssl.log").toFile())
            .start();
    try {
      if (openssl.waitFor() != 0) {
        throw new IllegalStateException("openssl made no key");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Process process(String name, String... arguments) throws IOException {
    Path binary = TOOLS.resolve(name);
    if (!Files.isExecutable(binary)) {
      throw new IllegalStateException(binary + " is missing: `make control-plane` builds it");
    }
    List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
    command.add(binary.toString());
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/" + name + ".log")))
        .start();
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int[] freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      int[] ports = sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
