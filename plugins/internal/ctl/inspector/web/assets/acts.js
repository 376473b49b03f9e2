/**
 * Opens the dialog of an act.
 * @param {import('./types.js').Page} page
 * @param {any} order of the server's api
 */
export function openAct(page, order) {
  page.say(`There is no dialog for ${order.act} yet.`);
}
