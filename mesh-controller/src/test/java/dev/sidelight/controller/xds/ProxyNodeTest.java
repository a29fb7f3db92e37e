/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import org.junit.jupiter.api.Test;

class ProxyNodeTest {

  @Test
  void metadata_nameTheWorkload() {
    Node node =
        Node.newBuilder()
            .setId("sidecar~10.77.0.99~a.b~c")
            .setMetadata(
                Struct.newBuilder()
                    .putFields("WORKLOAD_NAME", text("client"))
                    .putFields("NAMESPACE", text("load")))
            .build();
    assertThat(ProxyNode.of(node).in(TestMesh.mesh()))
        .contains(new ProxyNode("sidecar~10.77.0.99~a.b~c", "client", "load"));
  }

  @Test
  void addressOfAnEndpoint_namesTheWorkloadWithoutMetadata() {
    Node node = Node.newBuilder().setId("sidecar~127.0.0.14~x.bookinfo~d").build();
    assertThat(ProxyNode.of(node).in(TestMesh.mesh()))
        .contains(new ProxyNode("sidecar~127.0.0.14~x.bookinfo~d", "reviews-v2", "bookinfo"));
  }

  @Test
  void foreignId_namesNoWorkload() {
    assertThat(ProxyNode.of(Node.newBuilder().setId("envoy").build()).in(TestMesh.mesh()))
        .isEmpty();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
