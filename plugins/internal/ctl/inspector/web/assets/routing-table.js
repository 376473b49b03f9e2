// The routing without its picture: tables, and cards where the page is narrow.
import { html, nothing } from './lit.js';
import { listHash } from './parts.js';
import { rate } from './routing-text.js';
import { bytes, count, sentence, visible } from './text.js';

/** @typedef {import('./types-state.js').Routing} Routing */
/** @typedef {Routing['routes'][number]} Route */
/** @typedef {Routing['streams'][number]} Stream */

/** @param {Route} r */
const stages = (r) => html`<ol class="routing-list">${r.stages.map((s) => html`<li>${s.name}${s.mode ? html` <span class="tag">${s.mode}</span>` : nothing}
  ${s.refused > 0 ? html` <a class="routing-refuses" href=${listHash({ route: [r.name], state: ['refused'] })}>refuses ${rate(s.refused)}</a>` : nothing}</li>`)}</ol>`;

/** @param {Route} r */
const targets = (r) => html`<ul class="routing-list">${(r.targets ?? []).map((t) => html`<li><span class="mono">${visible(t.subject)}</span>
  <span class="dim">${t.stream ? html`in ${visible(t.stream)}` : 'no stream takes it'}${t.by_policy ? ', by policy' : ''}, ${rate(t.rate)}</span></li>`)}</ul>`;

/** @param {Route} r */
const name = (r) => html`<a href=${listHash({ route: [r.name] })}>${visible(r.name)}</a>`;

/** @param {Stream} s */
const kind = (s) => ({ events: 'events', kept: 'quarantine', dead: 'dead letters' })[s.kind] ?? 'other';

/** @param {Stream} s */
const consumers = (s) => (s.consumers?.length
  ? html`<ul class="routing-list">${s.consumers.map((c) => html`<li>${visible(c.name)}
      <span class=${c.pending > 0 ? 'routing-lag' : 'dim'}>${c.pending > 0 ? `${count(c.pending)} behind` : 'up to date'}${c.waiting ? `, ${count(c.waiting)} not acknowledged` : ''}${c.redelivered ? `, ${count(c.redelivered)} delivered again` : ''}</span></li>`)}</ul>`
  : html`<span class="dim">none</span>`);

/** @param {Routing} routing */
export const tables = (routing) => html`
  <section class="panel"><h2>Routes</h2><div class="scroll" tabindex="0" role="group" aria-label="Routes"><table class="table">
    <thead><tr><th scope="col">Route</th><th scope="col">Provider</th><th scope="col">Calls</th><th scope="col">Stages</th><th scope="col">Subjects</th><th scope="col" class="num">Rate</th></tr></thead>
    <tbody>${routing.routes.map((r) => html`<tr><th scope="row">${name(r)}</th><td><a href=${listHash({ provider: [r.provider] })}>${visible(r.provider)}</a></td>
      <td><span class="mono">${r.method} ${visible(sentence(r.calls))}</span></td><td>${stages(r)}</td><td>${targets(r)}</td><td class="num">${rate(r.rate)}</td></tr>`)}</tbody></table></div></section>
  <section class="panel"><h2>Streams</h2><div class="scroll" tabindex="0" role="group" aria-label="Streams"><table class="table">
    <thead><tr><th scope="col">Stream</th><th scope="col">Holds</th><th scope="col">Subjects</th><th scope="col" class="num">Messages</th><th scope="col" class="num">Bytes</th><th scope="col" class="num">Rate</th><th scope="col">Consumers</th></tr></thead>
    <tbody>${routing.streams.map((s) => html`<tr><th scope="row">${visible(s.name)}</th><td>${kind(s)}</td><td class="mono">${visible(s.subjects.join(', '))}</td>
      <td class="num">${count(s.messages)}</td><td class="num">${bytes(s.bytes)}</td><td class="num">${rate(s.rate)}</td><td>${consumers(s)}</td></tr>`)}</tbody></table></div></section>`;

/** @param {Routing} routing */
export const cards = (routing) => html`
  ${routing.routes.map((r) => html`<section class="panel routing-card"><h2>${name(r)}</h2><dl>
    <dt>Provider</dt><dd><a href=${listHash({ provider: [r.provider] })}>${visible(r.provider)}</a></dd>
    <dt>Calls</dt><dd class="mono">${r.method} ${visible(sentence(r.calls))}</dd>
    <dt>Stages</dt><dd>${stages(r)}</dd>
    <dt>Subjects</dt><dd>${targets(r)}</dd>
    <dt>Rate</dt><dd>${rate(r.rate)}</dd></dl>${r.notes?.length ? html`<p class="dim">${r.notes.join(' ')}</p>` : nothing}</section>`)}
  ${routing.streams.map((s) => html`<section class="panel routing-card"><h2>Stream ${visible(s.name)}</h2><dl>
    <dt>Holds</dt><dd>${kind(s)}: ${count(s.messages)} messages, ${bytes(s.bytes)}, ${rate(s.rate)}</dd>
    <dt>Subjects</dt><dd class="mono">${visible(s.subjects.join(', '))}</dd>
    <dt>Consumers</dt><dd>${consumers(s)}</dd></dl></section>`)}`;
