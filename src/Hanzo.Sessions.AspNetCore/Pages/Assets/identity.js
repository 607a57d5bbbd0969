// Whom the page was loaded for. The server does nothing for another session: the page is then loaded again, and says why.
import { config } from './config.js';
import { el, fill, userText } from './dom.js';
import { strings } from './strings.js';

const key = 'hanzo-sessions-loaded-for';
const recent = 60_000;
const text = strings.identity;

/** Keeps whom this page is for, until it is loaded again. */
export function rememberIdentity(triedToEnd) {
  const { session, user, organization } = config;
  sessionStorage.setItem(key, JSON.stringify({ session, user, organization, triedToEnd, at: Date.now() }));
}

/** Says that this page was loaded again because another session, perhaps of another user, is in use now; null if it was not. */
export function identityNotice() {
  const before = JSON.parse(sessionStorage.getItem(key));
  sessionStorage.removeItem(key);
  if (before === null || before.session === config.session || Date.now() - before.at > recent) {
    return null;
  }
  const isSame = before.user === config.user && before.organization === config.organization;
  const inFull = before.organization !== config.organization;
  return el('p', { class: 'other-identity', role: 'alert' },
    fill(isSame ? text.again : text.other, { user: nameOf(config, inFull), before: nameOf(before, inFull) }),
    before.triedToEnd ? ` ${text.nothingEnded}` : null);
}

/** The signed-in user, for the head of the page. */
export function signedInAs() {
  return el('span', { class: 'signed-in-as' }, fill(text.signedInAs, { user: nameOf(config, config.allOrganizations) }));
}

function nameOf({ user, organization }, inFull) {
  return userText(inFull ? `${organization}/${user}` : user);
}
