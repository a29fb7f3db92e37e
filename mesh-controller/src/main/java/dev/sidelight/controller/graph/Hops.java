/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/**
 * The way through the proxies beside an edge: source, {@code SOURCE sidecar (out)}, {@code
 * DESTINATION sidecar (in)}, destination, {@code DESTINATION application}. Each of its edges has
 * the response time of one part of the calls. What was not measured has no node: an end without a
 * proxy, an app that no probe sees. One thread.
 */
final class Hops {

  private static final String OUT = " sidecar (out)";
  private static final String IN = " sidecar (in)";
  private static final String APPLICATION = " application";

  private Hops() {}

  static void draw(Drawing drawing, DrawnNode source, DrawnNode target, GraphEdge calls) {
    boolean hasOut = measured(calls, HopPart.SOURCE_SIDECAR) && !source.isUnknown();
    boolean hasIn = measured(calls, HopPart.DESTINATION_SIDECAR);
    DrawnNode out = hasOut ? drawing.extension(hop(source, OUT)) : source;
    DrawnNode in = hasIn ? drawing.extension(hop(target, IN)) : target;
    if (hasOut) {
      draw(drawing, source, out, calls, HopPart.SOURCE_SIDECAR);
    }
    if (hasIn) {
      draw(drawing, in, target, calls, HopPart.DESTINATION_SIDECAR);
    }
    if (hasOut || hasIn) {
      DrawnEdge link = draw(drawing, out, in, calls, hasOut && hasIn ? HopPart.NETWORK : null);
      link.addSecurity(calls.mutualTlsRequests(), calls.requests(), calls.principals());
    }
    if (measured(calls, HopPart.APPLICATION)) {
      DrawnNode application = drawing.extension(hop(target, APPLICATION));
      draw(drawing, target, application, calls, HopPart.APPLICATION).markBesideTraffic();
    }
  }

  private static boolean measured(GraphEdge calls, HopPart part) {
    return calls.parts().getOrDefault(part, GraphDurations.NONE).calls() > 0;
  }

  private static GraphNode hop(DrawnNode of, String suffix) {
    GraphNode node = of.node();
    return GraphNode.service(node.cluster(), node.namespace(), node.label() + suffix);
  }

  /** The part may be null: then the edge tells no time. */
  private static DrawnEdge draw(
      Drawing drawing, DrawnNode source, DrawnNode target, GraphEdge calls, HopPart part) {
    DrawnEdge edge = drawing.line(source, target, calls.protocol());
    if (part != null) {
      edge.addDurations(calls.parts().getOrDefault(part, GraphDurations.NONE));
    }
    for (GraphResponse response : calls.responses()) {
      double perSecond = Rates.perSecond(response.requests(), drawing.query().durationSeconds());
      String code = response.codeText();
      edge.add(code, response.flags(), calls.service().host(), perSecond);
      // The traffic of the ends is what Kiali would tell; only the nodes between have these.
      if (source.isExtension()) {
        source.addOutgoing(calls.protocol(), code, perSecond);
      }
      if (target.isExtension()) {
        target.addIncoming(calls.protocol(), code, perSecond);
      }
    }
    return edge;
  }
}
