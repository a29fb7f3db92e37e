/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.AddHasCdp;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.chromium.ChromiumDriver;
import org.openqa.selenium.chromium.ChromiumDriverCommandExecutor;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Debian's Chromium without a screen, on the page of one controller, and what it told meanwhile:
 * its console, the page's requests, and, once it is closed, every connection that the whole browser
 * tried ({@link NetLog}). What it does on the net by itself is switched off.
 */
final class Browser implements AutoCloseable {

  private static final File CHROMIUM = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Selenium misses classes for this version of the DevTools protocol, which it is not asked for.
   */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  /**
   * The browser's own services are switched off. Of those that have no switch (its updates, the
   * list of accounts) none finds its host: no name is looked up.
   */
  private static final List<String> NO_CALLS_HOME =
      List.of(
          "--disable-background-networking",
          "--disable-client-side-phishing-detection",
          "--disable-component-update",
          "--disable-default-apps",
          "--disable-domain-reliability",
          "--disable-extensions",
          "--disable-sync",
          "--dns-prefetch-disable",
          "--metrics-recording-only",
          "--no-default-browser-check",
          "--no-first-run",
          "--no-pings",
          "--disable-features=AutofillServerCommunication,MediaRouter,NetworkTimeServiceQuerying,"
              + "OptimizationHints,Translate",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");

  // deps
  private final URI origin;
  private final Driver driver;

  // state
  private final List<String> complaints = new ArrayList<>();

  /** Starts one; {@code netLog} is the file that it writes its connections to. */
  Browser(int controllerPort, Path netLog) {
    origin = URI.create("http://127.0.0.1:" + controllerPort);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    // The tests run as root, for whom Chromium has no sandbox.
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    options.addArguments("--window-size=1400,1000", "--log-net-log=" + netLog.toAbsolutePath());
    options.addArguments(NO_CALLS_HOME);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).usingAnyFreePort().build();
    SELENIUM.setLevel(Level.SEVERE);
    driver = new Driver(service, options);
    preparePages();
  }

  URI origin() {
    return origin;
  }

  /** Opens a path of the controller's in a new document, also where only the fragment differs. */
  void open(String path) {
    driver.get("about:blank");
    driver.get(origin.resolve(path).toString());
  }

  String location() {
    return driver.getCurrentUrl();
  }

  void back() {
    driver.navigate().back();
  }

  /** Pixels of the view. */
  void resize(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** Whether the person prefers dark, as the page is told by its media query. */
  void prefers(String colorScheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme))));
  }

  /** From now on documents have the test's functions in them, see in-page.js. */
  private void preparePages() {
    try (InputStream script = Browser.class.getResourceAsStream("in-page.js")) {
      devTools(
          "Page.addScriptToEvaluateOnNewDocument",
          Map.of("source", new String(script.readAllBytes(), UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Elements by their test id and by attributes, {@code [data-side=client]}. */
  List<WebElement> all(String testId, String attributes) {
    return driver.findElements(By.cssSelector("[data-testid=" + testId + "]" + attributes));
  }

  List<WebElement> all(String testId) {
    return all(testId, "");
  }

  /** The first such element that is shown, waited for. */
  WebElement shown(String testId, String attributes) {
    return await(testId + attributes + " is shown")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .ignoreException(StaleElementReferenceException.class)
        .until(
            () ->
                all(testId, attributes).stream()
                    .filter(WebElement::isDisplayed)
                    .findFirst()
                    .orElse(null),
            found -> found != null);
  }

  WebElement shown(String testId) {
    return shown(testId, "");
  }

  void awaitGone(String testId) {
    await(testId + " is gone")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .ignoreException(StaleElementReferenceException.class)
        .until(() -> all(testId).stream().noneMatch(WebElement::isDisplayed));
  }

  /** Chooses an entry of a list by its value. */
  void choose(String testId, String value) {
    shown(testId).findElement(By.cssSelector("option[value='" + value + "']")).click();
  }

  /** Keys to whatever has the focus. */
  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** The element that has the focus. */
  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** Tab, until an element with that test id has the focus; fails after so many. */
  WebElement tabTo(String testId, int atMost) {
    for (int i = 0; i < atMost; i++) {
      press(Keys.TAB);
      if (testId.equals(focused().getDomAttribute("data-testid"))) {
        return focused();
      }
    }
    throw new AssertionError("no " + testId + " within " + atMost + " times Tab");
  }

  /** What a JavaScript expression gives, as JSON. */
  JsonNode script(String expression, Object... arguments) {
    return read(
        (String) driver.executeScript("return JSON.stringify(" + expression + ")", arguments));
  }

  /** Presses the pointer in the middle of an element and draws it about for as long as is said. */
  void drag(String testId, BooleanSupplier further) {
    Duration step = Duration.ofMillis(20);
    new Actions(driver, step).moveToElement(shown(testId)).clickAndHold().perform();
    for (int i = 0; further.getAsBoolean(); i++) {
      int pixels = i % 40 < 20 ? 8 : -8;
      new Actions(driver, step).moveByOffset(pixels, pixels / 2).perform();
    }
    new Actions(driver, step).release().perform();
  }

  /** The nodes that assistive technology is told of. */
  List<JsonNode> accessibilityTree() {
    JsonNode tree = JSON.valueToTree(devTools("Accessibility.getFullAXTree", Map.of()));
    List<JsonNode> nodes = new ArrayList<>();
    for (JsonNode node : tree.get("nodes")) {
      if (!node.get("ignored").asBoolean()) {
        nodes.add(node);
      }
    }
    return nodes;
  }

  /** A command of the DevTools protocol. */
  Map<String, Object> devTools(String command, Map<String, Object> parameters) {
    return driver.executeCdpCommand(command, parameters);
  }

  /** The view as PNG, in the build's folder of screenshots. */
  Path screenshot(String name) {
    try {
      Files.createDirectories(SCREENSHOTS);
      return Files.write(
          SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Errors that the console has told since the start, and what pages asked for elsewhere. */
  List<String> complaints() {
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
        complaints.add(entry.getMessage());
      }
    }
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode event = read(entry.getMessage()).get("message");
      String url =
          switch (event.get("method").asText()) {
            case "Network.requestWillBeSent" -> event.at("/params/request/url").asText();
            case "Network.webSocketCreated" -> event.at("/params/url").asText();
            default -> origin.toString();
          };
      if (!url.startsWith(origin.toString())) {
        complaints.add("asked for " + url);
      }
    }
    return List.copyOf(complaints);
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json == null ? "null" : json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }

  /** Selenium's, but for its way to look for browsers and drivers, which may download them. */
  private static final class Driver extends ChromiumDriver {
    Driver(ChromeDriverService service, ChromeOptions options) {
      super(
          new ChromiumDriverCommandExecutor(service, new AddHasCdp().getAdditionalCommands()),
          options,
          ChromeOptions.CAPABILITY);
      cdp = new AddHasCdp().getImplementation(getCapabilities(), getExecuteMethod());
    }
  }
}
