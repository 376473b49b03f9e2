// What an act would do, and what it has done.
import { html, nothing } from './lit.js';
import { copyButton, listHash, mark } from './parts.js';
import { bytes, marked, visible } from './text.js';

/** Characters of a body that a dialog shows. */
const shown = 4096;

/** @param {string} text */
const beginning = (text) => html`${marked(text.slice(0, shown))}${text.length > shown ? html`<span class="dim">… and ${(text.length - shown).toLocaleString('en')} characters more</span>` : nothing}`;

/** @param {import('./types-state.js').Request} r */
const request = (r) => html`<details class="acts-request"><summary>The request that would be sent</summary>
  <p class="mono">${r.method} ${visible(r.url)}</p>
  <dl class="acts-headers mono">${r.headers.map((h) => html`<dt>${visible(h.name)}</dt><dd>${h.masked ? html`<span class="tag">masked</span>` : visible(h.value)}${h.signed ? html` <span class="tag">signed</span>` : nothing}</dd>`)}</dl>
  <pre class="code" tabindex="0" role="group" aria-label="Body">${beginning(r.body.text)}</pre>
  <p class="dim">${bytes(r.body.size)}${r.body.cut ? ', of which this is the beginning' : ''}</p></details>`;

/** @param {import('./types.js').Page} page @param {import('./types-state.js').Plan} plan */
export const planned = (page, plan) => html`<section class="acts-plan" aria-labelledby="acts-plan">
  <h3 id="acts-plan">${visible(plan.title)}</h3>
  ${plan.denied ? html`<p class="acts-denied">${mark('warn', 'It cannot be run here.')} ${visible(plan.denied)}</p>` : nothing}
  ${plan.steps?.length ? html`<ol class="acts-steps">${plan.steps.map((s) => html`<li>${visible(s)}</li>`)}</ol>` : nothing}
  ${plan.warn?.length ? html`<ul class="acts-warn">${plan.warn.map((w) => html`<li>${mark('warn', 'Warning')} ${visible(w)}</li>`)}</ul>` : nothing}
  ${plan.undo ? html`<p><strong>Undo</strong> ${visible(plan.undo)}</p>` : nothing}
  ${plan.request ? request(plan.request) : nothing}
  ${plan.command ? html`<div class="acts-command"><pre class="code" tabindex="0" role="group" aria-label="Command that does the same">${marked(plan.command)}</pre>${copyButton(page, plan.command, 'command')}</div>` : nothing}
</section>`;

/** @param {import('./types.js').Page} page @param {import('./types-state.js').Done} done */
export const outcome = (page, done) => html`<section class="acts-done" aria-labelledby="acts-done">
  <h3 id="acts-done">${mark(done.ok ? 'good' : 'bad', visible(done.title))}</h3>
  ${done.status ? html`<p>The gateway answered <strong class="num">${done.status}</strong>.</p>` : nothing}
  ${done.lines?.length ? html`<ul>${done.lines.map((l) => html`<li>${visible(l)}</li>`)}</ul>` : nothing}
  ${done.body ? html`<pre class="code" tabindex="0" role="group" aria-label="Answer">${beginning(done.body)}</pre>` : nothing}
  ${done.request_id ? html`<p><a href=${listHash({ q: done.request_id })} @click=${() => page.closeDialog()}>Show the delivery</a></p>` : nothing}
</section>`;
