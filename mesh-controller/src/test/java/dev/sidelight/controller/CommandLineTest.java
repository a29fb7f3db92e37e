/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sidelight.controller.cli.CapturedTerminal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every command in every form, against the whole controller that was told known calls. */
class CommandLineTest {

  private static RunningController running;

  @BeforeAll
  static void start() {
    running = new RunningController(Map.of(), new FakeClock(KnownCalls.NOW));
    KnownCalls.all().forEach(running::record);
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @ParameterizedTest
  @CsvSource({
    "edges, edges",
    "edges, edges -n istio-system",
    "edge, edge productpage-v1 reviews-v1",
    "slow, slow --limit=4"
  })
  void answer_isTheGoldenInEachForm(String name, String command) {
    for (String format : List.of("table", "json", "yaml")) {
      CapturedTerminal terminal = run(command + " -o " + format);
      String golden = command.contains("-n") ? name + "-of-namespace" : name;
      assertThatGolden(terminal.out(), golden + "." + (format.equals("table") ? "txt" : format));
    }
  }

  @Test
  void status_isTheGoldenInEachFormAndItsExitCodeSaysThatThereAreProblems() {
    for (String format : List.of("table", "json", "yaml")) {
      CapturedTerminal terminal = terminal();
      assertThat(terminal.run("status", "-o", format, "--url", url())).isEqualTo(1);
      assertThat(terminal.err()).isEmpty();
      String out =
          terminal
              .out()
              .replace(Integer.toString(running.controller().alsPort()), "8091")
              .replace(Integer.toString(running.controller().hopPort()), "8092");
      assertThatGolden(out, "status." + (format.equals("table") ? "txt" : format));
    }
  }

  @Test
  void colors_areThereWhereTheyAreAskedFor() {
    assertThat(run("edges").out()).doesNotContain("\u001b");
    assertThatGolden(run("edges --color=always").out(), "edges-in-color.txt");
    assertThat(run("edges --color=always -o json").out()).doesNotContain("\u001b");
  }

  @Test
  void edge_isFoundByAppAndByNamespace() {
    String edge = run("edge productpage-v1 reviews-v1").out();
    assertThat(run("edge productpage reviews").out()).isEqualTo(edge);
    assertThat(run("edge bookinfo/productpage-v1 bookinfo/reviews").out()).isEqualTo(edge);
  }

  @Test
  void edge_thatCouldNotBeSplitSaysSo() {
    assertThatGolden(run("edge reviews-v2 ratings-v1").out(), "edge-unknown.txt");
  }

  @Test
  void edge_thatOneProxyToldOfSaysSo() {
    assertThat(run("edge unknown istio-ingressgateway").out())
        .containsIgnoringWhitespaces("One proxy alone told of these calls");
  }

  @Test
  void edge_saysHowLongItsAppWaitedForItsOwnCalls() {
    assertThat(run("edge istio-ingressgateway productpage").out())
        .contains("Most of it: application, 89.3% of 8.34 ms, mostly in calls of its own\n")
        .contains(
            "Of application the app waited for its own calls for 5.00 ms, and was at work itself for"
                + " 2.45 ms.");
  }

  @Test
  void edge_thatIsNotThereNamesTheOnesBesideIt() {
    assertFails(
        1,
        "sidelight: no call from productpage-v1 to ratings-v1 in the last 60s; productpage-v1"
            + " called reviews-v1",
        "edge productpage-v1 ratings-v1");
    assertFails(
        1,
        "sidelight: no call from nobody to ratings-v1 in the last 60s; nobody called nobody. See"
            + " sidelight edges, or a longer --window",
        "edge nobody ratings-v1");
  }

  @Test
  void noCalls_saysWhereToLook() {
    assertThat(run("edges -n nowhere").out())
        .isEqualTo("No calls in the last 60s; sidelight status says what is missing.\n");
  }

  @Test
  void badParameter_isToldInTheControllersWords() {
    CapturedTerminal terminal = terminal();
    assertThat(terminal.run("edges", "--window=3s", "--url", url())).isEqualTo(1);
    assertThat(terminal.err()).startsWith("sidelight: the controller says: ").contains("window");
  }

  @Test
  void environment_namesTheController() {
    CapturedTerminal terminal = new CapturedTerminal(Map.of("SIDELIGHT_URL", url() + "/"));
    assertThat(terminal.run("edges")).isZero();
    assertThat(terminal.out()).contains("reviews-v1");
  }

  @Test
  void nobodyThere_saysHowToNameOne() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    CapturedTerminal terminal = terminal();
    assertThat(terminal.run("status", "--url", "http://127.0.0.1:" + port)).isEqualTo(1);
    assertThat(terminal.err())
        .startsWith("sidelight: the controller at http://127.0.0.1:" + port + " cannot be reached")
        .contains("start it, or name it by --url or SIDELIGHT_URL")
        .hasLineCount(1);
  }

