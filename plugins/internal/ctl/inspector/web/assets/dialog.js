// The one modal dialog of the page.
import { html, nothing, ref } from './lit.js';

/**
 * @typedef {object} Content
 * @property {string} title
 * @property {() => unknown} render
 * @property {() => void} [onClose]
 * @property {boolean} [wide]
 */

/** Dialog shows one content at a time. */
export class Dialog {
  /** @type {Content | null} */ #content = null;
  /** @type {HTMLDialogElement | null} */ #element = null;
  #update;
  #keep = (/** @type {Element | undefined} */ element) => { this.#element = /** @type {HTMLDialogElement} */ (element ?? null); };

  /** @param {() => void} update */
  constructor(update) {
    this.#update = update;
  }

  get open() {
    return this.#content !== null;
  }

  /** @param {Content} content */
  show(content) {
    const before = this.#content;
    this.#content = content;
    if (before && before !== content) before.onClose?.();
    this.#update();
  }

  close() {
    if (this.#element?.open) this.#element.close(); // which calls closed, and gives the focus back
    else this.#closed();
  }

  #closed() {
    const content = this.#content;
    this.#content = null;
    content?.onClose?.();
    this.#update();
  }

  render() {
    const content = this.#content;
    return html`<dialog class="dialog ${content?.wide ? 'wide' : ''}" aria-labelledby="dialog-title" ${ref(this.#keep)}
      @close=${() => this.#closed()} @click=${(/** @type {MouseEvent} */ event) => { if (event.target === this.#element) this.close(); }}>
      ${content ? html`<div class="dialog-inside">
        <header class="dialog-head">
          <h2 id="dialog-title">${content.title}</h2>
          <button type="button" class="button quiet small" aria-label="Close" @click=${() => this.close()}>✕</button>
        </header>
        <div class="dialog-body">${content.render()}</div>
      </div>` : nothing}
    </dialog>`;
  }

  /** To be called after the page was rendered: only an element with content can be modal. */
  rendered() {
    if (this.#content && this.#element && !this.#element.open) this.#element.showModal();
  }
}
