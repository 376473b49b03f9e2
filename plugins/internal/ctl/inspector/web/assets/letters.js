import { html } from './lit.js';

/** @type {import('./types.js').View} */
export const letters = {
  title: 'Dead letters',
  enter() {},
  render: () => html`<div class="page"><div class="head"><h1>Dead letters</h1></div></div>`,
};
