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

package io.github.migrationguard.actuate;

import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Html}.
 *
 * @author Migration Guard
 */
class HtmlTests {

	@Test
	@Tag("security:S31")
	void valueIsNoMarkup() {
		assertThat(text("<script>alert('1')</script> & \"more\""))
			.isEqualTo("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;more&quot;");
	}

	@Test
	@Tag("security:S31")
	void valueDoesNotLeaveItsAttribute() {
		assertThat(Html.of("<i title=\"%s\"></i>", "\" onmouseover='x()").toString())
			.isEqualTo("<i title=\"&quot; onmouseover=&#39;x()\"></i>");
	}

	@Test
	@Tag("security:S31")
	void valueIsNoTemplate() {
		assertThat(text("100 %s %n")).isEqualTo("100 %s %n");
	}

	@Test
	void otherAlphabetsStay() {
		assertThat(text("Zoë 東京 \uD83D\uDE42 a\n\tb")).isEqualTo("Zoë 東京 \uD83D\uDE42 a\n\tb");
	}

	@Test
	@Tag("security:S31")
	void whatCannotBeSeenIsReplaced() {
		assertThat(text("a\u0000b\u001Bc\u0085d\u202Ee\u200Bf\uD83Dg\uFFFFh\rI"))
			.isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf\uFFFDg\uFFFDh\uFFFDI");
	}

	@Test
	void piecesAreNotEscapedAgain() {
		Html piece = Html.of("<b>%s</b>", "<");
		assertThat(Html.of("<p>%s</p>", piece).toString()).isEqualTo("<p><b>&lt;</b></p>");
		assertThat(Html.forEach(List.of("<", ">"), (value) -> Html.of("%s", value)).toString()).isEqualTo("&lt;\n&gt;");
		assertThat(Html.line("<", null, piece).toString())
			.isEqualTo("<p class=\"line\"><span>&lt;</span>\n<span><b>&lt;</b></span></p>");
	}

	@Test
	void absentValueIsNothing() {
		assertThat(Html.ifPresent((String) null, (value) -> Html.of("<b>%s</b>", value)).toString()).isEmpty();
		assertThat(Html.line(null, null).toString()).isEmpty();
	}

	private static String text(String value) {
		return Html.of("%s", value).toString();
	}

}
