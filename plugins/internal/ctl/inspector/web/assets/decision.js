// What the policy decided, with the rules that led to it, and what the candidate says.
import { css, html, nothing } from './lit.js';
import { mark } from './parts.js';
import { marked, visible } from './text.js';

/** @param {any} decision of the server's api @param {any} detail */
export function decision(decision, detail) {
  if (!decision) return detail.state === 'refused' && detail.record?.stage !== 'policy' ? nothing : html`<section class="panel"><h2>Decision</h2><p class="dim">No policy decided on this delivery, or none that is known.</p></section>`;
  const { rule, targets, live, candidate, differs, absent } = decision;
  return html`<section class="panel decision" aria-labelledby="decision-title">
    <header><h2 id="decision-title">Decision</h2>${differs ? html`<span class="tag warn">the candidate differs</span>` : candidate && !candidate.error ? html`<span class="tag good">the candidate agrees</span>` : nothing}</header>
    ${rule || targets?.length ? html`<dl class="facts small">
      ${rule ? html`<div><dt>Decided by</dt><dd class="mono">${visible(rule)}</dd></div>` : nothing}
      ${targets?.length ? html`<div><dt>To</dt><dd>${targets.map((/** @type {string} */ target) => html`<div class="mono">${visible(target)}</div>`)}</dd></div>` : nothing}
    </dl>` : nothing}
    ${absent ? html`<p class="dim">${visible(absent)}</p>` : nothing}
    <div class="decision-sides ${candidate ? 'two' : ''}">${live ? answer('Live policy now', live) : nothing}${candidate ? answer('Candidate', candidate) : nothing}</div>
  </section>`;
}

/** @param {string} title @param {any} answer */
function answer(title, answer) {
  return html`<section class="answer">
    <h3>${title} <span class="mono dim">${visible(answer.directory)}</span></h3>
    ${answer.error ? html`<p>${mark('bad', visible(answer.error))}</p>` : nothing}
    ${answer.decision !== undefined ? html`<pre class="code" tabindex="0" role="region" aria-label=${`Decision of the ${title.toLowerCase()}`}>${marked(JSON.stringify(answer.decision, null, 2))}</pre>` : nothing}
    ${answer.steps?.length ? html`<ol class="steps">${answer.steps.map(step)}</ol>` : nothing}
  </section>`;
}

/** @param {any} step */
function step(step) {
  return html`<li ${css({ '--depth': String(Math.min(step.depth, 12)) })}>
    ${mark(step.held ? 'good' : 'unknown', html`<span class="mono">${visible(step.rule)}</span>`)}
    ${step.held ? html`<span class="dim">${step.value ? html`= <span class="mono">${visible(step.value)}</span>` : 'held'}</span>` : html`<span class="dim">stopped at <span class="mono">${visible(step.stopped)}</span></span>`}
    <span class="steps-place mono">${visible(step.file)}:${step.held ? step.row : step.stopped_row || step.row}</span>
  </li>`;
}
