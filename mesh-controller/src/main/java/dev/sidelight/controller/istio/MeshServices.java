/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import java.util.List;
import java.util.Map;

/** The Services that are observed, and the pods behind them. */
public interface MeshServices {

  /** None is known. */
  MeshServices NONE =
      new MeshServices() {
        @Override
        public List<MeshService> all() {
          return List.of();
        }

        @Override
        public List<Endpoint> endpoints(MeshService service) {
          return List.of();
        }
      };

  /**
   * A Service.
   *
   * @param namespace its own
   * @param name its own
   * @param ports by TCP
   */
  record MeshService(String namespace, String name, List<Port> ports) {

    /** Makes what it holds immutable. */
    public MeshService {
      ports = List.copyOf(ports);
    }
  }

  /**
   * A port of a Service.
   *
   * @param name may be empty
   * @param number the Service's, not the pods'
   * @param appProtocol empty where none is declared
   */
  record Port(String name, int number, String appProtocol) {}

  /**
   * A pod behind a Service.
   *
   * @param labels the pod's
   * @param ports the pod's, by the name of the Service's
   */
  record Endpoint(Map<String, String> labels, Map<String, Integer> ports) {

    /** Makes what it holds immutable. */
    public Endpoint {
      labels = Map.copyOf(labels);
      ports = Map.copyOf(ports);
    }
  }

  /** All that are observed. */
  List<MeshService> all();

  /** Who serves one of them, ready or not. */
  List<Endpoint> endpoints(MeshService service);
}
