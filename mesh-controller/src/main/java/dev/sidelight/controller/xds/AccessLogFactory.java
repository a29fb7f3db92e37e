/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static dev.sidelight.controller.xds.ResourceTypes.typedConfig;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.Durations;
import dev.sidelight.controller.xds.Mesh.Direction;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import java.util.Locale;

/** Builds the access logs that Envoy sends to Sidelight's access log service. */
final class AccessLogFactory {

  /** The cluster of Sidelight's controller, which the bootstrap defines. */
  static final String SIDELIGHT_CLUSTER = "sidelight";

  private static final String HTTP_LOG_NAME = "http_envoy_accesslog";
  private static final String TCP_LOG_NAME = "tcp_envoy_accesslog";
  // Envoy's default is 1 s; the join waits for both sides' entries, so a shorter one shortens its
  // window.
  private static final long FLUSH_INTERVAL_MILLIS = 500;
  // CustomTag.value, a command string, is newer than the API that java-control-plane ships.
  private static final int CUSTOM_TAG_VALUE_FIELD_NUMBER = 6;

  private AccessLogFactory() {}

  /** One entry a request, written when it is over. */
  static AccessLog downstream(Direction direction) {
    return http(direction, "downstream");
  }

  /** One entry an attempt upstream, for the router's upstream_log. */
  static AccessLog upstream(Direction direction) {
    return http(direction, "upstream");
  }

  /** One entry a connection, for a TCP proxy. */
  static AccessLog tcp(Direction direction) {
    return AccessLog.newBuilder()
        .setName("envoy.access_loggers.tcp_grpc")
        .setTypedConfig(
            typedConfig(
                TcpGrpcAccessLogConfig.newBuilder()
                    .setCommonConfig(common(TCP_LOG_NAME, direction))
                    .build()))
        .build();
  }

  private static AccessLog http(Direction direction, String log) {
    CommonGrpcAccessLogConfig.Builder common =
        common(HTTP_LOG_NAME, direction).addCustomTags(literal("sidelight.log", log));
    return AccessLog.newBuilder()
        .setName("envoy.access_loggers.http_grpc")
        .setTypedConfig(
            typedConfig(
                HttpGrpcAccessLogConfig.newBuilder()
                    .setCommonConfig(common)
                    .addAdditionalRequestHeadersToLog("x-request-id")
                    // Tells gRPC.
                    .addAdditionalRequestHeadersToLog("content-type")
                    // Tells the trace that the call is of.
                    .addAdditionalRequestHeadersToLog("traceparent")
                    .build()))
        .build();
  }

  private static CommonGrpcAccessLogConfig.Builder common(String logName, Direction direction) {
    return CommonGrpcAccessLogConfig.newBuilder()
        .setLogName(logName)
        .setTransportApiVersion(ApiVersion.V3)
        .setGrpcService(
            GrpcService.newBuilder()
                .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName(SIDELIGHT_CLUSTER)))
        .setBufferFlushInterval(Durations.fromMillis(FLUSH_INTERVAL_MILLIS))
        .addCustomTags(literal("sidelight.direction", direction.name().toLowerCase(Locale.ROOT)))
        .addCustomTags(command("sidelight.connection_id", "%CONNECTION_ID%"))
        .addCustomTags(command("sidelight.upstream_connection_id", "%UPSTREAM_CONNECTION_ID%"))
        .addCustomTags(command("sidelight.upstream_protocol", "%UPSTREAM_PROTOCOL%"))
        .addCustomTags(
            command("sidelight.pool_ready_ms", "%UPSTREAM_CONNECTION_POOL_READY_DURATION%"))
        .addCustomTags(command("sidelight.connect_ns", "%COMMON_DURATION(US_CX_BEG:US_CX_END:ns)%"))
        .addCustomTags(
            command("sidelight.handshake_ns", "%COMMON_DURATION(US_CX_END:US_HS_END:ns)%"));
  }

  private static CustomTag literal(String tag, String value) {
    return CustomTag.newBuilder()
        .setTag(tag)
        .setLiteral(CustomTag.Literal.newBuilder().setValue(value))
        .build();
  }

  private static CustomTag command(String tag, String command) {
    return CustomTag.newBuilder()
        .setTag(tag)
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(
                    CUSTOM_TAG_VALUE_FIELD_NUMBER,
                    UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.copyFromUtf8(command))
                        .build())
                .build())
        .build();
  }
}
