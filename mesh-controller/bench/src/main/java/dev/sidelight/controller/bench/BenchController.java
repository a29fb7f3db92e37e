/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** `make bench-controller`: the figures against their limits. */
public final class BenchController {

  private static final List<Part> PARTS =
      List.of(
          new ObservationPart(),
          ScrapePart.ofEdges(),
          ScrapePart.ofConnections(),
          new GraphPart(),
          new HistoryPart());

  private BenchController() {}

  /** Exits with 1 where a limit does not hold. */
  public static void main(String[] args) throws Exception {
    List<Figure> figures = new ArrayList<>();
    for (Part part : PARTS) {
      for (Figure figure : part.measure()) {
        figures.add(figure);
        System.out.printf(
            Locale.ROOT,
            "%-32s %12.1f   %s%n",
            figure.name(),
            figure.value(),
            figure.limit() == Figure.NONE ? "" : "at most " + figure.limit());
      }
    }
    String missed =
        figures.stream()
            .filter(figure -> !figure.holds())
            .map(Figure::name)
            .collect(Collectors.joining(","));
    System.out.println(
        "RESULT bench-controller="
            + (missed.isEmpty() ? "ok" : "missed:" + missed)
            + figures.stream()
                .map(figure -> " " + figure.inResult())
                .collect(Collectors.joining()));
    System.exit(missed.isEmpty() ? 0 : 1);
  }
}
