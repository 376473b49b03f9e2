import { html } from './lit.js';

/** @type {import('./types.js').View} */
export const health = {
  title: 'Health',
  enter() {},
  render: () => html`<div class="page"><div class="head"><h1>Health</h1></div></div>`,
};
