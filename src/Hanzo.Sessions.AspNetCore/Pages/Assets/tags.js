// A session as a tag that names its device and opens its details.
import { showDetails } from './details.js';
import { el, fillText, replace, setAttribute } from './dom.js';
import { deviceIcon, icon } from './icons.js';
import { isElsewhere, placeClass } from './places.js';
import { strings } from './strings.js';

const text = strings.tags;

/**
 * A tag `asItem` is all that a list shows of a session: it says whether that is the current one, was last used elsewhere
 * or has ended, and has a cross to end it. `onEnd` is for the cross and for the button in the details.
 */
export function createTag(session, { asItem = false, label = text.open, onEnd = null } = {}) {
  const name = el('span');
  const open = el('button', { type: 'button', class: 'tag-open', onclick: () => showDetails(session, onEnd) });
  const cross = asItem && !session.isCurrent ? el('button', { type: 'button', class: 'tag-end', onclick: onEnd }, icon('close')) : null;
  const element = el(asItem ? 'li' : 'span', { class: session.isCurrent ? 'tag current' : 'tag' },
    open, asItem && session.isCurrent ? currentNote() : cross);
  const created = {
    element,
    isEnded: false,

    /** Shows the session as it is now, with what tells it from others that have the same device. */
    paint(apart = null) {
      const names = { user: session.user, application: session.application, device: name };
      replace(name, session.device, apart ? el('span', { class: 'apart' }, ' · ', apart) : null);
      replace(open, deviceIcon(session.device), name, asItem ? elsewhere(session) : null);
      setAttribute(open, 'aria-label', fillText(label, { ...names, device: asItem && isElsewhere(session) ? fillText(text.elsewhere, names) : name }));
      if (cross) {
        setAttribute(cross, 'aria-label', fillText(text.end, names));
      }
    },
    end() {
      created.isEnded = true;
      element.className = 'tag ended';
      replace(element, el('span', { class: 'tag-open' }, deviceIcon(session.device), el('s', {}, [...name.childNodes]), asItem ? endedNote() : null));
    },
  };
  created.paint();
  return created;
}

/** Marks a session that was last used elsewhere. */
function elsewhere(session) {
  return isElsewhere(session)
    ? el('span', { class: placeClass('elsewhere', session), title: text.elsewhereTitle }, icon('place'))
    : null;
}

/** Marks the session of the page itself. */
export function currentNote() {
  return el('span', { class: 'tag-note' }, text.current);
}

/** Marks a session that was ended on the page. */
export function endedNote() {
  return el('span', { class: 'tag-note' }, text.ended);
}
