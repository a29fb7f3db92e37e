/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.EndPoints;
import dev.sidelight.probe.hop.HeaderField;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HopExchange;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Http2StreamsTest {
  private static final long SECOND = 1_000_000_000L;

  private final EndAccounting accounting = new EndAccounting();
  private final Http2Counters counters = new Http2Counters();
  private final List<HopExchange> left = new ArrayList<>();
  private boolean fieldsWanted;
  private final Http2Streams streams =
      new Http2Streams(left::add, accounting, counters, netns -> fieldsWanted);
  private final TestEnd envoy = TestEnd.initiator(1, 1000, -500);
  private final TestEnd app = TestEnd.acceptor(2, -500, 1000);

  @AfterEach
  void accountingBalances() {
    assertThat(accounting.heldCount())
        .isEqualTo(left.stream().mapToInt(HopExchange::newEnds).sum());
    assertThat(accounting.isBalanced()).isTrue();
  }

  @Test
  void unaryCall_isOneExchangeWithNamesAndPoints() {
    open();
    envoy.send(100, request(1, "/shop.Cart/Add", "id-1"), TestEnd.data(1, true, 20));
    app.receive(110, 120, envoy.position());
    app.send(200, response(1), TestEnd.data(1, false, 30));
    app.send(210, app.headers(1, true, "grpc-status", "5"));
    envoy.receive(220, 230, app.position());
    take(envoy, app);
    HopExchange exchange = onlyOne();
    assertThat(exchange.isPaired()).isTrue();
    HopEnd initiator = exchange.initiator();
    assertThat(initiator.http2StreamId()).isEqualTo(1);
    assertThat(initiator.head().protocol()).isEqualTo("grpc");
    assertThat(initiator.head().method()).isEqualTo("POST");
    assertThat(initiator.head().pathTemplate()).isEqualTo("/shop.Cart/Add");
    assertThat(initiator.head().requestId()).isEqualTo("id-1");
    assertThat(exchange.acceptor().head().status()).isEqualTo(200);
    assertThat(exchange.acceptor().head().grpcStatus()).hasValue(5);
    assertThatTimesAre(initiator.points(), 100, 100, 220, 220, 230, 230);
    assertThatTimesAre(exchange.acceptor().points(), 200, 210, 110, 110, 120, 120);
    assertThat(initiator.points().sendEnd()).isEqualTo(exchange.acceptor().points().receiveEnd());
    assertThat(accounting.pairedCount()).isEqualTo(2);
  }

  @Test
  void headersThemselves_areKeptWhereTheyAreWanted() {
    fieldsWanted = true;
    open();
    envoy.send(100, request(1, "/a?b=c", "id-1"), TestEnd.data(1, true, 20));
    app.receive(110, 120, envoy.position());
    app.send(200, app.headers(1, false, ":status", "103", "link", "x"));
    app.send(
        210, app.headers(1, false, ":status", "200", "server", "s"), TestEnd.data(1, false, 3));
    app.send(220, app.headers(1, true, "grpc-status", "0"));
    envoy.receive(230, 240, app.position());
    take(envoy, app);
    assertThat(onlyOne().initiator().fields())
        .contains(new HeaderField("x-request-id", "id-1"))
        .noneMatch(field -> field.name().startsWith(":"));
    assertThat(onlyOne().acceptor().fields()).containsExactly(new HeaderField("server", "s"));
  }

  @Test
  void headers_areElseForgotten() {
    open();
    envoy.send(100, request(1, "/a", "id-1"), TestEnd.data(1, true, 20));
    app.receive(110, 120, envoy.position());
    app.send(200, app.headers(1, true, ":status", "204"));
    envoy.receive(220, 230, app.position());
    take(envoy, app);
    assertThat(onlyOne().initiator().fields()).isEmpty();
  }

  @Test
  void responseThatComesBeforeItsRequest_joinsIt() {
    open();
    envoy.send(100, request(1, "/a", "id-1"), TestEnd.data(1, true, 20));
    app.receive(110, 120, envoy.position());
    app.send(200, app.headers(1, true, ":status", "204"));
    envoy.receive(220, 230, app.position());
    take(app, envoy);
    assertThat(onlyOne().isPaired()).isTrue();
    assertThat(onlyOne().acceptor().head().status()).isEqualTo(204);
  }

  @Test
  void sixteenStreamsAtOnce_areSixteenExchanges() {
    open();
    for (int i = 0; i < 16; i++) {
      envoy.send(
          100 + i, request(2 * i + 1, "/m" + i, "id-" + i), TestEnd.data(2 * i + 1, true, 9));
      app.receive(200 + i, 300 + i, envoy.position());
    }
    for (int i = 15; i >= 0; i--) {
      app.send(400 - i, app.headers(2 * i + 1, true, ":status", "200"));
      envoy.receive(500 - i, 600 - i, app.position());
    }
    take(envoy, app);
    assertThat(left).hasSize(16).allMatch(HopExchange::isPaired);
    assertThat(left)
        .allSatisfy(
            exchange -> {
              int i = (exchange.initiator().http2StreamId() - 1) / 2;
              assertThat(exchange.initiator().head().requestId()).isEqualTo("id-" + i);
              assertThat(exchange.initiator().head().pathTemplate()).isEqualTo("/m" + i);
              assertThatTimesAre(
                  exchange.initiator().points(),
                  100 + i,
                  100 + i,
                  500 - i,
                  500 - i,
                  600 - i,
                  600 - i);
              assertThatTimesAre(
                  exchange.acceptor().points(),
                  400 - i,
                  400 - i,
                  200 + i,
                  200 + i,
                  300 + i,
                  300 + i);
            });
    assertThat(
            left.stream().map(exchange -> exchange.initiator().points().exchangeIndex()).distinct())
        .hasSize(16);
  }

  @Test
  void streamingResponse_lastsUntilItsTrailers() {
    open();
    envoy.send(100, request(1, "/a", "id-1"), TestEnd.data(1, true, 20));
    app.receive(110, 120, envoy.position());
    app.send(200, response(1));
    for (int i = 0; i < 10; i++) {
      app.send(300 + i, TestEnd.data(1, false, 1000));
      envoy.receive(400 + i, 500 + i, app.position());
    }
    take(envoy, app);
    assertThat(left).isEmpty();
    app.send(900, app.headers(1, true, "grpc-status", "0"));
    envoy.receive(910, 920, app.position());
    take(envoy, app);
    assertThat(onlyOne().acceptor().points().sends().firstNanos()).isEqualTo(200);
    assertThat(onlyOne().acceptor().points().sends().lastNanos()).isEqualTo(900);
    assertThat(onlyOne().initiator().points().reads().lastNanos()).isEqualTo(920);
  }

  @Test
  void idleFlush_saysNothingTwice() {
    open();
    envoy.send(100, request(1, "/a", "id-1"), TestEnd.data(1, true, 20));
    app.receive(110, 120, envoy.position());
    app.send(200, app.headers(1, true, ":status", "200"));
    take(app);
    envoy.receive(220, 230, app.position());
    envoy.drain().forEach(record -> streams.accept(record, "envoy", 0));
    assertThat(left).hasSize(1);
    envoy.send(1000, request(3, "/b", "id-2"), TestEnd.data(3, true, 20));
    streams.accept(envoy.flush(), "envoy", 0);
    streams.accept(envoy.flush(), "envoy", 0);
    app.receive(1010, 1020, envoy.position());
    app.send(1030, app.headers(3, true, ":status", "200"));
    envoy.receive(1040, 1050, app.position());
    take(envoy, app);
    assertThat(left).hasSize(2);
    assertThat(left.get(1).initiator().head().requestId()).isEqualTo("id-2");
    assertThat(counters.gapCount()).isZero();
  }

  @Test
  void continuedHeaders_areOneBlock() {
    open();
    DefaultHttp2Headers headers = new DefaultHttp2Headers();
    headers.method("GET").path("/a").add("x-request-id", "id-1");
    byte[] block = envoy.block(1, headers);
    envoy.send(
        100,
        TestEnd.frame(Frame.HEADERS, Frame.END_STREAM, 1, Arrays.copyOf(block, 5)),
        TestEnd.frame(Frame.CONTINUATION, 0, 1, Arrays.copyOfRange(block, 5, 8)),
        TestEnd.frame(
            Frame.CONTINUATION, Frame.END_HEADERS, 1, Arrays.copyOfRange(block, 8, block.length)));
    app.receive(110, 120, envoy.position());
    app.send(200, app.headers(1, true, ":status", "200"));
    envoy.receive(220, 230, app.position());
    take(envoy, app);
    assertThat(onlyOne().initiator().head().requestId()).isEqualTo("id-1");
    assertThat(onlyOne().initiator().head().protocol()).isEqualTo("http2");
  }

  @Test
  void interimResponse_isNotTheResponse() {
    open();
    envoy.send(100, request(1, "/a", "id-1"), TestEnd.data(1, true, 20));
    app.receive(110, 120, envoy.position());
    app.send(130, app.headers(1, false, ":status", "100"));
    app.send(200, app.headers(1, true, ":status", "201"));
    envoy.receive(220, 230, app.position());
    take(envoy, app);
    assertThat(onlyOne().acceptor().head().status()).isEqualTo(201);
    assertThat(onlyOne().acceptor().points().sends().firstNanos()).isEqualTo(200);
  }

  @Test
  void resetStream_leavesWithWhatWasSeen() {
    open();
    envoy.send(100, request(1, "/a", "id-1"));
    app.receive(110, 120, envoy.position());
    envoy.send(300, TestEnd.frame(Frame.RST_STREAM, 0, 1, new byte[4]));
    app.receive(310, 320, envoy.position());
    take(envoy, app);
    streams.expire(2 * SECOND);
    assertThat(onlyOne().initiator().points().sends().lastNanos()).isEqualTo(300);
    assertThat(onlyOne().acceptor().points().sends().firstNanos()).isZero();
    assertThat(counters.unfinishedCount()).isEqualTo(1);
  }

  @Test
  void lostChunk_costsNamesAndWhatItHeld() {
    open();
    envoy.send(100, request(1, "/a", "id-1"), TestEnd.data(1, true, 20));
    app.receive(110, 120, envoy.position());
    app.send(200, app.headers(1, true, ":status", "200"));
    envoy.receive(220, 230, app.position());
    take(envoy, app);
    envoy.send(300, request(3, "/b", "id-2"), TestEnd.data(3, true, 20));
    envoy.loseChunk();
    envoy.send(400, request(5, "/c", "id-3"), TestEnd.data(5, true, 20));
    app.receive(410, 420, envoy.position());
    app.send(500, app.headers(5, true, ":status", "200"));
    envoy.receive(520, 530, app.position());
    take(envoy, app);
    assertThat(left).hasSize(2);
    assertThat(left.get(1).initiator().http2StreamId()).isEqualTo(5);
    assertThat(left.get(1).initiator().head().method()).isEmpty();
    assertThat(left.get(1).initiator().head().protocol()).isEqualTo("http2");
    assertThat(left.get(1).acceptor().head().status()).isEqualTo(200);
    // What arrived may have done so in the chunk that is lost.
    assertThatTimesAre(left.get(1).initiator().points(), 400, 400, 0, 0, 0, 0);
    assertThatTimesAre(left.get(1).acceptor().points(), 500, 500, 410, 410, 420, 420);
    assertThat(counters.hpackLostCount()).isEqualTo(1);
    assertThat(counters.gapCount()).isEqualTo(1);
  }

  @Test
  void olderConnection_hasTimesAndNoNames() {
    TestEnd oldEnvoy = TestEnd.initiator(3, 70_000, 90_000).old();
    TestEnd oldApp = TestEnd.acceptor(4, 90_000, 70_000).old();
    oldEnvoy.send(100, request(41, "/a", "id-1"), TestEnd.data(41, true, 20));
    oldApp.receive(110, 120, oldEnvoy.position());
    oldApp.send(200, oldApp.headers(41, true, ":status", "200"));
    oldEnvoy.receive(220, 230, oldApp.position());
    take(oldApp, oldEnvoy);
    assertThat(onlyOne().isPaired()).isTrue();
    assertThat(onlyOne().initiator().head().method()).isEmpty();
    assertThat(onlyOne().initiator().head().protocol()).isEqualTo("http2");
    assertThatTimesAre(onlyOne().initiator().points(), 100, 100, 220, 220, 230, 230);
  }

  @Test
  void endWithoutPeer_leavesSingly() {
    open();
    envoy.send(100, request(1, "/a", "id-1"), TestEnd.data(1, true, 20));
    app.receive(110, 120, envoy.position());
    app.send(200, app.headers(1, true, ":status", "200"));
    envoy.receive(220, 230, app.position());
    take(envoy);
    streams.expire(2 * SECOND);
    streams.close();
    assertThat(onlyOne().isPaired()).isFalse();
    assertThat(onlyOne().initiator().head().pathTemplate()).isEqualTo("/a");
    assertThat(counters.aloneCount()).isEqualTo(1);
  }

  @Test
  void openStream_leavesWhenAllIsClosed() {
    open();
    envoy.send(100, request(1, "/a", "id-1"));
    app.receive(110, 120, envoy.position());
    take(envoy, app);
    assertThat(left).isEmpty();
    streams.close();
    assertThat(onlyOne().acceptor().points().reads().firstNanos()).isEqualTo(120);
    assertThat(streams.endCount()).isZero();
  }

  private void open() {
    envoy.sendPreface(10);
    envoy.send(11, TestEnd.frame(4, 0, 0, new byte[12]));
    app.receive(12, 13, envoy.position());
    app.send(14, TestEnd.frame(4, 0, 0, new byte[6]), TestEnd.frame(4, 1, 0, new byte[0]));
    envoy.receive(15, 16, app.position());
  }

  private byte[] request(int stream, String path, String id) {
    return envoy.headers(
        stream,
        false,
        ":method",
        "POST",
        ":path",
        path,
        "content-type",
        "application/grpc",
        "x-request-id",
        id);
  }

  private byte[] response(int stream) {
    return app.headers(stream, false, ":status", "200", "content-type", "application/grpc");
  }

  private void take(TestEnd... ends) {
    for (TestEnd end : ends) {
      end.drain().forEach(record -> streams.accept(record, "p", 0));
    }
  }

  private HopExchange onlyOne() {
    assertThat(left).hasSize(1);
    return left.get(0);
  }

  private static void assertThatTimesAre(
      EndPoints points,
      long firstSend,
      long lastSend,
      long firstArrival,
      long lastArrival,
      long firstRead,
      long lastRead) {
    assertThat(
            List.of(
                points.sends().firstNanos(),
                points.sends().lastNanos(),
                points.arrivals().firstNanos(),
                points.arrivals().lastNanos(),
                points.reads().firstNanos(),
                points.reads().lastNanos()))
        .containsExactly(firstSend, lastSend, firstArrival, lastArrival, firstRead, lastRead);
  }
}
