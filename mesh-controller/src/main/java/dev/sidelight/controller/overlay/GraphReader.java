/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.sidelight.controller.overlay.GraphDocument.ArrayEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a graph of the known schema (Kiali 2.4 and later; ids of earlier ones are other digests,
 * and as good). What it reads must be as it is known; fields that it does not know may be anything.
 * One use, one thread.
 */
final class GraphReader {

  /** UTF-8 only, as JSON must be: with another encoding byte offsets would mean nothing. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final Set<String> GRAPH_TYPES =
      Set.of("workload", "app", "versionedApp", "service");
  private static final Set<String> NODE_TYPES =
      Set.of("aggregate", "app", "box", "service", "unknown", "workload");

  // deps
  private final byte[] json;
  private final JsonParser parser;

  // state
  private Long timestamp;
  private Long duration;
  private String graphType;
  private final List<KialiNode> nodes = new ArrayList<>();
  private final List<KialiEdge> edges = new ArrayList<>();
  private ArrayEnd nodesEnd;
  private ArrayEnd edgesEnd;

  private GraphReader(byte[] json, JsonParser parser) {
    this.json = json;
    this.parser = parser;
  }

  /**
   * The graph.
   *
   * @throws PassedException where it is no JSON, or of another schema
   */
  static GraphDocument read(byte[] json) throws PassedException {
    try (JsonParser parser = JSON.createParser(json)) {
      return new GraphReader(json, parser).document();
    } catch (IOException e) {
      throw new PassedException(Outcome.NOT_JSON, e);
    }
  }

  private GraphDocument document() throws IOException, PassedException {
    parser.nextToken();
    eachField(this::rootField);
    // To the end: what follows a broken tail must be found out as well.
    if (parser.nextToken() != null) {
      throw new PassedException(Outcome.NOT_JSON, "something after the root");
    }
    if (timestamp == null || duration == null || nodesEnd == null || edgesEnd == null) {
      throw PassedException.unknownSchema("a part is missing");
    }
    require(graphType != null && GRAPH_TYPES.contains(graphType), "graphType");
    GraphDocument document =
        new GraphDocument(json, timestamp, duration, graphType, nodes, edges, nodesEnd, edgesEnd);
    GraphLinks.check(document);
    return document;
  }

  private void rootField(String name) throws IOException, PassedException {
    switch (name) {
      case "timestamp" -> timestamp = whole(name);
      case "duration" -> duration = whole(name);
      case "graphType" -> graphType = text(name);
      case "elements" ->
          eachField(
              part -> {
                switch (part) {
                  case "nodes" -> nodesEnd = eachData(this::node);
                  case "edges" -> edgesEnd = eachData(this::edge);
                  default -> parser.skipChildren();
                }
              });
      default -> parser.skipChildren();
    }
  }

  private void node() throws IOException, PassedException {
    NodeFields fields = new NodeFields();
    eachField(
        name -> {
          switch (name) {
            case "id" -> fields.id = text(name);
            case "parent" -> fields.parent = text(name);
            case "nodeType" -> fields.nodeType = text(name);
            case "cluster" -> fields.cluster = text(name);
            case "namespace" -> fields.namespace = text(name);
            case "workload" -> fields.workload = text(name);
            case "app" -> fields.app = text(name);
            default -> parser.skipChildren();
          }
        });
    require(fields.id != null && fields.cluster != null && fields.namespace != null, "a node");
    require(fields.nodeType != null && NODE_TYPES.contains(fields.nodeType), "nodeType");
    nodes.add(fields.toNode());
  }

  private void edge() throws IOException, PassedException {
    EdgeFields fields = new EdgeFields();
    eachField(
        name -> {
          switch (name) {
            case "id" -> fields.id = text(name);
            case "source" -> fields.source = text(name);
            case "target" -> fields.target = text(name);
            case "traffic" ->
                eachField(
                    part -> {
                      if (part.equals("protocol")) {
                        fields.protocol = text(part);
                      } else {
                        parser.skipChildren();
                      }
                    });
            default -> parser.skipChildren();
          }
        });
    require(fields.id != null && fields.source != null && fields.target != null, "an edge");
    edges.add(new KialiEdge(fields.source, fields.target, fields.protocol));
  }

  /** The parser is at the array; each element is an object with an object {@code data}. */
  private ArrayEnd eachData(Part element) throws IOException, PassedException {
    require(parser.currentToken() == JsonToken.START_ARRAY, "an array");
    int endOfLast = -1;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean[] found = new boolean[1];
      eachField(
          name -> {
            if (name.equals("data")) {
              found[0] = true;
              element.read();
            } else {
              parser.skipChildren();
            }
          });
      require(found[0], "data");
      endOfLast = offsetAfter('}');
    }
    return endOfLast < 0
        ? new ArrayEnd(offsetAfter(']') - 1, true)
        : new ArrayEnd(endOfLast, false);
  }

  private int offsetAfter(char token) throws PassedException {
    long offset = parser.currentLocation().getByteOffset();
    // What is put in at a wrong place would break Kiali's answer.
    require(offset > 0 && offset <= json.length && json[(int) offset - 1] == token, "offset");
    return (int) offset;
  }

  /** The parser is at the object, and at its end afterwards. */
  private void eachField(Field field) throws IOException, PassedException {
    require(parser.currentToken() == JsonToken.START_OBJECT, "an object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      field.read(name);
    }
  }

  private String text(String name) throws IOException, PassedException {
    require(parser.currentToken() == JsonToken.VALUE_STRING, name);
    return parser.getText();
  }

  private Long whole(String name) throws IOException, PassedException {
    require(
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER,
        name);
    return parser.getLongValue();
  }

  private static void require(boolean known, String what) throws PassedException {
    if (!known) {
      throw PassedException.unknownSchema(what);
    }
  }

  /** Reads the value that the parser is at, to its end. */
  @FunctionalInterface
  private interface Field {
    void read(String name) throws IOException, PassedException;
  }

  @FunctionalInterface
  private interface Part {
    void read() throws IOException, PassedException;
  }

  private static final class NodeFields {
    private String id;
    private String parent;
    private String nodeType;
    private String cluster;
    private String namespace;
    private String workload;
    private String app;

    KialiNode toNode() {
      return new KialiNode(id, parent, nodeType, cluster, namespace, workload, app);
    }
  }

  private static final class EdgeFields {
    private String id;
    private String source;
    private String target;
    private String protocol = "";
  }
}
