// Who ended a session: user:organization/name, service:name, or nobody.
import { config } from './config.js';
import { el, fill, userText } from './dom.js';
import { strings } from './strings.js';

export function actorText(actor) {
  if (actor === null || actor === undefined) {
    return el('span', { class: 'quiet' }, strings.history.nobody);
  }
  const [kind, name] = split(actor, ':');
  if (kind === 'service') {
    return fill(strings.history.service, { name: userText(name) });
  }
  return userText(config.allOrganizations ? name : split(name, '/')[1]);
}

function split(text, separator) {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}
