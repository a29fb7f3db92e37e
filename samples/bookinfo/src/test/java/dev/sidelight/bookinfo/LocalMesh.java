/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The local bookinfo as a test sees it: one mesh for all test classes of a run that want the same
 * {@link MeshVariant}, on ports and in a directory of its own, driven by the {@code mesh} command
 * and taken down at the end, or before another variant comes up.
 */
final class LocalMesh implements BeforeAllCallback, ParameterResolver, AutoCloseable {

  private static final Path COMMAND = Path.of("local", "mesh").toAbsolutePath();
  private static final long COMMAND_TIMEOUT_SECONDS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  // state
  private Path runDirectory;
  private Map<String, String> environment;
  private SidelightApi api;
  private Variant variant;
  private int otlpPort;

  private record Variant(boolean absent, List<String> options, List<String> environment) {

    static Variant of(MeshVariant wanted) {
      return wanted == null
          ? new Variant(false, List.of(), List.of())
          : new Variant(wanted.absent(), List.of(wanted.value()), List.of(wanted.environment()));
    }
  }

  /** For JUnit: the mesh comes up with the first test class that asks for it. */
  LocalMesh() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    meshOf(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == LocalMesh.class || type == SidelightApi.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    LocalMesh mesh = meshOf(context);
    return parameter.getParameter().getType() == LocalMesh.class ? mesh : mesh.api;
  }

  private static LocalMesh meshOf(ExtensionContext context) {
    MeshVariant wanted = context.getRequiredTestClass().getAnnotation(MeshVariant.class);
    LocalMesh mesh =
        context
            .getRoot()
            .getStore(Namespace.create(LocalMesh.class))
            .getOrComputeIfAbsent(LocalMesh.class, key -> new LocalMesh(), LocalMesh.class);
    mesh.become(Variant.of(wanted));
    return mesh;
  }

  private void become(Variant wanted) {
    if (wanted.equals(variant)) {
      return;
    }
    close();
    if (!wanted.absent()) {
      up(wanted);
    }
  }

  private void up(Variant wanted) {
    try {
      runDirectory = Files.createTempDirectory("sl");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Integer> ports = freePorts(5);
    environment = new HashMap<>();
    environment.put("SIDELIGHT_RUN", runDirectory.toString());
    environment.put("SIDELIGHT_HTTP_PORT", ports.get(0).toString());
    environment.put("SIDELIGHT_ALS_PORT", ports.get(1).toString());
    environment.put("SIDELIGHT_HOP_PORT", ports.get(2).toString());
    environment.put("SIDELIGHT_METRICS_PORT", ports.get(3).toString());
    // A collector that is mostly absent, for what a request's traceparent says is sampled.
    otlpPort = ports.get(4);
    environment.put("SIDELIGHT_OTLP_ENDPOINT", "http://127.0.0.1:" + otlpPort);
    environment.put("SIDELIGHT_OTLP_SAMPLED_FLAG", "follow");
    environment.put("SIDELIGHT_OTLP_SLOW_MILLIS", "0");
    for (String variable : wanted.environment()) {
      int at = variable.indexOf('=');
      environment.put(variable.substring(0, at), variable.substring(at + 1));
    }
    api = new SidelightApi(ports.get(0), ports.get(3));
    List<String> command = new ArrayList<>(List.of("up"));
    command.addAll(wanted.options());
    run(command.toArray(String[]::new));
    variant = wanted;
  }

  /**
   * Runs {@code mesh ARGUMENTS} to its end and returns what it printed; fails the test where the
   * command fails.
   */
  String run(String... arguments) {
    Process process = start(arguments);
    try {
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(COMMAND_TIMEOUT_SECONDS, TimeUnit.SECONDS))
          .as("mesh %s ended", List.of(arguments))
          .isTrue();
      assertThat(process.exitValue()).as("mesh %s: %s", List.of(arguments), output).isZero();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Where the controller sends traces; nobody listens there. */
  int otlpPort() {
    return otlpPort;
  }

  /** Starts {@code mesh ARGUMENTS} and returns at once. */
  Process start(String... arguments) {
    List<String> command = new ArrayList<>(List.of(COMMAND.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode runJson(String... arguments) {
    try {
      return JSON.readTree(run(arguments));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls that a caller timed by its own clock, one JSON object each. */
  List<JsonNode> ownClockCalls(String workload) {
    Path log = runDirectory.resolve("calls").resolve(workload + ".jsonl");
    try {
      List<JsonNode> calls = new ArrayList<>();
      for (String line : Files.readAllLines(log)) {
        calls.add(JSON.readTree(line));
      }
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (variant != null) {
      run("down");
      variant = null;
    }
  }

  static List<Integer> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
