// Session ids, with a button that copies them.
import { el, fillText, replace } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';
import { toast } from './toast.js';

const text = strings.ids;
const shortLength = 8;

/** The end of an id: ids begin with the time, so those of one minute begin alike. */
export function shortId(id) {
  return `…${id.slice(-shortLength)}`;
}

/** A session id in full. */
export function fullId(id) {
  const said = el('span', { class: 'copied', role: 'status' });
  return line(id, id, { class: 'button small', 'aria-label': text.copyLabel }, text.copy, (message) => replace(said, message), said);
}

/** The end of a session id; what is copied is the id in full. */
export function briefId(id) {
  const label = fillText(text.copyOneLabel, { id: shortId(id) });
  return line(id, shortId(id), { class: 'icon-button', 'aria-label': label, title: text.copyLabel }, null, toast, null);
}

function line(id, shown, attributes, label, say, more) {
  const code = el('code', { class: 'session-id', title: shown === id ? null : id }, shown);
  return el('span', { class: 'copy-line' }, code,
    el('button', { type: 'button', ...attributes, onclick: () => copy(id, code, say) }, icon('copy'), label), more);
}

/** Without a clipboard (plain HTTP) it selects the id, for the keyboard to copy. */
async function copy(id, code, say) {
  try {
    await navigator.clipboard.writeText(id);
    say(text.copied);
  } catch {
    replace(code, id);
    getSelection().selectAllChildren(code);
    say(text.select);
  }
}
