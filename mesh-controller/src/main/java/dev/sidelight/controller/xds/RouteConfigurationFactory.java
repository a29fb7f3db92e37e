/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static dev.sidelight.controller.xds.ResourceTypes.NO_TIMEOUT;
import static dev.sidelight.controller.xds.ResourceTypes.typedConfig;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.time.Duration;
import java.util.Optional;

/**
 * Builds route configurations. A fault lives in the route alone, so that turning it on or off
 * changes no listener and drains no connection.
 */
final class RouteConfigurationFactory {

  // Istio's default retry policy.
  private static final String RETRY_ON =
      "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes";
  private static final int RETRIES = 2;
  private static final int HOST_SELECTION_ATTEMPTS = 5;
  private static final int SERVICE_UNAVAILABLE = 503;

  private RouteConfigurationFactory() {}

  /** Routes of callers of a service, from a sidecar or a gateway. */
  static RouteConfiguration outbound(String name, MeshService service, Optional<Duration> delay) {
    RouteAction.Builder action =
        RouteAction.newBuilder()
            .setCluster(service.outboundCluster())
            .setTimeout(NO_TIMEOUT)
            .setRetryPolicy(retryPolicy());
    return routes(name, service.outboundRoute(), action, delay);
  }

  /** Routes from a sidecar to its app. */
  static RouteConfiguration inbound(MeshService service, Optional<Duration> delay) {
    RouteAction.Builder action =
        RouteAction.newBuilder().setCluster(service.inboundCluster()).setTimeout(NO_TIMEOUT);
    return routes(service.inboundRoute(), "inbound|http|" + service.port(), action, delay);
  }

  private static RouteConfiguration routes(
      String name, String virtualHost, RouteAction.Builder action, Optional<Duration> delay) {
    Route.Builder route =
        Route.newBuilder()
            .setName("default")
            .setMatch(RouteMatch.newBuilder().setPrefix("/"))
            .setRoute(action);
    delay.ifPresent(
        d ->
            route.putTypedPerFilterConfig(
                HttpConnectionManagerFactory.FAULT_FILTER, typedConfig(fault(d))));
    return RouteConfiguration.newBuilder()
        .setName(name)
        .setValidateClusters(BoolValue.of(false))
        .addVirtualHosts(
            VirtualHost.newBuilder()
                .setName(virtualHost)
                .addDomains("*")
                .setIncludeRequestAttemptCount(true)
                .addRoutes(route))
        .build();
  }

  private static RetryPolicy retryPolicy() {
    return RetryPolicy.newBuilder()
        .setRetryOn(RETRY_ON)
        .setNumRetries(UInt32Value.of(RETRIES))
        .addRetryHostPredicate(
            RetryPolicy.RetryHostPredicate.newBuilder()
                .setName("envoy.retry_host_predicates.previous_hosts")
                .setTypedConfig(typedConfig(PreviousHostsPredicate.getDefaultInstance())))
        .setHostSelectionRetryMaxAttempts(HOST_SELECTION_ATTEMPTS)
        .addRetriableStatusCodes(SERVICE_UNAVAILABLE)
        .build();
  }

  private static HTTPFault fault(Duration delay) {
    return HTTPFault.newBuilder()
        .setDelay(
            FaultDelay.newBuilder()
                .setFixedDelay(Durations.fromNanos(delay.toNanos()))
                .setPercentage(
                    FractionalPercent.newBuilder()
                        .setNumerator(100)
                        .setDenominator(FractionalPercent.DenominatorType.HUNDRED)))
        .build();
  }
}
