/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sidelight.controller.xds.Mesh.Direction;
import dev.sidelight.controller.xds.Mesh.Fault;
import dev.sidelight.controller.xds.MeshService.Endpoint;
import dev.sidelight.controller.xds.MeshService.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads and checks the mesh file, so that nothing after it has to doubt a {@link Mesh}. */
final class MeshFileReader {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Map<String, Protocol> PROTOCOLS =
      Map.of(
          "http",
          Protocol.HTTP,
          "http2",
          Protocol.HTTP2,
          "grpc",
          Protocol.HTTP2,
          "tcp",
          Protocol.TCP);
  private static final List<String> DIRECTIONS = List.of("inbound", "outbound");
  private static final int MAX_DELAY_MILLIS = 60_000;
  private static final int MAX_CONNECTIONS = 1_000_000;

  // deps
  private final Path file;

  MeshFileReader(Path file) {
    this.file = file;
  }

  /**
   * The mesh as the file says it now.
   *
   * @throws IllegalArgumentException if the file cannot be read or says something wrong
   */
  Mesh read() {
    MeshFileNode root = parse().withMembers("trustDomain", "pki", "services", "gateways", "faults");
    Mesh mesh =
        new Mesh(
            root.member("trustDomain").text(),
            root.member("pki").absolutePath(),
            services(root.member("services")),
            List.of(),
            List.of());
    // One after the other, since gateways name services and faults name both.
    mesh = mesh.withGateways(gateways(root.member("gateways"), mesh));
    return mesh.withFaults(faults(root.member("faults"), mesh));
  }

  private MeshFileNode parse() {
    try {
      return new MeshFileNode(file, "$", JSON.readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "mesh file "
              + file
              + ": is no JSON at line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": "
              + e.getOriginalMessage().replaceAll("\\[Source: [^;]*; ", "["),
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "mesh file " + file + ": cannot be read: create it, or allow reading it (" + e + ")", e);
    }
  }

  private static List<MeshService> services(MeshFileNode array) {
    List<MeshService> services = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> listeners = new HashSet<>();
    for (MeshFileNode element : array.elements()) {
      MeshService service = service(element);
      if (!names.add(service.host()) || !listeners.add(service.outboundListener())) {
        throw element.wrong(
            "repeats the name or the address and port of a service before it: change one of both");
      }
      services.add(service);
    }
    return services;
  }

  private static MeshService service(MeshFileNode node) {
    node.withMembers("name", "namespace", "address", "port", "protocol", "appTls", "endpoints");
    return new MeshService(
        node.member("name").text(),
        node.member("namespace").text(),
        node.member("address").ipv4Address(),
        node.member("port").port(),
        PROTOCOLS.get(node.member("protocol").oneOf(PROTOCOLS.keySet().stream().sorted().toList())),
        node.flag("appTls"),
        node.member("endpoints").elements().stream().map(MeshFileReader::endpoint).toList());
  }

  private static Endpoint endpoint(MeshFileNode node) {
    node.withMembers("workload", "address", "serviceAccount");
    return new Endpoint(
        node.member("workload").text(),
        node.member("address").ipv4Address(),
        node.member("serviceAccount").text());
  }

  private static List<MeshGateway> gateways(MeshFileNode array, Mesh mesh) {
    return array.elements().stream().map(element -> gateway(element, mesh)).toList();
  }

  private static MeshGateway gateway(MeshFileNode node, Mesh mesh) {
    node.withMembers(
        "workload", "namespace", "serviceAccount", "port", "service", "serviceNamespace");
    MeshGateway gateway =
        new MeshGateway(
            node.member("workload").text(),
            node.member("namespace").text(),
            node.member("serviceAccount").text(),
            node.member("port").port(),
            node.member("service").text(),
            node.member("serviceNamespace").text());
    MeshService service =
        mesh.service(gateway.service(), gateway.serviceNamespace())
            .orElseThrow(
                () ->
                    node.member("service")
                        .wrong("names no service of the file; it has " + hosts(mesh)));
    if (service.protocol() == Protocol.TCP) {
      throw node.member("service").wrong("is a tcp service: a gateway leads to http or http2");
    }
    return gateway;
  }

  private static List<Fault> faults(MeshFileNode array, Mesh mesh) {
    List<Fault> faults = new ArrayList<>();
    Set<String> places = new HashSet<>();
    for (MeshFileNode element : array.elements()) {
      Fault fault = fault(element, mesh);
      if (!places.add(fault.workload() + "/" + fault.namespace() + "/" + fault.direction())) {
        throw element.wrong("repeats the workload and direction of a fault before it: remove one");
      }
      faults.add(fault);
    }
    return faults;
  }

  private static Fault fault(MeshFileNode node, Mesh mesh) {
    boolean limits = node.json().has("maxConnections");
    String effect = limits ? "maxConnections" : "delayMillis";
    node.withMembers("workload", "namespace", "direction", effect);
    String workload = node.member("workload").text();
    String namespace = node.member("namespace").text();
    Direction direction =
        Direction.valueOf(node.member("direction").oneOf(DIRECTIONS).toUpperCase(Locale.ROOT));
    boolean gateway = mesh.gateway(workload, namespace).isPresent();
    if (!gateway && mesh.servicesOf(workload, namespace).isEmpty()) {
      throw node.member("workload").wrong("names no workload of namespace " + namespace);
    }
    if (gateway && direction == Direction.INBOUND) {
      throw node.member("direction").wrong("must be outbound: a gateway has no inbound side");
    }
    if (limits && direction == Direction.INBOUND) {
      throw node.member("direction")
          .wrong("must be outbound: only connections to services are limited");
    }
    int amount = node.member(effect).atMost(limits ? MAX_CONNECTIONS : MAX_DELAY_MILLIS);
    return limits
        ? new Fault(workload, namespace, direction, Duration.ZERO, amount)
        : Fault.delay(workload, namespace, direction, Duration.ofMillis(amount));
  }

  private static List<String> hosts(Mesh mesh) {
    return mesh.services().stream().map(s -> s.name() + "." + s.namespace()).sorted().toList();
  }
}
