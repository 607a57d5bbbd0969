// Icons, drawn in the color of the text. They only decorate: the words stand next to them.
// The server writes kinds.js from the tables of its device labels.
import { kinds } from './kinds.js';

const namespace = 'http://www.w3.org/2000/svg';

const shapes = {
  desktop: ['M4 5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z', 'M9 20h6', 'M12 16v4'],
  phone: ['M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z', 'M11 18h2'],
  tablet: ['M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z', 'M10.5 18h3'],
  tv: ['M4 6h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1z', 'M8 21h8', 'M9 3l3 3 3-3'],
  tool: ['M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z', 'M7 10l3 2.5L7 15', 'M12.5 15H16'],
  bot: ['M6 9h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1z', 'M12 9V5', 'M9.5 13.5v1', 'M14.5 13.5v1', 'M2.5 13v2', 'M21.5 13v2'],
  unknown: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M9.7 9.5a2.4 2.4 0 1 1 3.4 2.3c-.7.3-1.1.9-1.1 1.7', 'M12 16.6v.1'],
  close: ['M7 7l10 10', 'M17 7L7 17'],
  search: ['M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z', 'M20 20l-4-4'],
  trash: ['M5 7h14', 'M10 7V4.5h4V7', 'M7 7l.8 12.5h8.4L17 7', 'M10.3 11v5', 'M13.7 11v5'],
  power: ['M12 4v8', 'M7.4 7a7 7 0 1 0 9.2 0'],
  refresh: ['M20 11a8 8 0 1 0-1.5 5.5', 'M20 5v6h-6'],
  alarm: ['M12 4L2.8 20h18.4L12 4z', 'M12 10v4.5', 'M12 17.2v.1'],
  previous: ['M14.5 6l-6 6 6 6'],
  next: ['M9.5 6l6 6-6 6'],
  up: ['M7 14l5-5 5 5'],
  down: ['M7 10l5 5 5-5'],
  upDown: ['M8 10l4-4 4 4', 'M8 14l4 4 4-4'],
  back: ['M19 12H5', 'M11 6l-6 6 6 6'],
  copy: ['M9 9h10v11H9z', 'M5 15V4h10'],
  place: ['M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11z', 'M12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  cloud: ['M7 18a4.5 4.5 0 0 1-.4-9A6 6 0 0 1 18 10.6 3.8 3.8 0 0 1 17.5 18H7z', 'M12 11v3', 'M12 15.9v.1'],
  brand: ['M4 4h9a2 2 0 0 1 2 2v1', 'M2 6a2 2 0 0 1 2-2', 'M2 6v6a2 2 0 0 0 2 2h8', 'M5 18h7', 'M17 9h3a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-3a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z'],
};

export function icon(name) {
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  for (const shape of shapes[name]) {
    const path = document.createElementNS(namespace, 'path');
    path.setAttribute('d', shape);
    svg.append(path);
  }
  return svg;
}

/** The icon of a device label, such as 'Firefox on Windows': a program that tells the kind of device counts before the platform. */
export function deviceIcon(label) {
  const [program, platform] = label.split(' on ');
  return icon(kinds[program] ?? kinds[platform] ?? 'unknown');
}
