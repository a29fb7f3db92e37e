/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodScannerTest {
  private static final int NODE = 100;
  private static final int POD = 200;

  @TempDir private Path proc;
  private final List<String> events = new ArrayList<>();
  private PodScanner scanner;

  @BeforeEach
  void begin() throws IOException {
    process(1, "/sbin/init", NODE);
    scanner =
        new PodScanner(proc, new EnvoyIdentity(Set.of("envoy"), Set.of(1337)), new Recorder());
  }

  @Test
  void namespaceWithEnvoy_isAPod() throws IOException {
    process(10, "/usr/bin/python3.11", POD);
    process(11, "/usr/local/bin/envoy", POD);
    file(11, "net/fib_trie", "|-- 10.77.0.13\n /32 host LOCAL\n");
    file(11, "net/tcp", " 0: 00000000:3AA1 00000000:0000 0A 0\n");
    scanner.scan();
    assertThat(events).containsExactly("appeared 200 [10.77.0.13] [15009]");
    assertThat(scanner.pod(POD)).get().extracting(Pod::addresses).asString().contains("10.77.0.13");
  }

  @Test
  void envoyInTheNodesOwnNamespace_isNoPod() throws IOException {
    process(11, "/usr/local/bin/envoy", NODE);
    scanner.scan();
    assertThat(events).isEmpty();
  }

  @Test
  void applicationCalledEnvoy_makesNoPod() throws IOException {
    process(11, "/app/envoy", POD);
    file(11, "status", "Uid:\t1000\t1000\t1000\t1000\n");
    scanner.scan();
    assertThat(events).isEmpty();
    assertThat(scanner.isEnvoy(11)).isFalse();
  }

  @Test
  void applicationCalledEnvoyBesideTheSidecar_isNoEnvoy() throws IOException {
    process(11, "/app/envoy", POD);
    file(11, "status", "Uid:\t1000\t1000\t1000\t1000\n");
    process(12, "/usr/local/bin/envoy", POD);
    scanner.scan();
    assertThat(scanner.podCount()).isOne();
    assertThat(scanner.isEnvoy(11)).isFalse();
    assertThat(scanner.isEnvoy(12)).isTrue();
  }

  @Test
  void envoyInAUserNamespace_isKnownByItsUserInside() throws IOException {
    process(11, "/usr/local/bin/envoy", POD);
    file(11, "status", "Uid:\t132409\t132409\t132409\t132409\n");
    file(11, "uid_map", "         0     131072      65536\n");
    scanner.scan();
    assertThat(scanner.podCount()).isOne();
  }

  @Test
  void oldProcessOfAPod_isSeenToExecuteEnvoyWithinThreeScans() throws IOException {
    process(11, "/bin/sh", POD);
    for (int i = 0; i < 50; i++) {
      scanner.scan();
    }
    end(11);
    process(11, "/usr/local/bin/envoy", POD);
    for (int i = 0; i < 3; i++) {
      scanner.scan();
    }
    assertThat(scanner.podCount()).isOne();
  }

  @Test
  void endingProcess_keepsItsName() throws IOException {
    process(10, "/usr/bin/python3.11", POD);
    scanner.scan();
    Files.delete(proc.resolve("10/exe"));
    scanner.scan();
    assertThat(scanner.executable(10)).isEqualTo("python3.11");
  }

  @Test
  void containerOfAProcess_isReadFromItsCgroup() throws IOException {
    String id = "0123456789abcdef".repeat(4);
    process(10, "/usr/bin/python3.11", POD);
    file(10, "cgroup", "0::/system.slice/docker-" + id + ".scope\n");
    assertThat(scanner.containerId(10)).isEqualTo(id);
    assertThat(scanner.containerId(99)).isEmpty();
  }

  @Test
  void namespaceWithoutEnvoy_isNoPod() throws IOException {
    process(10, "/usr/bin/python3.11", POD);
    scanner.scan();
    assertThat(events).isEmpty();
  }

  @Test
  void processThatExecutesEnvoyLater_isSeen() throws IOException {
    process(11, "/bin/sh", NODE);
    scanner.scan();
    end(11);
    process(11, "/usr/local/bin/envoy (deleted)", POD);
    scanner.scan();
    assertThat(events).containsExactly("appeared 200 [] []");
  }

  @Test
  void lastEnvoyGone_endsThePodButNotItsMemory() throws IOException {
    process(11, "/usr/local/bin/envoy", POD);
    scanner.scan();
    end(11);
    scanner.scan();
    assertThat(events).containsExactly("appeared 200 [] []", "disappeared 200");
    assertThat(scanner.podCount()).isZero();
    assertThat(scanner.pod(POD)).isPresent();
  }

  @Test
  void executable_isNamedWithoutItsDirectory() throws IOException {
    process(10, "/usr/bin/python3.11", POD);
    assertThat(scanner.executable(10)).isEqualTo("python3.11");
    assertThat(scanner.executable(99)).isEmpty();
    assertThat(scanner.executable(0)).isEmpty();
  }

  private void process(int id, String executable, int netns) throws IOException {
    Path directory = Files.createDirectories(proc.resolve(Integer.toString(id)));
    Files.createSymbolicLink(directory.resolve("exe"), Path.of(executable));
    Files.createDirectories(directory.resolve("ns"));
    Files.createSymbolicLink(directory.resolve("ns/net"), Path.of("net:[" + netns + "]"));
    file(id, "status", "Uid:\t0\t1337\t0\t0\n");
  }

  private void file(int id, String name, String content) throws IOException {
    Path file = proc.resolve(Integer.toString(id)).resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private void end(int id) throws IOException {
    try (Stream<Path> files = Files.walk(proc.resolve(Integer.toString(id)))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private final class Recorder implements PodListener {
    @Override
    public void appeared(Pod pod, Set<Integer> listeningPorts) {
      events.add("appeared " + pod.netns() + " " + pod.addresses() + " " + listeningPorts);
    }

    @Override
    public void disappeared(Pod pod) {
      events.add("disappeared " + pod.netns());
    }
  }
}
