/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import dev.sidelight.controller.xds.Mesh.Direction;
import dev.sidelight.controller.xds.Mesh.Fault;
import dev.sidelight.controller.xds.MeshService.Endpoint;
import dev.sidelight.controller.xds.MeshService.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The named fixtures of this package. */
final class TestMesh {

  static final MeshService REVIEWS =
      new MeshService(
          "reviews",
          "bookinfo",
          "10.78.0.13",
          9080,
          Protocol.HTTP,
          false,
          List.of(
              new Endpoint("reviews-v1", "127.0.0.13", "bookinfo-reviews"),
              new Endpoint("reviews-v2", "127.0.0.14", "bookinfo-reviews")));
  static final MeshService RATINGS_DB =
      new MeshService(
          "ratings-db",
          "bookinfo",
          "10.78.0.15",
          3306,
          Protocol.TCP,
          false,
          List.of(new Endpoint("ratings-db-v1", "127.0.0.15", "bookinfo-ratings-db")));
  static final MeshGateway INGRESS =
      new MeshGateway(
          "istio-ingressgateway",
          "istio-system",
          "istio-ingressgateway",
          8080,
          "reviews",
          "bookinfo");
  static final ProxyNode REVIEWS_V1 =
      new ProxyNode(
          "sidecar~127.0.0.13~reviews-v1-5f6d8c9b7-abcde.bookinfo~bookinfo.svc.cluster.local",
          "reviews-v1",
          "bookinfo");
  static final ProxyNode INGRESS_NODE =
      new ProxyNode(
          "router~127.0.0.1~istio-ingressgateway-abcde.istio-system~istio-system.svc.cluster.local",
          "istio-ingressgateway",
          "istio-system");
  static final Fault REVIEWS_INBOUND_300_MS =
      Fault.delay("reviews-v1", "bookinfo", Direction.INBOUND, Duration.ofMillis(300));

  private TestMesh() {}

  static Mesh mesh(Fault... faults) {
    return new Mesh(
        "cluster.local",
        Path.of("/pki"),
        List.of(REVIEWS, RATINGS_DB),
        List.of(INGRESS),
        Arrays.asList(faults));
  }

  /** The mesh file of the same mesh, with one endpoint a service, and these faults. */
  static String json(Path pki, String faults) {
    return """
        {"trustDomain": "cluster.local", "pki": "%s",
         "services": [
          {"name": "reviews", "namespace": "bookinfo", "address": "10.78.0.13", "port": 9080,
           "protocol": "http", "endpoints": [
            {"workload": "reviews-v1", "address": "127.0.0.13",
             "serviceAccount": "bookinfo-reviews"}]},
          {"name": "ratings-db", "namespace": "bookinfo", "address": "10.78.0.15", "port": 3306,
           "protocol": "tcp", "endpoints": [
            {"workload": "ratings-db-v1", "address": "127.0.0.15",
             "serviceAccount": "bookinfo-ratings-db"}]}],
         "gateways": [
          {"workload": "istio-ingressgateway", "namespace": "istio-system",
           "serviceAccount": "istio-ingressgateway", "port": 8080, "service": "reviews",
           "serviceNamespace": "bookinfo"}],
         "faults": [%s]}
        """
        .formatted(pki, faults);
  }

  /** The same with a second endpoint of reviews, where nobody listens. */
  static String jsonWithDeadEndpoint(Path pki) {
    String live =
        """
        "serviceAccount": "bookinfo-reviews"}""";
    String dead =
        """
        {"workload": "reviews-v2", "address": "127.0.0.14",\s"""
            + live;
    return json(pki, "").replace(live, live + ", " + dead);
  }

  static String fault(String workload, String namespace, String direction, int delayMillis) {
    return """
        {"workload": "%s", "namespace": "%s", "direction": "%s", "delayMillis": %d}"""
        .formatted(workload, namespace, direction, delayMillis);
  }

  /** Replaces the file in one step, as a careful writer does. */
  static void replace(Path file, String content) throws IOException {
    Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
