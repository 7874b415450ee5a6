import { formatMicros } from '@wardline/model';
import { html, type Markup } from './markup.ts';
import { type Counts, type Subject, statusWords } from './subject.ts';

/** For paper first: black on white, tables whose heads come again on each page, nothing torn apart; on screen a page of that width. */
const sheet = `
@page { size: A4; margin: 18mm 16mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #444; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 178mm; padding: 1rem; background: #fff; color: #14181d; font: 10pt/1.45 "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums; }
h1 { font-size: 20pt; line-height: 1.15; margin: 0 0 .3rem; } h2 { font-size: 13pt; margin: 1.6rem 0 .5rem; border-bottom: 1px solid #999; padding-bottom: .15rem; break-after: avoid; }
h3 { font-size: 10.5pt; margin: .9rem 0 .2rem; break-after: avoid; } p { margin: .3rem 0; } .soft { color: #444; } .warning { border: 2px solid #000; padding: .3rem .6rem; font-weight: 700; } .lead { font-size: 12pt; }
table { border-collapse: collapse; width: 100%; font-size: 9pt; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: .22rem .45rem; border-bottom: 1px solid #c4c9cf; overflow-wrap: anywhere; } th { background: #eef0f3; overflow-wrap: normal; } table + table { margin-top: .6rem; }
td.n, th.n { text-align: right; white-space: nowrap; } td.s { white-space: nowrap; } tr.standard td { font-weight: 700; background: #f6f7f9; }
.mark { display: inline-block; border: 1px solid #555; border-radius: 2pt; padding: 0 .3rem; font-size: 8.5pt; }
.not-met { border: 2px solid #000; font-weight: 700; } .unknown { border-style: dashed; background: repeating-linear-gradient(45deg, #fff 0 3px, #e3e6ea 3px 6px); }
.gap { break-inside: avoid; border-left: 3px solid #14181d; padding-left: .6rem; margin: .6rem 0; } ul { margin: .2rem 0 .2rem 1.1rem; padding: 0; }
.mono { font-family: "Liberation Mono", monospace; font-size: 8pt; overflow-wrap: anywhere; } pre { white-space: pre-wrap; margin: 0; } svg { display: block; width: 100%; height: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; } dt { color: #444; } dd { margin: 0; overflow-wrap: anywhere; }
.new-page { break-before: page; }
@media print { body { max-width: none; padding: 0; -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
`;

/** The sheet of every report: one file that needs nothing else, no script, no request. Every text is escaped. */
export function sheetOf(
  { title, hospital, day, head }: { title: string; hospital: string; day: string; head: string },
  parts: readonly Markup[],
): string {
  const style = html([sheet] as unknown as TemplateStringsArray);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>${title}, ${hospital}, ${day}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="soft">${head}</p>
<h1>${title}</h1>
</header>
<main>
${[...parts]}
</main>
</body>
</html>
`.text;
}

/** A report of a record. */
export function pageOf(title: string, { recorded }: Subject, parts: readonly Markup[]): string {
  const { hospital, run, state } = recorded;
  const at = formatMicros(state.at).slice(0, 16).replace('T', ' ');
  const head = `${hospital} · as recorded ${at} UTC, record ${run}`;
  return sheetOf({ title, hospital, day: at.slice(0, 10), head }, parts);
}

const fills: Readonly<Record<keyof Counts, string>> = {
  'not-met': '#14181d',
  unknown: 'url(#hatch)',
  met: '#9fb4c7',
  'not-applicable': '#ffffff',
};
const order = ['not-met', 'unknown', 'met', 'not-applicable'] as const;

/** How controls stand, as bars of parts; the same numbers stand in the table beside it. */
export function bars(rows: readonly { label: string; counts: Counts }[]): Markup {
  const [width, labelWidth, step] = [720, 300, 24];
  const scale = width - labelWidth;
  return html`<svg viewBox="0 0 ${width} ${rows.length * step + 30}" role="img" aria-label="How controls stand, by catalogue; the table says the same">
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><rect width="2.2" height="6" fill="#8b949e"/></pattern></defs>
${rows.map((row, index) => bar(row, index * step, { labelWidth, scale }))}
${legend(rows.length * step + 8, labelWidth)}
</svg>`;
}

function bar(
  { label, counts }: { label: string; counts: Counts },
  y: number,
  { labelWidth, scale }: { labelWidth: number; scale: number },
): Markup {
  const total = order.reduce((sum, status) => sum + counts[status], 0);
  let x = labelWidth;
  const parts = order.map((status) => {
    const width = total === 0 ? 0 : (counts[status] / total) * scale;
    const part = html`<rect x="${x.toFixed(1)}" y="${y + 4}" width="${width.toFixed(1)}" height="15" fill="${fills[status]}" stroke="#14181d" stroke-width="0.6"/>`;
    x += width;
    return part;
  });
  return html`<text x="${labelWidth - 8}" y="${y + 16}" text-anchor="end" font-size="11">${label}</text>${parts}`;
}

function legend(y: number, x: number): Markup {
  return html`${order.map(
    (status, index) =>
      html`<rect x="${x + index * 103}" y="${y + 4}" width="11" height="11" fill="${fills[status]}" stroke="#14181d" stroke-width="0.6"/><text x="${x + index * 103 + 16}" y="${y + 14}" font-size="11">${statusWords[status]}</text>`,
  )}`;
}

/** Where the ledger holds what the report rests on, and whether that was checked here. */
export function proof({ recorded, faults }: Subject): Markup {
  const { ledger, digest, run } = recorded;
  return html`<section><h2>Proof</h2>
<p>${verdict(faults)}</p>
<dl><dt>Record</dt><dd>${run}</dd><dt>SHA-256 of the evidence</dt><dd class="mono">${digest}</dd>
<dt>Act in the ledger</dt><dd>${ledger.sequence}</dd><dt>Signed head</dt><dd><pre class="mono">${ledger.checkpoint}</pre></dd></dl>
<p>Anybody can work every status of this report out again: <span class="mono">wardline compliance verify RECORD.json --key KEY</span>, with the record’s file and the public key of the hospital’s ledger.</p></section>`;
}

function verdict(faults: Subject['faults']): string {
  if (faults === null)
    return 'This report was made without the key of the ledger: that the record is genuine was not checked.';
  if (faults.length === 0)
    return 'When this report was made, every status was worked out again from the evidence, and the ledger was found to hold that very evidence, by its key.';
  return `NOT VERIFIED: ${faults.join(' ')}`;
}
