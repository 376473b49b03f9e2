// A payload: pretty, or as it came.
import { css, guard, html, nothing } from './lit.js';
import { copyButton } from './parts.js';
import { bytes, count, marked, sentence } from './text.js';
import { Tree } from './tree.js';

const RAW = 16 << 10; // characters of a raw text that are shown at a time
const INDENTED = 24; // levels

/** BodyView is one payload on the page. */
export class BodyView {
  raw = false;
  #shown = RAW;
  #body;
  #spots;
  #label;
  /** @type {Tree | null} */ #tree = null;

  /** @param {any} body of the server's api @param {import('./tree.js').Spot[]} spots @param {string} label */
  constructor(body, spots, label) {
    this.#body = body;
    this.#label = label;
    this.#spots = spots.filter((spot) => spot.end > spot.start).sort((a, b) => a.start - b.start);
    if (body.kind === 'json' && body.text !== '') this.#tree = new Tree(body.text, this.#spots);
    this.raw = !this.#tree;
  }

  /** @param {import('./types.js').Page} page */
  render(page) {
    const { size, cut, masked, kind, text } = this.#body;
    return html`<div class="body">
      <div class="body-head">
        <h3>${this.#label}</h3><span class="dim num">${bytes(size)}${kind === 'binary' ? ', as hex' : ''}</span>
        ${cut ? html`<span class="tag warn">beginning only</span>` : nothing}
        ${masked?.length ? html`<span class="tag" title=${masked.join(', ')}>${count(masked.length)} masked</span>` : nothing}
        <span class="body-tools">
          ${this.#tree ? html`<span class="switch" role="group" aria-label="Form of the payload">
            <button type="button" aria-pressed=${!this.raw} @click=${() => this.show(page, false)}>Pretty</button>
            <button type="button" aria-pressed=${this.raw} @click=${() => this.show(page, true)}>Raw</button></span>` : nothing}
          ${text ? copyButton(page, text, this.#label) : nothing}
        </span>
      </div>
      ${text === '' ? html`<p class="dim">It is empty.</p>` : guard([this.raw, this.#shown, this.#tree?.version], () => (this.raw ? this.#renderRaw(page) : this.#renderTree(page)))}
      ${masked?.length ? html`<p class="dim body-masked">Masked: ${sentence(masked.slice(0, 8))}${masked.length > 8 ? html` and ${masked.length - 8} more` : nothing}</p>` : nothing}
    </div>`;
  }

  /** @param {import('./types.js').Page} page @param {boolean} raw */
  show(page, raw) {
    this.raw = raw || !this.#tree;
    page.update();
  }

  /** @param {import('./types.js').Page} page */
  #renderRaw(page) {
    const { text } = this.#body;
    const end = Math.min(text.length, Math.max(this.#shown, ...this.#spots.filter((spot) => spot.end < 4 * RAW).map((spot) => spot.end)));
    const edges = [...new Set([0, end, ...this.#spots.flatMap((spot) => [spot.start, spot.end])])].filter((edge) => edge <= end).sort((a, b) => a - b);
    const parts = edges.slice(1).map((to, n) => ({ from: edges[n], to, ids: this.#spots.filter((spot) => spot.start <= edges[n] && spot.end >= to).map((spot) => spot.id) }));
    return html`<pre class="code raw" tabindex="0" role="region" aria-label=${`${this.#label}, raw`}>${parts.map(({ from, to, ids }) => (ids.length > 0 ? html`<span class="spot" data-origin=${ids.join(' ')}>${marked(text.slice(from, to))}</span>` : marked(text.slice(from, to))))}</pre>
      ${end < text.length ? html`<button type="button" class="button small" @click=${() => { this.#shown = end + RAW; page.update(); }}>Show more: ${count(text.length - end)} characters are left</button>` : nothing}`;
  }

  /** @param {import('./types.js').Page} page */
  #renderTree(page) {
    const tree = /** @type {Tree} */ (this.#tree);
    const toggle = (/** @type {any} */ value) => { tree.toggle(value); page.update(); };
    const more = (/** @type {any} */ value) => { tree.more(value); page.update(); };
    return html`<div class="code tree" role="region" tabindex="0" aria-label=${`${this.#label}, pretty`}>${tree.lines.map((line) => renderLine(tree, line, toggle, more))}</div>`;
  }
}

/**
 * @param {Tree} tree @param {import('./tree.js').Line} line
 * @param {(value: any) => void} toggle @param {(value: any) => void} more
 */
function renderLine(tree, line, toggle, more) {
  const { text } = tree;
  const { value, kind, spots } = line;
  const depth = { '--depth': String(Math.min(line.depth, INDENTED)) };
  const [first, last] = text[value.start] === '{' ? ['{', '}'] : ['[', ']'];
  const key = kind !== 'end' && kind !== 'more' && value.keyEnd > value.keyStart ? html`<span class="key">${marked(text.slice(value.keyStart, Math.min(value.keyEnd, value.keyStart + 400)))}</span>: ` : nothing;
  const origin = spots.length > 0 ? spots.join(' ') : nothing;
  const twisty = (/** @type {boolean} */ open, /** @type {unknown} */ face) => html`<button type="button" class="twisty" aria-expanded=${open} @click=${() => toggle(value)}><span aria-hidden="true" class="arrow"></span>${key}${face}</button>`;
  switch (kind) {
    case 'open': return html`<div class="line" data-origin=${origin} ${css(depth)}>${twisty(true, first)}</div>`;
    case 'closed': return html`<div class="line" data-origin=${origin} ${css(depth)}>${twisty(false, html`${first}<span class="dim"> ${count(tree.count(value))} ${first === '{' ? 'members' : 'elements'} </span>${last}`)}</div>`;
    case 'end': return html`<div class="line" ${css(depth)}>${last}</div>`;
    case 'empty': return html`<div class="line" data-origin=${origin} ${css(depth)}>${key}${first}${last}</div>`;
    case 'more': return html`<div class="line" data-origin=${origin} ${css(depth)}><button type="button" class="button small" @click=${() => more(value)}>Show more: ${count(line.rest ?? 0)} are left</button></div>`;
    default: return html`<div class="line" data-origin=${origin} ${css(depth)}>${key}${scalar(tree, value, more)}</div>`;
  }
}

/** @param {Tree} tree @param {any} value @param {(value: any) => void} more */
function scalar(tree, value, more) {
  const shown = tree.shown(value);
  const text = tree.text.slice(value.start, value.start + shown);
  const left = value.end - value.start - shown;
  return html`<span class=${text[0] === '"' ? 'string' : 'literal'}>${marked(text)}</span>${left > 0 ? html` <button type="button" class="button small" @click=${() => more(value)}>${count(left)} more characters</button>` : nothing}`;
}
