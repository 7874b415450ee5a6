import { encode } from 'uqr';
import { LABEL_ADDRESS_CHARS } from './limits.ts';
import { html, Markup } from './markup.ts';

/** What stands on a label: nothing that is secret, and nothing of a patient. */
export interface Label {
  /** The device's own page in the console. */
  address: string;
  name: string;
  /** What kind of device it is. */
  kind: string;
  /** The hospital's inventory number; empty where the register has none. */
  tag: string;
  serial: string;
}

/** Modules of white around a code (ISO/IEC 18004 §5.3.8). */
const QUIET = 4;
/** Scratches and cleaning agents take a quarter of a code away at the worst (level Q). */
const LEVEL = 'Q';

/** A QR code as one path of squares of one unit. @throws RangeError where the text is longer than any address of a device */
export function codeOf(text: string): { size: number; path: string } {
  if (text.length > LABEL_ADDRESS_CHARS)
    throw new RangeError(
      `an address of more than ${LABEL_ADDRESS_CHARS} characters makes no code that a label can hold`,
    );
  const { size, data } = encode(text, { ecc: LEVEL, border: 0 });
  const squares = data.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])),
  );
  return { size: size + 2 * QUIET, path: squares.join('') };
}

/** One label as a picture of 62 by 29 millimetres, the size of a common roll. */
export function labelSvg(label: Label): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${drawn(label).text}\n`;
}

function drawn({ address, name, kind, tag, serial }: Label): Markup {
  const { size, path } = codeOf(address);
  const lines = [
    { text: cut(name, 20), size: 3.6, weight: 700 },
    { text: cut(kind, 24), size: 2.9, weight: 400 },
    ...(tag === '' ? [] : [{ text: cut(`No. ${tag}`, 21), size: 3.4, weight: 700 }]),
    ...(serial === '' ? [] : [{ text: cut(`S/N ${serial}`, 25), size: 2.9, weight: 400 }]),
  ];
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 62 29" width="62mm" height="29mm" role="img" aria-label="${`Label of ${name}`}">
<rect width="62" height="29" fill="#fff"/>
<svg x="0.5" y="0.5" width="28" height="28" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path d="${path}" fill="#000"/></svg>
${lines.map(
  ({ text, size: height, weight }, index) =>
    html`<text x="29" y="${(6 + index * 5.6).toFixed(1)}" font-family="Liberation Sans, Arial, sans-serif" font-size="${height}" font-weight="${weight}" fill="#000">${text}</text>`,
)}
</svg>`;
}

/** A text that would run off the label loses its middle: the end of a name tells twins apart. */
function cut(text: string, most: number): string {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return [...characters.slice(0, most - 1 - end), '…', ...characters.slice(-end)].join('');
}

/** Labels as a page to print, three in a row on A4: one file that needs nothing else, no script, no request. */
export function labelSheet(hospital: string, labels: readonly Label[]): string {
  const style = new Markup(`@page { size: A4; margin: 10mm; }
body { margin: 0; background: #fff; } main { display: grid; grid-template-columns: repeat(3, 62mm); gap: 1mm; }
main > svg { display: block; break-inside: avoid; outline: 0.1mm dashed #999; }`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>Labels, ${hospital}</title>
<style>${style}</style>
</head>
<body><main>
${labels.map(drawn)}
</main></body>
</html>
`.text;
}
