/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;

/** The small pieces that every resource is made of. */
final class ResourceTypes {

  /** Present and zero: Envoy reads "without end" from it, while absence means its default. */
  static final Duration NO_TIMEOUT = Duration.getDefaultInstance();

  private ResourceTypes() {}

  static Any typedConfig(Message config) {
    return Any.pack(config);
  }

  static Address address(String address, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port))
        .build();
  }
}
