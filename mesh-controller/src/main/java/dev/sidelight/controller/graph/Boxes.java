/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Puts nodes into boxes, the inner first, as Kiali does: of an app where it has several nodes; of a
 * namespace or a cluster where there are several of them with several members. One thread.
 */
final class Boxes {

  private static final Comparator<GraphBox> ORDER =
      Comparator.comparing((GraphBox box) -> GraphBox.RANKS.indexOf(box.by()))
          .thenComparing(GraphBox::cluster)
          .thenComparing(GraphBox::namespace)
          .thenComparing(GraphBox::app);

  // deps
  private final GraphQuery query;
  private final List<DrawnNode> nodes;
  // state
  private final List<GraphBox> boxes = new ArrayList<>();

  private Boxes(Drawing drawing) {
    query = drawing.query();
    nodes = drawing.nodes();
  }

  /** In Kiali's order; the nodes know their parents then. */
  static List<GraphBox> around(Drawing drawing) {
    Boxes boxes = new Boxes(drawing);
    if (boxes.query.boxesBy(GraphBox.APP)) {
      boxes.boxByApp();
    }
    if (boxes.query.boxesBy(GraphBox.NAMESPACE)) {
      boxes.boxBy(GraphBox.NAMESPACE, Member::namespace, Member::namespaceKey);
    }
    if (boxes.query.boxesBy(GraphBox.CLUSTER)) {
      boxes.boxBy(GraphBox.CLUSTER, Member::cluster, Member::clusterKey);
    }
    boxes.boxes.sort(ORDER);
    return boxes.boxes;
  }

  private void boxByApp() {
    Map<String, List<DrawnNode>> members = new TreeMap<>();
    for (DrawnNode drawn : nodes) {
      GraphNode node = drawn.node();
      if (GraphNode.isKnown(node.app())) {
        members
            .computeIfAbsent(
                "box_" + node.cluster() + "_" + node.namespace() + "_" + node.app(),
                key -> new ArrayList<>())
            .add(drawn);
      }
    }
    members.forEach(
        (key, ofApp) -> {
          if (ofApp.size() > 1) {
            GraphNode any = ofApp.get(0).node();
            String id = Ids.digest(key);
            ofApp.forEach(member -> member.placeIn(id));
            boxes.add(
                new GraphBox(
                    id,
                    GraphBox.APP,
                    any.cluster(),
                    any.namespace(),
                    any.app(),
                    ofApp.stream().anyMatch(member -> query.isOutside(member.node())),
                    ofApp.stream().anyMatch(member -> query.isInaccessible(member.node())),
                    ""));
          }
        });
  }

  private void boxBy(String by, Function<Member, String> name, Function<Member, String> key) {
    Map<String, List<Member>> members = new TreeMap<>();
    for (Member member : withoutParent()) {
      if (GraphNode.isKnown(name.apply(member))) {
        members.computeIfAbsent(key.apply(member), added -> new ArrayList<>()).add(member);
      }
    }
    if (members.size() < 2) {
      return;
    }
    members.forEach(
        (boxKey, inside) -> {
          if (inside.size() > 1) {
            String id = Ids.digest(boxKey);
            inside.forEach(member -> placeIn(member, id));
            String namespace = by.equals(GraphBox.NAMESPACE) ? inside.get(0).namespace() : "";
            boxes.add(
                new GraphBox(id, by, inside.get(0).cluster(), namespace, "", false, false, ""));
          }
        });
  }

  private List<Member> withoutParent() {
    List<Member> members = new ArrayList<>();
    for (DrawnNode node : nodes) {
      if (node.parent().isEmpty()) {
        members.add(new Member(node.node().cluster(), node.node().namespace(), node, -1));
      }
    }
    for (int i = 0; i < boxes.size(); i++) {
      GraphBox box = boxes.get(i);
      if (box.parent().isEmpty()) {
        members.add(new Member(box.cluster(), box.namespace(), null, i));
      }
    }
    return members;
  }

  private void placeIn(Member member, String boxId) {
    if (member.node() == null) {
      boxes.set(member.box(), boxes.get(member.box()).in(boxId));
    } else {
      member.node().placeIn(boxId);
    }
  }

  /** A node, or where that is null the box of that number. */
  private record Member(String cluster, String namespace, DrawnNode node, int box) {

    String namespaceKey() {
      return "box_" + cluster + "_" + namespace;
    }

    String clusterKey() {
      return "box_" + cluster;
    }
  }
}
