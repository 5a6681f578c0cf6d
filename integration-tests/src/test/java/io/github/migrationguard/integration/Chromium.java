/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.migrationguard.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.Awaiting;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real Chromium without a window, which shows one page.
 *
 * @author Migration Guard
 */
final class Chromium implements AutoCloseable {

	private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");

	private static final String DRIVER = "chromedriver";

	private final ChromeDriver driver;

	private Chromium(ChromeDriver driver) {
		this.driver = driver;
	}

	static boolean isInstalled() {
		return find(DRIVER) != null && findBrowser() != null;
	}

	/**
	 * Start a Chromium.
	 * @return the running Chromium
	 */
	static Chromium start() {
		Path browser = findBrowser();
		Path driver = find(DRIVER);
		if (browser == null || driver == null) {
			throw new IllegalStateException("Chromium and its driver are not installed");
		}
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(driver.toFile())
			.usingAnyFreePort()
			.build();
		return new Chromium(new ChromeDriver(service, options(browser)));
	}

	private static ChromeOptions options(Path browser) {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(browser.toFile());
		options.addArguments("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars");
		if ("root".equals(System.getProperty("user.name"))) {
			options.addArguments("--no-sandbox");
		}
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
		return options;
	}

	private static @Nullable Path findBrowser() {
		return BROWSERS.stream().map(Chromium::find).filter((path) -> path != null).findFirst().orElse(null);
	}

	private static @Nullable Path find(String executable) {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
			.map((directory) -> Path.of(directory, executable))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

	void open(String url) {
		this.driver.get(url);
	}

	/**
	 * Leave the page, which would go on to ask for news, and forget what it has written
	 * to the console.
	 */
	void leave() {
		open("about:blank");
		console();
	}

	void resize(int width, int height) {
		this.driver.manage().window().setSize(new Dimension(width, height));
	}

	/**
	 * Let the page be shown as for somebody who likes it dark, or light.
	 * @param scheme {@code dark} or {@code light}
	 */
	void preferColorScheme(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	String title() {
		return this.driver.getTitle();
	}

	/**
	 * Return the visible text of some elements.
	 * @param selector the CSS selector
	 * @return the texts
	 */
	List<String> texts(String selector) {
		return read((elements) -> elements.stream().map(WebElement::getText).toList(), selector);
	}

	/**
	 * Return how the first of some elements is shown.
	 * @param selector the CSS selector
	 * @param property the CSS property
	 * @return its computed value
	 */
	String style(String selector, String property) {
		return read((elements) -> elements.get(0).getCssValue(property), selector);
	}

	/**
	 * The page may refresh itself at any moment.
	 */
	private <T> T read(Function<List<WebElement>, T> reader, String selector) {
		return Awaiting.await(selector)
			.ignoreExceptionsMatching((ex) -> ex instanceof StaleElementReferenceException
					|| ex instanceof IndexOutOfBoundsException || ex instanceof WebDriverException)
			.until(() -> reader.apply(this.driver.findElements(By.cssSelector(selector))), (value) -> value != null);
	}

	/**
	 * Execute a script on behalf of the test, which no policy of the page forbids.
	 * @param script the script
	 * @return what it returns
	 */
	@Nullable Object execute(String script) {
		return this.driver.executeScript(script);
	}

	/**
	 * Return what the console of the browser shows since the last call.
	 * @return the messages
	 */
	List<String> console() {
		return this.driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::getMessage).toList();
	}

	void screenshot(Path file) {
		try {
			Files.write(file, this.driver.getScreenshotAs(OutputType.BYTES));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
