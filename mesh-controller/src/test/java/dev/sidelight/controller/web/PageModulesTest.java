/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.RequestFlag;
import dev.sidelight.correlator.Rollup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a browser would find out only when it is too late: modules that are not there, code in the
 * document, something from elsewhere, and names of the API that the page does not know.
 */
final class PageModulesTest {

  private static final Path FOLDER =
      Path.of("src/main/resources/dev/sidelight/controller/web/page");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:(\\w+)|\\{([^}]*)\\}) from '\\./([\\w.-]+)';$");
  private static final Pattern ANY_IMPORT = Pattern.compile("(?m)^import\\b");
  private static final Pattern EXPORT =
      Pattern.compile("(?m)^export (?:async )?(?:function|class|const) (\\w+)");
  private static final Pattern COMPONENT = Pattern.compile("(?m)^  component\\('(\\w+)', '(\\w+)'");
  private static final Pattern ROLLUP = Pattern.compile("(?m)^  \\{key: '(\\w+)'");

  /** The name of SVG's elements, and no address that anybody asks. */
  private static final String SVG_NAMESPACE = "http://www.w3.org/2000/svg";

  @Test
  void modules_importWhatOthersExport() throws IOException {
    for (Path module : modules()) {
      String source = Files.readString(module);
      List<MatchResult> imports = IMPORT.matcher(source).results().toList();
      assertThat(ANY_IMPORT.matcher(source).results().count())
          .as("imports of %s in the form of the others", module.getFileName())
          .isEqualTo(imports.size());
      for (MatchResult each : imports) {
        if (each.group(1) == null) {
          assertThat(exports(each.group(3)))
              .as("%s imports %s", module.getFileName(), each.group())
              .containsAll(names(each.group(2)));
        } else {
          assertThat(new PageFiles().find(each.group(3))).as(each.group(3)).isNotNull();
        }
      }
    }
  }

  @Test
  void modules_areAllUsed() throws IOException {
    Set<String> reached = new TreeSet<>(Set.of("main.js"));
    Deque<String> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      for (MatchResult each :
          IMPORT.matcher(Files.readString(FOLDER.resolve(open.pop()))).results().toList()) {
        String imported = each.group(3);
        if (imported.endsWith(".js") && reached.add(imported)) {
          open.push(imported);
        }
      }
    }
    assertThat(reached)
        .isEqualTo(
            modules().stream()
                .map(module -> module.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void document_hasNeitherCodeNorStyle() throws IOException {
    assertThat(Files.readString(FOLDER.resolve("index.html")))
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContain("<style")
        .doesNotContainPattern("\\s(style|on\\w+)=")
        .contains("<script type=\"module\" src=");
    for (Path module : modules()) {
      assertThat(Files.readString(module))
          .as(module.getFileName().toString())
          .doesNotContainPattern("(inner|outer)HTML\\s*\\+?=(?!=)")
          .doesNotContain("insertAdjacentHTML", "eval(", "new Function", "await import(")
          .doesNotContainPattern("\\bstyle: ['\"`]")
          .doesNotContain("setAttribute('style'");
    }
  }

  @Test
  void files_nameNothingElsewhere() throws IOException {
    for (Path file : files()) {
      assertThat(Files.readString(file).replace(SVG_NAMESPACE, ""))
          .as(file.getFileName().toString())
          .doesNotContainPattern("(?i)(https?|wss?)://")
          .doesNotContainPattern("url\\(|@import|['\"`(]//\\w");
    }
  }

  @Test
  void files_haveTheLicence() throws IOException {
    for (Path file : files()) {
      if (!file.toString().endsWith(".json")) {
        assertThat(Files.readString(file))
            .as(file.getFileName().toString())
            .contains("Copyright The Sidelight Authors", "SPDX-License-Identifier: Apache-2.0");
      }
    }
  }

  @Test
  void components_areTheCorrelators() throws IOException {
    String source = Files.readString(FOLDER.resolve("components.js"));
    assertThat(COMPONENT.matcher(source).results().map(each -> each.group(1) + " " + each.group(2)))
        .containsExactlyElementsOf(
            Arrays.stream(LatencyComponent.values())
                .map(each -> each.key() + " " + each.rollup().key())
                .toList());
    assertThat(ROLLUP.matcher(source).results().map(each -> each.group(1)))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Rollup.values()).map(Rollup::key).toList());
  }

  @Test
  void reasonsAndFlags_areTheCorrelators() throws IOException {
    String source = Files.readString(FOLDER.resolve("components.js"));
    assertThat(keys(source, "REASONS"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(PartialReason.values())
                .filter(reason -> reason != PartialReason.NONE)
                .map(PartialReason::key)
                .toList());
    assertThat(keys(source, "FLAGS"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(RequestFlag.values()).map(RequestFlag::key).toList());
  }

  private static List<String> keys(String source, String constant) {
    String from = source.substring(source.indexOf("export const " + constant + " = {"));
    return Pattern.compile("(?m)^  (\\w+): ")
        .matcher(from.substring(0, from.indexOf("\n};")))
        .results()
        .map(each -> each.group(1))
        .toList();
  }

  private static List<String> exports(String module) throws IOException {
    return EXPORT
        .matcher(Files.readString(FOLDER.resolve(module)))
        .results()
        .map(each -> each.group(1))
        .toList();
  }

  private static List<String> names(String list) {
    return Arrays.stream(list.split(","))
        .map(name -> name.strip().replaceFirst(" as \\w+$", ""))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static List<Path> modules() throws IOException {
    return files().stream().filter(file -> file.toString().endsWith(".js")).toList();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }
}
