/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sidelight.controller.xds.Mesh.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeshFileReaderTest {

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("mesh.json");
  }

  @Test
  void validFile_isReadWhole() throws IOException {
    String fault = TestMesh.fault("reviews-v1", "bookinfo", "outbound", 20);
    Mesh mesh = read(TestMesh.json(directory, fault));
    assertThat(mesh.trustDomain()).isEqualTo("cluster.local");
    assertThat(mesh.pki()).isEqualTo(directory);
    assertThat(mesh.services())
        .extracting(MeshService::outboundCluster)
        .containsExactly(
            "outbound|9080||reviews.bookinfo.svc.cluster.local",
            "outbound|3306||ratings-db.bookinfo.svc.cluster.local");
    assertThat(mesh.gateways()).containsExactly(TestMesh.INGRESS);
    assertThat(mesh.delay("reviews-v1", "bookinfo", Direction.OUTBOUND))
        .contains(Duration.ofMillis(20));
    assertThat(mesh.delay("reviews-v1", "bookinfo", Direction.INBOUND)).isEmpty();
  }

  @Test
  void absentFile_isNamedWithTheWayOut() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MeshFileReader(file).read())
        .withMessageContainingAll(file.toString(), "create it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"port\": 9080` | `\"port\": 0` | $.services[0].port must be a port",
        "`\"port\": 9080` | `\"port\": \"9080\"` | $.services[0].port must be a port",
        "`\"port\": 9080,` | `` | $.services[0].port is missing",
        "10.78.0.13 | 10.78.0.256 | $.services[0].address must be an IPv4 address",
        "127.0.0.13 | reviews | $.services[0].endpoints[0].address must be an IPv4 address",
        "`\"protocol\": \"http\"` | `\"protocol\": \"http\", \"appTls\": 1` | appTls must be true or false",
        "`\"protocol\": \"http\"` | `\"protocol\": \"udp\"` | must be one of grpc, http, http2, tcp",
        "`\"service\": \"reviews\"` | `\"service\": \"rewievs\"` | $.gateways[0].service names no service",
        "`\"service\": \"reviews\"` | `\"service\": \"ratings-db\"` | $.gateways[0].service is a tcp",
        "trustDomain | trustdomain | $ has unknown members [trustdomain]",
        "`\"name\": \"ratings-db\"` | `\"name\": \"reviews\", \"name\": 1` | is no JSON at line",
        "`10.78.0.15\", \"port\": 3306` | `10.78.0.13\", \"port\": 9080` | $.services[1] repeats",
      })
  void wrongPlace_isNamed(String valid, String wrong, String expected) {
    String json = TestMesh.json(directory, "");
    assertThat(json).contains(valid);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(json.replaceFirst(valid, wrong == null ? "" : wrong)))
        .withMessageContainingAll(file.toString(), expected);
  }

  @ParameterizedTest
  @CsvSource({
    "reviews-v9,             bookinfo,     inbound,  20,    names no workload",
    "reviews-v1,             istio-system, inbound,  20,    names no workload",
    "reviews-v1,             bookinfo,     sideways, 20,    must be one of inbound",
    "reviews-v1,             bookinfo,     inbound,  60001, must be a whole number from 0 to 60000",
    "istio-ingressgateway,   istio-system, inbound,  20,    must be outbound",
  })
  void wrongFault_isNamed(
      String workload, String namespace, String direction, int delayMillis, String expected) {
    String fault = TestMesh.fault(workload, namespace, direction, delayMillis);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(TestMesh.json(directory, fault)))
        .withMessageContainingAll("$.faults[0].", expected);
  }

  @Test
  void connectionLimit_isRead() throws IOException {
    Mesh mesh = read(TestMesh.json(directory, limit("outbound", "1")));
    assertThat(mesh.maxConnections("reviews-v1", "bookinfo")).contains(1);
    assertThat(mesh.maxConnections("reviews-v2", "bookinfo")).isEmpty();
    assertThat(mesh.delay("reviews-v1", "bookinfo", Mesh.Direction.OUTBOUND)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"inbound, 1, must be outbound", "outbound, -1, must be a whole number from 0"})
  void wrongConnectionLimit_isNamed(String direction, String maxConnections, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(TestMesh.json(directory, limit(direction, maxConnections))))
        .withMessageContainingAll("$.faults[0].", expected);
  }

  private static String limit(String direction, String maxConnections) {
    return """
        {"workload": "reviews-v1", "namespace": "bookinfo", "direction": "%s", "maxConnections": %s}
        """
        .formatted(direction, maxConnections);
  }

  @Test
  void relativePki_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(TestMesh.json(Path.of("pki"), "")))
        .withMessageContaining("$.pki must be an absolute path");
  }

  private Mesh read(String json) throws IOException {
    Files.writeString(file, json);
    return new MeshFileReader(file).read();
  }
}
