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

package io.github.migrationguard.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Paint;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import io.github.migrationguard.benchmarks.Subject.Kind;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;
import org.w3c.dom.Document;

/**
 * Medians of the first figure of a row as a bar chart. It has no background, and its
 * colours are readable on a light page and on a dark one.
 *
 * @author Migration Guard
 */
final class RowChart {

	private static final Color TEXT = new Color(0x808890);

	private static final Color GUARDED = new Color(0x2f81f7);

	private static final Color OTHERS = new Color(0x9aa0a6);

	private static final Color TRANSPARENT = new Color(0, 0, 0, 0);

	private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

	private static final int WIDTH = 760;

	private static final int HEIGHT_OF_BAR = 34;

	private static final int HEIGHT_OF_AXES = 90;

	/**
	 * Above this ratio of the longest bar to the shortest, the axis is logarithmic.
	 */
	private static final double WIDE = 20;

	/**
	 * What the axis has beyond the longest bar, as a part of that bar.
	 */
	private static final double ROOM_FOR_LABEL = 0.17;

	private final Row row;

	private final RowResult result;

	RowChart(Row row, RowResult result) {
		this.row = row;
		this.result = result;
	}

	void write(Path file) {
		List<Subject> measured = measured();
		SVGGraphics2D graphics = new SVGGraphics2D(document());
		int height = HEIGHT_OF_AXES + measured.size() * HEIGHT_OF_BAR;
		graphics.setSVGCanvasSize(new java.awt.Dimension(WIDTH, height));
		chart(measured).draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
		try {
			Files.createDirectories(file.getParent());
			try (Writer writer = Files.newBufferedWriter(file)) {
				graphics.stream(writer, true);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<Subject> measured() {
		return this.row.subjects()
			.stream()
			.map(Subject.class::cast)
			.filter((subject) -> this.result.sample(subject, metric()).isPresent())
			.toList();
	}

	private static Document document() {
		try {
			return DocumentBuilderFactory.newInstance()
				.newDocumentBuilder()
				.getDOMImplementation()
				.createDocument("http://www.w3.org/2000/svg", "svg", null);
		}
		catch (ParserConfigurationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private JFreeChart chart(List<Subject> subjects) {
		CategoryDataset medians = medians(subjects);
		JFreeChart chart = ChartFactory.createBarChart(null, null, axisLabel(), medians, PlotOrientation.HORIZONTAL,
				false, false, false);
		chart.setBackgroundPaint(TRANSPARENT);
		chart.setBorderVisible(false);
		CategoryPlot plot = chart.getCategoryPlot();
		plot.setBackgroundPaint(TRANSPARENT);
		plot.setOutlineVisible(false);
		plot.setRangeGridlinePaint(TEXT);
		plot.setRangeGridlineStroke(new BasicStroke(0.3f));
		plot.setRangeAxis(axis(subjects));
		plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_RIGHT);
		plot.getDomainAxis().setTickLabelPaint(TEXT);
		plot.getDomainAxis().setTickLabelFont(FONT);
		plot.getDomainAxis().setAxisLinePaint(TEXT);
		plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.5f);
		plot.setRenderer(renderer(subjects));
		return chart;
	}

	private CategoryDataset medians(List<Subject> subjects) {
		DefaultCategoryDataset dataset = new DefaultCategoryDataset();
		subjects.forEach((subject) -> dataset.addValue(median(subject), "median", subject.label()));
		return dataset;
	}

	private double median(Subject subject) {
		return this.result.sample(subject, metric()).orElseThrow().median();
	}

	private Metric metric() {
		return this.row.metrics().get(0);
	}

	private String axisLabel() {
		String symbol = metric().unit().symbol();
		return metric().label() + (symbol.isEmpty() ? "" : " (" + symbol + ")");
	}

	private ValueAxis axis(List<Subject> subjects) {
		double least = subjects.stream().mapToDouble(this::median).min().orElse(0);
		double greatest = subjects.stream().mapToDouble(this::median).max().orElse(1);
		ValueAxis axis = new NumberAxis(axisLabel());
		if (least > 0 && greatest / least > WIDE) {
			LogAxis logarithmic = new LogAxis(axisLabel() + ", logarithmic");
			logarithmic.setSmallestValue(least / 10);
			logarithmic.setTickUnit(new NumberTickUnit(1));
			logarithmic.setNumberFormatOverride(plainNumber());
			double start = Math.pow(10, Math.floor(Math.log10(least)) - 0.3);
			logarithmic.setRange(start, greatest * Math.pow(greatest / start, ROOM_FOR_LABEL));
			axis = logarithmic;
		}
		axis.setUpperMargin(ROOM_FOR_LABEL);
		axis.setLabelPaint(TEXT);
		axis.setLabelFont(FONT);
		axis.setTickLabelPaint(TEXT);
		axis.setTickLabelFont(FONT);
		axis.setAxisLinePaint(TEXT);
		return axis;
	}

	private static NumberFormat plainNumber() {
		return new DecimalFormat("#,##0.#######", DecimalFormatSymbols.getInstance(Locale.ROOT));
	}

	private BarRenderer renderer(List<Subject> subjects) {
		BarRenderer renderer = new BarRenderer() {

			@Override
			public Paint getItemPaint(int row, int column) {
				boolean ours = subjects.get(column).kind() == Kind.GUARDED || subjects.get(column).kind() == Kind.SIZE;
				return ours ? GUARDED : OTHERS;
			}

		};
		renderer.setBarPainter(new StandardBarPainter());
		renderer.setShadowVisible(false);
		renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator() {

			@Override
			public String generateLabel(CategoryDataset dataset, int row, int column) {
				return metric().unit().formatWithSymbol(dataset.getValue(row, column).doubleValue());
			}

		});
		renderer.setDefaultItemLabelsVisible(true);
		renderer.setDefaultPositiveItemLabelPosition(
				new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
		renderer.setDefaultItemLabelPaint(TEXT);
		renderer.setDefaultItemLabelFont(FONT);
		return renderer;
	}

}
