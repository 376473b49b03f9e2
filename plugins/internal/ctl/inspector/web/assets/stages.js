// The stages that a delivery went through, with the time of each.
import { css, html, nothing } from './lit.js';
import { mark } from './parts.js';
import { micros, visible } from './text.js';

/** @param {any} detail */
export function stages(detail) {
  const record = detail.record;
  if (!record?.steps?.length) return html`<section class="panel stages"><h2>Stages</h2><p class="dim">${record ? 'The record names no stage.' : 'No record of this delivery is known, so its stages are not.'}</p></section>`;
  const sum = record.steps.reduce((/** @type {number} */ all, /** @type {any} */ step) => all + step.us, 0);
  const rest = Math.max(0, record.took_us - sum);
  return html`<section class="panel stages" aria-labelledby="stages-title">
    <header><h2 id="stages-title">Stages</h2><span class="dim num">${micros(record.took_us)} in all${rest > 0 ? html`, ${micros(rest)} outside of the stages` : nothing}</span></header>
    <div class="stages-bar" aria-hidden="true">${record.steps.map((/** @type {any} */ step) => html`<span class="stages-part ${verdict(record, detail, step).kind}" ${css({ '--grow': String(Math.max(step.us, sum / 150)) })}></span>`)}</div>
    <ol class="stages-list">${record.steps.map((/** @type {any} */ step) => {
      const { kind, word } = verdict(record, detail, step);
      return html`<li><span class="stages-name">${visible(step.stage)}</span><span class="num stages-time">${micros(step.us)}</span>${mark(kind, word)}</li>`;
    })}</ol>
  </section>`;
}

/** @param {any} record @param {any} detail @param {any} step @returns {{ kind: any, word: string }} */
function verdict(record, detail, step) {
  if (step.stage === record.stage) return detail.state === 'stored' ? { kind: 'note', word: record.code } : detail.state === 'held' ? { kind: 'warn', word: 'held' } : { kind: 'bad', word: 'refused' };
  return { kind: 'good', word: 'passed' };
}
