// What the signature covers, and what the quarantine has.
import { html, nothing } from './lit.js';
import { mark } from './parts.js';
import { count, sentence, visible } from './text.js';

/** @param {any} detail */
export function proof(detail) {
  const { proof: proved } = detail;
  if (!proved && detail.state === 'refused') return nothing; // the refusal says it
  if (!proved) return html`<section class="panel"><h2>Proof of the sender</h2><p class="dim">No record says what proved the sender.</p></section>`;
  return html`<section class="panel proof" aria-labelledby="proof-title">
    <h2 id="proof-title">Proof of the sender</h2>
    <p>${visible(proved.text)}</p>
    <dl class="facts small">
      <div><dt>Scheme</dt><dd class="mono">${visible(proved.scheme)}</dd></div>
      ${proved.secret_id ? html`<div><dt>Secret</dt><dd class="mono">${visible(proved.secret_id)}</dd></div>` : nothing}
    </dl>
    <div class="proof-sides">
      <div><h3>${mark('good', 'Signed')}</h3>${tags(proved.covers, 'good', 'Nothing.')}</div>
      <div><h3>${mark('warn', 'Not signed')}</h3>${tags(proved.unsigned, 'warn', 'Every attribute of the event is signed.')}</div>
    </div>
  </section>`;
}

/** @param {string[] | undefined} list @param {string} kind @param {string} none */
const tags = (list, kind, none) => (list?.length ? html`<ul class="tags">${list.map((text) => html`<li class="tag ${kind}">${visible(text)}</li>`)}</ul>` : html`<p class="dim">${none}</p>`);

/** @param {any} kept of the server's api */
export function kept(kept) {
  return html`<section class="panel kept" aria-labelledby="kept-title">
    <h2 id="kept-title">${mark(kept.held ? 'warn' : 'note', kept.held ? 'Held in the quarantine' : 'Kept in the quarantine')}</h2>
    <p>${visible(kept.stream)} has it as message <span class="num">${count(kept.sequence)}</span>${kept.cut ? ', without the end of its body' : ''}.
      ${kept.removed?.length ? html`Removed from it: <span class="mono">${visible(sentence(kept.removed))}</span>.` : nothing}</p>
    ${kept.error ? html`<p>${mark('bad', visible(kept.error))}</p>` : nothing}
  </section>`;
}
