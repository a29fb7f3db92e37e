/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Services by name and by cluster address, and who serves them by their EndpointSlices. Reads on
 * any thread, writes one at a time.
 */
final class ClusterServices {

  /**
   * An EndpointSlice.
   *
   * @param uid of the slice
   * @param service NAMESPACE/NAME; a Service may have many slices
   * @param podsByAddress NAMESPACE/NAME of the pod behind each {@link #endpoint}
   * @param ports the pods' TCP ports, by the name of the Service's
   */
  record Slice(
      String uid, String service, Map<String, String> podsByAddress, Map<String, Integer> ports) {}

  // state
  private final Map<String, ClusterService> serviceByUid = new ConcurrentHashMap<>();
  private final Map<String, ClusterService> serviceByName = new ConcurrentHashMap<>();
  private final Map<String, ClusterService> serviceByAddress = new ConcurrentHashMap<>();
  private final Map<String, Slice> sliceByUid = new ConcurrentHashMap<>();
  private final Map<String, Set<Slice>> slicesByService = new ConcurrentHashMap<>();
  private final Map<String, Set<Slice>> slicesByPod = new ConcurrentHashMap<>();
  private final Map<String, Set<Slice>> slicesByAddress = new ConcurrentHashMap<>();

  synchronized void put(ClusterService service) {
    remove(service.uid());
    serviceByUid.put(service.uid(), service);
    serviceByName.put(service.key(), service);
    service.addresses().forEach(address -> serviceByAddress.put(address, service));
  }

  synchronized void remove(String uid) {
    ClusterService service = serviceByUid.remove(uid);
    if (service != null) {
      // Another may have its name or its address by now.
      serviceByName.remove(service.key(), service);
      service.addresses().forEach(address -> serviceByAddress.remove(address, service));
    }
  }

  synchronized void put(Slice slice) {
    removeSlice(slice.uid());
    sliceByUid.put(slice.uid(), slice);
    add(slicesByService, slice.service(), slice);
    slice
        .podsByAddress()
        .forEach(
            (address, pod) -> {
              add(slicesByAddress, address, slice);
              add(slicesByPod, pod, slice);
            });
  }

  synchronized void removeSlice(String uid) {
    Slice slice = sliceByUid.remove(uid);
    if (slice != null) {
      drop(slicesByService, slice.service(), slice);
      slice
          .podsByAddress()
          .forEach(
              (address, pod) -> {
                drop(slicesByAddress, address, slice);
                drop(slicesByPod, pod, slice);
              });
    }
  }

  private static void add(Map<String, Set<Slice>> slices, String key, Slice slice) {
    slices.computeIfAbsent(key, absent -> ConcurrentHashMap.newKeySet()).add(slice);
  }

  private static void drop(Map<String, Set<Slice>> slices, String key, Slice slice) {
    slices.computeIfPresent(
        key,
        (same, present) -> {
          present.remove(slice);
          return present.isEmpty() ? null : present;
        });
  }

  Optional<ClusterService> named(String key) {
    return Optional.ofNullable(serviceByName.get(key));
  }

  Optional<ClusterService> at(String address) {
    return Optional.ofNullable(serviceByAddress.get(address));
  }

  /** The services that a pod serves, by its NAMESPACE/NAME, whether it is ready or not. */
  List<ClusterService> of(String pod) {
    Set<String> names = new HashSet<>();
    slicesByPod.getOrDefault(pod, Set.of()).forEach(slice -> names.add(slice.service()));
    return names.stream().sorted().map(this::named).flatMap(Optional::stream).toList();
  }

  /** The slices of a Service, by its NAMESPACE/NAME. */
  Collection<Slice> slicesOf(String service) {
    return slicesByService.getOrDefault(service, Set.of());
  }

  /** NAMESPACE/NAME of the pod that serves there; for what shares its address with others. */
  Optional<String> podAt(String address, int port) {
    String endpoint = endpoint(address, port);
    return slicesByAddress.getOrDefault(endpoint, Set.of()).stream()
        .map(slice -> slice.podsByAddress().get(endpoint))
        .findFirst();
  }

  /** How slices name an endpoint. */
  static String endpoint(String address, int port) {
    return address + " " + port;
  }

  Collection<ClusterService> all() {
    return serviceByUid.values();
  }
}
