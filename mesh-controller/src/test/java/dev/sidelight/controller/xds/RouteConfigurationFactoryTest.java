/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouteConfigurationFactoryTest {

  @Test
  void outbound_retriesAsIstioAndHasNoTimeout() {
    Route route =
        RouteConfigurationFactory.outbound("r", TestMesh.REVIEWS, Optional.empty())
            .getVirtualHosts(0)
            .getRoutes(0);
    assertThat(route.getRoute().getRetryPolicy().getRetryOn())
        .isEqualTo("connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes");
    assertThat(route.getRoute().getRetryPolicy().getNumRetries().getValue()).isEqualTo(2);
    assertThat(route.getRoute().hasTimeout()).isTrue();
    assertThat(Durations.toNanos(route.getRoute().getTimeout())).isZero();
    assertThat(route.getTypedPerFilterConfigMap()).isEmpty();
  }

  @Test
  void inbound_doesNotRetry() {
    Route route =
        RouteConfigurationFactory.inbound(TestMesh.REVIEWS, Optional.empty())
            .getVirtualHosts(0)
            .getRoutes(0);
    assertThat(route.getRoute().hasRetryPolicy()).isFalse();
  }

  @Test
  void delay_isARouteSettingOfTheFaultFilter() throws InvalidProtocolBufferException {
    Route route =
        RouteConfigurationFactory.inbound(TestMesh.REVIEWS, Optional.of(Duration.ofMillis(20)))
            .getVirtualHosts(0)
            .getRoutes(0);
    HTTPFault fault =
        route.getTypedPerFilterConfigOrThrow("envoy.filters.http.fault").unpack(HTTPFault.class);
    assertThat(Durations.toMillis(fault.getDelay().getFixedDelay())).isEqualTo(20);
    assertThat(fault.getDelay().getPercentage().getNumerator()).isEqualTo(100);
  }
}
