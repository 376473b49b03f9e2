// The keys of the list.
import { openAct } from './acts.js';
import { moveTo, place, togglePause } from './list.js';

/**
 * @param {import('./types.js').Page} page @param {KeyboardEvent} event
 * @returns {boolean} whether it was one of them
 */
export function listKey(page, event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const { filters } = place();
  if (event.key === 'Escape') return escape(page, target);
  const control = target.closest('button, a, input, select, label');
  if (control && (event.key === 'Enter' || event.key === ' ')) return false; // it is the control's
  if (filters.open && event.key.startsWith('Arrow')) return false;
  return move(page, event.key) || act(page, event.key);
}

/** @param {import('./types.js').Page} page @param {HTMLElement} target */
function escape(page, target) {
  const { filters, cursor } = place();
  if (target.id === 'search') target.blur(); // the next key is not its own, even before the list has the focus
  if (filters.open) filters.close(page);
  else if (target.id === 'search' || cursor > 0) moveTo(page, target.id === 'search' ? cursor : 0);
  else return false;
  return true;
}

/** @param {import('./types.js').Page} page @param {string} key */
function move(page, key) {
  const { cursor, rows, screen, focusing } = place();
  const inside = focusing || document.activeElement?.classList.contains('entry');
  const step = inside ? 1 : 0; // the first key only brings the focus into the list
  const to = { j: cursor + step, ArrowDown: cursor + step, k: cursor - 1, ArrowUp: cursor - 1, PageDown: cursor + screen, PageUp: cursor - screen, g: 0, Home: 0, G: rows.matched - 1, End: rows.matched - 1 }[key];
  if (to === undefined || rows.matched === 0) return false;
  moveTo(page, to);
  return true;
}

/** @param {import('./types.js').Page} page @param {string} key */
function act(page, key) {
  const { cursor, rows, filters } = place();
  switch (key) {
    case 'Enter': {
      const row = rows.at(cursor);
      if (!row) return false;
      page.go(`#/d/${row.n}`);
      return true;
    }
    case '/':
      document.getElementById('search')?.focus();
      return true;
    case 'f':
      filters.wide = true;
      page.update();
      requestAnimationFrame(() => document.getElementById('filter-provider')?.focus());
      return true;
    case 'x':
      if (filters.active) filters.clear();
      return true;
    case 'p':
    case ' ':
      togglePause(page);
      return true;
    case 'c':
      openAct(page, { act: 'send' });
      return true;
    default:
      return false;
  }
}
