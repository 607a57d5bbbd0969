// Who ended a session: user:organization/name, service:name, or null for a timeout.
import { config } from './config.js';
import { el, fill, userText } from './dom.js';
import { strings } from './strings.js';

/** Omits the organization of a user if it is that of the session. */
export function actorText({ endedBy, organization }) {
  if (endedBy === null || endedBy === undefined) {
    return el('span', { class: 'quiet' }, strings.common.nobody);
  }
  const [kind, name] = split(endedBy, ':');
  if (kind === 'service') {
    return fill(strings.common.service, { name: userText(name) });
  }
  const [home, user] = split(name, '/');
  return userText(home === organization && !config.allOrganizations ? user : name);
}

function split(text, separator) {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}
