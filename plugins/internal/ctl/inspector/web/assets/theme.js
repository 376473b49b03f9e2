// The theme: as the system has it, light, or dark. The choice stays in this browser.

const KEY = 'webhook-inspector-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** The choices, in the order of the switch. */
export const THEMES = ['system', 'light', 'dark'];

/** Returns the choice. */
export function theme() {
  try {
    const kept = localStorage.getItem(KEY) ?? '';
    return THEMES.includes(kept) ? kept : 'system';
  } catch {
    return document.documentElement.dataset.choice ?? 'system'; // storage is switched off
  }
}

/** @param {string} choice */
export function setTheme(choice) {
  document.documentElement.dataset.choice = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // It holds until the page is left.
  }
  show();
}

/** Shows the choice, and follows the system from now on. */
export function followTheme() {
  show();
  dark.addEventListener('change', show);
}

function show() {
  const choice = theme();
  document.documentElement.dataset.theme = choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
}
