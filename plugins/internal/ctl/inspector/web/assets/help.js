// The help dialog: every key, and the words that the page uses.
import { html } from './lit.js';

const KEYS = {
  Everywhere: [
    ['1 – 4', 'Deliveries, Routing, Health, Dead letters'],
    ['t', 'next theme'],
    ['?', 'this help'],
    ['Esc', 'close a dialog, go back'],
  ],
  'The list of deliveries': [
    ['j / k, ↓ / ↑', 'next, previous delivery'],
    ['Page ↓ / ↑', 'a screen down, up'],
    ['g / G, Home / End', 'newest, oldest delivery'],
    ['Enter', 'open'],
    ['/', 'search'],
    ['f', 'filters'],
    ['x', 'clear all filters'],
    ['p, Space', 'pause, go on'],
    ['c', 'send a sample'],
  ],
  'One delivery': [
    ['n / p, j / k', 'older, newer delivery'],
    ['r', 'body as it came, or pretty'],
    ['a', 'send it again'],
    ['Esc, u', 'back to the list'],
  ],
};

const WORDS = [
  ['delivery', 'one HTTP request of a provider'],
  ['event', 'what is made of a delivery and stored, as CloudEvents'],
  ['ack', 'who has the event safely: the broker (NATS), or the journal on the disk of the gateway (spool)'],
  ['held', 'stored in the quarantine instead of being published, by a policy or a schema'],
  ['refused', 'answered with 4xx or 5xx; nothing was published'],
  ['duplicate', 'a delivery whose event was stored already'],
  ['dead letter', 'an event that a consumer gave up on'],
  ['candidate', 'a policy that is tried beside the live one and decides nothing'],
];

/** @returns {import('./dialog.js').Content} */
export const help = () => ({
  title: 'Keys and words',
  wide: true,
  render: () => html`<div class="help">
    ${Object.entries(KEYS).map(([place, keys]) => html`<section><h3>${place}</h3><dl class="help-keys">${keys.map(([key, text]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${text}</dd></div>`)}</dl></section>`)}
    <section><h3>Words</h3><dl class="help-words">${WORDS.map(([word, text]) => html`<div><dt>${word}</dt><dd>${text}</dd></div>`)}</dl></section>
  </div>`,
});
