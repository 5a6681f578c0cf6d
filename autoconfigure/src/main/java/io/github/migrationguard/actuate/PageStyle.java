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

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * How the {@link MigrationsPage} looks, and the policy that allows this style alone.
 *
 * @author Migration Guard
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy</a>
 */
final class PageStyle {

	private static final String TEXT = """
			:root {
				--page: #f4f6f8; --card: #fff; --text: #16202b; --soft: #4b5968; --line: #d3dae2; --code: #eef2f6;
				--good: #0f6b3c; --bad: #b3161f; --warn: #8a4b00; --busy: #1257b8; --quiet: #4b5968;
				--good-back: #e2f4e9; --bad-back: #fde8e8; --warn-back: #fdf0dc; --busy-back: #e4effd; --quiet-back: #e9edf2;
			}
			@media (prefers-color-scheme: dark) {
				:root {
					--page: #10161d; --card: #18212b; --text: #e8edf3; --soft: #a9b6c4; --line: #33414f; --code: #0f161d;
					--good: #6fdc9c; --bad: #ff9a9a; --warn: #ffc46b; --busy: #8ec2ff; --quiet: #b4c0cd;
					--good-back: #12321f; --bad-back: #43191c; --warn-back: #3a2a10; --busy-back: #152d4c; --quiet-back: #263340;
				}
			}
			* { box-sizing: border-box; }
			body {
				margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--page); color: var(--text);
				font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere;
			}
			h1, h2, h3, h4, p { margin: 0; }
			h1 { font-size: 1.5rem; }
			h2 { font-size: 1.25rem; }
			h3 { margin-bottom: .5rem; font-size: .8125rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
			h4 { font-size: 1rem; }
			ul, ol { margin: 0; padding: 0; list-style: none; }
			details ul { padding-left: 1.25rem; list-style: disc; }
			section { margin-top: 1rem; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
			footer { margin-top: 1rem; font-size: .875rem; color: var(--soft); }
			.part { margin-top: 1.25rem; }
			.badge {
				display: inline-block; padding: .1rem .55rem; border-radius: 1rem; font-size: .75rem; font-weight: 600;
				vertical-align: middle; white-space: nowrap;
			}
			.verdict { margin-top: .75rem; padding: .75rem 1rem; border-radius: .5rem; font-size: 1.125rem; }
			.good { background: var(--good-back); color: var(--good); }
			.bad { background: var(--bad-back); color: var(--bad); }
			.warn { background: var(--warn-back); color: var(--warn); }
			.busy { background: var(--busy-back); color: var(--busy); }
			.quiet { background: var(--quiet-back); color: var(--quiet); }
			.line { font-size: .875rem; color: var(--soft); }
			.line span:not(:last-child)::after { content: " ·"; }
			.pid { font-weight: 400; color: var(--soft); }
			.hidden { font-size: .875rem; font-style: italic; color: var(--soft); }
			pre {
				margin: .5rem 0; padding: .5rem .75rem; background: var(--code); border-radius: .375rem;
				font: .875rem/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre-wrap;
			}
			code { font: inherit; }
			.remedy { border: 1px solid var(--busy); user-select: all; }
			.remedy::before { content: "Remedy"; float: right; padding-left: .75rem; font: .75rem/1.75 sans-serif; color: var(--busy); user-select: none; }
			.error { border: 1px solid var(--bad); }
			.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: .75rem; }
			.card, .node { padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; }
			.node { margin-bottom: .5rem; border-left: .3rem solid var(--quiet); }
			.node.blocker { border-left-color: var(--bad); }
			.node.migration { border-left-color: var(--busy); }
			.node.queue { border-left-color: var(--warn); }
			.locks { display: flex; flex-wrap: wrap; column-gap: 1.25rem; }
			.advice { margin-top: .25rem; }
			.tree .level { margin-bottom: .25rem; font-size: .875rem; color: var(--soft); }
			.tree li li { position: relative; padding-left: 1.75rem; }
			.tree li li::before {
				content: ""; position: absolute; left: .5rem; top: -.5rem; width: .75rem; height: 1.25rem;
				border: solid var(--line); border-width: 0 0 2px 2px; border-bottom-left-radius: .375rem;
			}
			.node li, .tree .node li { padding-left: 0; font-size: .875rem; }
			.tree .node li::before { content: none; }
			progress { width: 100%; height: .75rem; accent-color: var(--busy); }
			.timeline { padding-left: .375rem; }
			.timeline li { padding: 0 0 .75rem 1.25rem; border-left: 2px solid var(--line); background: none; color: inherit; position: relative; }
			.timeline li::before {
				content: ""; position: absolute; left: -.4375rem; top: .375rem; width: .75rem; height: .75rem;
				border-radius: 50%; background: var(--busy);
			}
			.timeline li.good::before { background: var(--good); }
			.timeline li.bad::before { background: var(--bad); }
			.timeline li.warn::before { background: var(--warn); }
			dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: .5rem .75rem; margin: 0; }
			dt { font-size: .875rem; color: var(--soft); }
			dd { margin: 0; }
			""";

	static final String POLICY_HEADER = "Content-Security-Policy";

	static final Html CSS = Html.of(TEXT.replace("%", "%%"));

	/**
	 * Nothing but this style and an empty icon, which keeps browsers from asking for one.
	 */
	static final String POLICY = "default-src 'none'; style-src 'sha256-%s'; img-src data:;"
		.formatted(hash(CSS.toString())) + " base-uri 'none'; form-action 'none'";

	/**
	 * Browsers ignore this directive where a page itself has it.
	 */
	static final String POLICY_WITH_FRAMES = POLICY + "; frame-ancestors 'none'";

	private PageStyle() {
	}

	private static String hash(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return Base64.getEncoder().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
