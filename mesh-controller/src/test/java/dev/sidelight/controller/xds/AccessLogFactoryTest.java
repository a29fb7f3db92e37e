/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import dev.sidelight.controller.xds.Mesh.Direction;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import org.junit.jupiter.api.Test;

class AccessLogFactoryTest {

  @Test
  void downstreamAndUpstream_differInTheLogTagAlone() throws InvalidProtocolBufferException {
    CommonGrpcAccessLogConfig downstream =
        common(AccessLogFactory.downstream(Direction.INBOUND).getTypedConfig());
    CommonGrpcAccessLogConfig upstream =
        common(AccessLogFactory.upstream(Direction.INBOUND).getTypedConfig());
    assertThat(literal(downstream, "sidelight.log")).isEqualTo("downstream");
    assertThat(literal(upstream, "sidelight.log")).isEqualTo("upstream");
    assertThat(literal(upstream, "sidelight.direction")).isEqualTo("inbound");
    assertThat(upstream.getLogName()).isEqualTo("http_envoy_accesslog");
    assertThat(upstream.getGrpcService().getEnvoyGrpc().getClusterName()).isEqualTo("sidelight");
    assertThat(Durations.toMillis(upstream.getBufferFlushInterval())).isEqualTo(500);
  }

  @Test
  void headersToLog_tellTheRequestTheProtocolAndTheTrace() throws InvalidProtocolBufferException {
    assertThat(
            AccessLogFactory.downstream(Direction.OUTBOUND)
                .getTypedConfig()
                .unpack(HttpGrpcAccessLogConfig.class)
                .getAdditionalRequestHeadersToLogList())
        .containsExactly("x-request-id", "content-type", "traceparent");
  }

  private static CommonGrpcAccessLogConfig common(com.google.protobuf.Any config)
      throws InvalidProtocolBufferException {
    return config.unpack(HttpGrpcAccessLogConfig.class).getCommonConfig();
  }

  private static String literal(CommonGrpcAccessLogConfig config, String tag) {
    return config.getCustomTagsList().stream()
        .filter(t -> t.getTag().equals(tag))
        .map(CustomTag::getLiteral)
        .map(CustomTag.Literal::getValue)
        .findFirst()
        .orElseThrow();
  }
}
