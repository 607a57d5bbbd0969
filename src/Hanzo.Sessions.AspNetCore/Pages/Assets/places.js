// Where a session is used: the address of its sign-in, and where it was used last if that is somewhere else.
import { el, fill, userText } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';
import { time } from './time.js';

const text = strings.places;

/** The address of the sign-in, with its place where that is known. */
export function signInAddress({ ipAddress, place }) {
  return addressIn(ipAddress, place);
}

/** The address that was used last, if it is another one than that of the sign-in. */
export function lastAddress({ lastIpAddress, lastPlace }) {
  return lastIpAddress ? addressIn(lastIpAddress, lastPlace) : null;
}

function addressIn(address, place) {
  return [
    address === null ? strings.common.unknown : userText(address),
    place ? [' ', el('span', { class: 'place' }, '(', userText(place), ')')] : null,
  ];
}

/** The place of the last use, as text; null where that is not known. */
export function lastPlaceOf({ lastIpAddress, lastPlace, place }) {
  return (lastIpAddress ? lastPlace : place) ?? null;
}

/** Whether the last use was on another device than the sign-in: a newer version of the browser has the same label. */
function isOnAnother({ device, lastDevice }) {
  return Boolean(lastDevice) && lastDevice !== device;
}

/** Whether the session was last used from another address or device than it was signed in. */
export function isElsewhere(session) {
  return Boolean(session.lastIpAddress) || isOnAnother(session);
}

/** Whether two answers about a session name the same places. */
export function isSamePlace(one, other) {
  return ['lastIpAddress', 'lastPlace', 'lastDevice', 'place'].every((name) => one[name] === other[name]);
}

/** Says where the session was used last; null if that is where it was signed in. Another device stands out: no browser turns into one. */
export function lastUse(session) {
  if (!isElsewhere(session)) {
    return null;
  }
  const { lastIpAddress, lastDevice: device, movedAt } = session;
  const sentence = !lastIpAddress ? text.on : isOnAnother(session) ? text.fromOn : text.from;
  return el('p', { class: placeClass('last-use', session) }, icon('place'), el('span', {},
    fill(sentence, { address: lastAddress(session), device }),
    movedAt ? [' ', fill(lastIpAddress ? text.movedThere : text.changed, { when: time(movedAt) })] : null));
}

/** Puts a note of `lastUse` in the place of one that names the same places: the session may have moved there again. */
export function renewed(note, session) {
  const news = lastUse(session);
  note?.replaceWith(news);
  return news;
}

/** A class for what says that a session was last used elsewhere. */
export function placeClass(name, session) {
  return isOnAnother(session) ? `${name} other-device` : name;
}
