// The arithmetic of a list that is far taller than a browser lets an element be.

/** Browsers cap the height of an element: Firefox at 17.9 million px, Chromium at 33. */
export const TALLEST = 12_000_000;

/** Rows above and below those in sight that are in the DOM. */
const OVERSCAN = 8;

/**
 * Scroller says which rows are in sight, and where they stand in the element that is
 * scrolled. Where the rows are taller than the element may be, small steps move rows pixel
 * by pixel, a jump of the thumb goes to its share of all rows, and settle brings the two
 * together when the scrolling has ended.
 */
export class Scroller {
  rows = 0;
  rowHeight = 36;
  viewport = 600;
  position = 0; // of the upper edge, in px of all rows
  top = 0; // scrollTop of the element

  get height() {
    return this.rows * this.rowHeight;
  }

  /** Height of the element. */
  get shown() {
    return Math.min(this.height, TALLEST);
  }

  get #range() {
    return Math.max(0, this.height - this.viewport);
  }

  get #shownRange() {
    return Math.max(0, this.shown - this.viewport);
  }

  /** @param {number} rows @param {number} rowHeight @param {number} viewport */
  resize(rows, rowHeight, viewport) {
    Object.assign(this, { rows, rowHeight, viewport });
    this.#clamp();
  }

  /** Takes a scrollTop that the user made. @param {number} top */
  scrolled(top) {
    const step = top - this.top;
    this.top = top;
    if (this.height <= TALLEST) this.position = top;
    else if (Math.abs(step) < 2 * this.viewport) this.position += step;
    else this.position = (top / this.#shownRange) * this.#range;
    this.#clamp();
  }

  /** Brings a row into sight; settle then has the scrollTop. @param {number} index */
  reveal(index) {
    const upper = index * this.rowHeight;
    if (upper < this.position) this.position = upper;
    else if (upper + this.rowHeight > this.position + this.viewport) this.position = upper + this.rowHeight - this.viewport;
    this.#clamp();
  }

  /** Returns the scrollTop that the position has, and takes it as the element's. */
  settle() {
    this.top = this.height <= TALLEST ? this.position : Math.round((this.position / this.#range) * this.#shownRange);
    return this.top;
  }

  /** First row in the DOM, and the one after the last. */
  get window() {
    const first = Math.max(0, Math.floor(this.position / this.rowHeight) - OVERSCAN);
    const end = Math.min(this.rows, Math.ceil((this.position + this.viewport) / this.rowHeight) + OVERSCAN);
    return { first, end };
  }

  /** Where a row stands in the element, in px. @param {number} index */
  place(index) {
    return Math.round(index * this.rowHeight - this.position + this.top);
  }

  #clamp() {
    this.position = Math.min(Math.max(0, this.position), this.#range);
  }
}