  @Test
  void somebodyElseThere_isNoController() throws Exception {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    other.start();
    try {
      CapturedTerminal terminal = terminal();
      String url = "http://127.0.0.1:" + other.getAddress().getPort();
      assertThat(terminal.run("edges", "--url", url)).isEqualTo(1);
      assertThat(terminal.err()).contains("what answers at " + url + " is no Sidelight controller");
    } finally {
      other.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "edgs|Unmatched argument at index 0: 'edgs'",
        "edge a|Missing required parameter: 'DESTINATION'",
        "edges --url ftp://x|is no URL of a controller",
        "edges -o xml|Invalid value for option '--output'",
        "edges --watch=0|is not from 1 to 3600 seconds",
        "edges --token-file /nowhere|cannot be read",
        "profile x --duration=soon|is no time like 500ms, 30s, 2m or 1h",
        "edges stray|Unmatched argument at index 1: 'stray'"
      })
  void wrongUsage_isTwoLinesAndExitCode2(String command, String message) {
    CapturedTerminal terminal = terminal();
    assertThat(terminal.run(command.split(" "))).isEqualTo(2);
    assertThat(terminal.err())
        .startsWith("sidelight: ")
        .contains(message, "--help")
        .hasLineCount(2);
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void noCommand_namesThem() {
    CapturedTerminal terminal = terminal();
    assertThat(terminal.run()).isEqualTo(2);
    assertThat(terminal.err()).contains("name a command: edges, edge, slow, pods, profile, status");
  }

  @ParameterizedTest
  @CsvSource({
    "--help",
    "edges --help",
    "edge --help",
    "slow --help",
    "pods --help",
    "profile --help",
    "status --help",
    "completion --help"
  })
  void help_isTheGolden(String command) {
    CapturedTerminal terminal = terminal();
    assertThat(terminal.run(command.split(" "))).isZero();
    assertThatGolden(
        terminal.out(),
        "help"
            + command
                .replace("--help", "")
                .strip()
                .transform(name -> name.isEmpty() ? "" : "-" + name)
            + ".txt");
  }

  @ParameterizedTest
  @CsvSource({
    "sidelight ed, edges edge",
    "sidelight edges --wi, --window",
    "sidelight edges --output '', table json yaml"
  })
  void completion_completesInBash(String line, String words) throws Exception {
    CapturedTerminal terminal = terminal();
    assertThat(terminal.run("completion", "bash")).isZero();
    String script =
        terminal.out()
            + """

            compopt() { :; } # Tab's own, which is not pressed here
            COMP_WORDS=(%s)
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _complete_sidelight
            echo ${COMPREPLY[@]}
            """
                .formatted(line);
    Process bash = new ProcessBuilder("bash").redirectErrorStream(true).start();
    bash.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
    bash.getOutputStream().close();
    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(words + "\n");
  }

  private CapturedTerminal run(String command) {
    CapturedTerminal terminal = terminal();
    List<String> args = new ArrayList<>(List.of(command.split(" ")));
    args.addAll(List.of("--url", url()));
    assertThat(terminal.run(args.toArray(String[]::new))).as(terminal.err()).isZero();
    assertThat(terminal.err()).isEmpty();
    return terminal;
  }

  private void assertFails(int exitCode, String message, String command) {
    CapturedTerminal terminal = terminal();
    List<String> args = new ArrayList<>(List.of(command.split(" ")));
    args.addAll(List.of("--url", url()));
    assertThat(terminal.run(args.toArray(String[]::new))).isEqualTo(exitCode);
    assertThat(terminal.err()).isEqualTo(message + "\n");
    assertThat(terminal.out()).isEmpty();
  }

  private static CapturedTerminal terminal() {
    return new CapturedTerminal(Map.of());
  }

  private static String url() {
    return "http://127.0.0.1:" + running.controller().httpPort();
  }

  private static void assertThatGolden(String text, String name) {
    Golden.assertThatTextIs(text, "cli/" + name);
  }
}
