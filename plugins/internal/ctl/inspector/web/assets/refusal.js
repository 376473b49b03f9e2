// Why a delivery was refused, and what to change.
import { html, nothing } from './lit.js';
import { mark } from './parts.js';
import { visible } from './text.js';

/** @param {import('./types.js').Page} _page @param {any} refusal of the server's api */
export function refusal(_page, refusal) {
  return html`<section class="panel refusal" aria-labelledby="refusal-title">
    <h2 id="refusal-title">${mark('bad', html`Refused with <span class="num">${refusal.status || ''}</span> ${visible(refusal.code)}${refusal.stage ? html` by ${refusal.stage}` : nothing}`)}</h2>
    <div class="refusal-sides">
      <dl class="refusal-text">
        <div><dt>Why</dt><dd><p class="refusal-reason">${visible(refusal.reason)}</p>${refusal.cause ? html`<p>Most likely: ${visible(refusal.cause)}</p>` : nothing}</dd></div>
        <div class="refusal-change"><dt>What to change</dt><dd>${visible(refusal.change)}</dd></div>
        <div><dt>What the code means</dt><dd class="dim">${refusal.meaning} ${refusal.retry ? 'The sender should try again.' : 'Trying again does not help the sender.'}</dd></div>
      </dl>
      ${refusal.lines?.length ? excerpt(refusal) : nothing}
    </div>
  </section>`;
}

/** @param {any} refusal */
function excerpt(refusal) {
  return html`<figure class="excerpt">
    <figcaption class="mono">${refusal.file}${refusal.line ? `:${refusal.line}` : ''}</figcaption>
    <div class="code" tabindex="0" role="region" aria-label=${`Lines of ${refusal.file}`}>${refusal.lines.map((/** @type {any} */ line) => html`
      <div class="excerpt-line ${line.number === refusal.line ? 'here' : ''}"><span class="excerpt-number">${line.number}</span><span>${visible(line.text)}</span></div>`)}</div>
  </figure>`;
}
