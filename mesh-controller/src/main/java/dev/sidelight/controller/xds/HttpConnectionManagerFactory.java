/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static dev.sidelight.controller.xds.ResourceTypes.NO_TIMEOUT;
import static dev.sidelight.controller.xds.ResourceTypes.typedConfig;

import com.google.protobuf.BoolValue;
import dev.sidelight.controller.xds.Mesh.Direction;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.RequestIDExtension;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;

/** Builds HTTP connection managers with Istio's settings, whose routes always come by RDS. */
final class HttpConnectionManagerFactory {

  /** Also the key of a route's own settings for the fault filter. */
  static final String FAULT_FILTER = "envoy.filters.http.fault";

  private HttpConnectionManagerFactory() {}

  /** The sidecar's side towards its app. */
  static Filter inbound(String statPrefix, String routeName) {
    return filter(
        base(Direction.INBOUND, statPrefix, routeName)
            .setPreserveExternalRequestId(true)
            .setForwardClientCertDetails(ForwardClientCertDetails.APPEND_FORWARD)
            .setSetCurrentClientCertDetails(
                SetCurrentClientCertDetails.newBuilder()
                    .setSubject(BoolValue.of(true))
                    .setDns(true)
                    .setUri(true)));
  }

  /** The sidecar's side towards the services that its app calls. */
  static Filter outbound(String statPrefix, String routeName) {
    return filter(
        base(Direction.OUTBOUND, statPrefix, routeName).setPreserveExternalRequestId(true));
  }

  /**
   * A gateway's: what comes from outside is trusted with nothing but its request id, by which a
   * request of `mesh request` is found again.
   */
  static Filter gateway(String statPrefix, String routeName) {
    return filter(
        base(Direction.OUTBOUND, statPrefix, routeName)
            .setPreserveExternalRequestId(true)
            .setUseRemoteAddress(BoolValue.of(true))
            .setForwardClientCertDetails(ForwardClientCertDetails.SANITIZE_SET)
            .setSetCurrentClientCertDetails(
                SetCurrentClientCertDetails.newBuilder()
                    .setSubject(BoolValue.of(true))
                    .setDns(true)
                    .setUri(true)));
  }

  private static HttpConnectionManager.Builder base(
      Direction direction, String statPrefix, String routeName) {
    return HttpConnectionManager.newBuilder()
        .setStatPrefix(statPrefix)
        .setServerName("istio-envoy")
        .setUseRemoteAddress(BoolValue.of(false))
        .setGenerateRequestId(BoolValue.of(true))
        .setRequestIdExtension(requestIdExtension())
        .setNormalizePath(BoolValue.of(true))
        .setStreamIdleTimeout(NO_TIMEOUT)
        .setRds(rds(routeName))
        .addAccessLog(AccessLogFactory.downstream(direction))
        .addHttpFilters(httpFilter(FAULT_FILTER, HTTPFault.getDefaultInstance()))
        .addHttpFilters(
            httpFilter(
                "envoy.filters.http.router",
                Router.newBuilder().addUpstreamLog(AccessLogFactory.upstream(direction)).build()));
  }

  private static RequestIDExtension requestIdExtension() {
    return RequestIDExtension.newBuilder()
        .setTypedConfig(
            typedConfig(
                UuidRequestIdConfig.newBuilder()
                    .setUseRequestIdForTraceSampling(BoolValue.of(true))
                    .build()))
        .build();
  }

  private static Rds rds(String routeName) {
    return Rds.newBuilder()
        .setRouteConfigName(routeName)
        .setConfigSource(
            ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                // A listener without its routes would answer 404: wait for them, however long.
                .setInitialFetchTimeout(NO_TIMEOUT))
        .build();
  }

  private static HttpFilter httpFilter(String name, com.google.protobuf.Message config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(typedConfig(config)).build();
  }

  private static Filter filter(HttpConnectionManager.Builder manager) {
    return Filter.newBuilder()
        .setName("envoy.filters.network.http_connection_manager")
        .setTypedConfig(typedConfig(manager.build()))
        .build();
  }
}
