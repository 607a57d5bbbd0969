// Short messages about what was done. Screen readers announce them.
import { el, replace } from './dom.js';
import { icon } from './icons.js';

const shownFor = 8_000;
const region = el('div', { class: 'toasts', role: 'status' });
let timer = 0;

document.body.append(region);

export function toast(...message) {
  clearTimeout(timer);
  replace(region, el('p', { class: 'toast' }, icon('check'), el('span', {}, message)));
  timer = setTimeout(() => replace(region), shownFor);
}
