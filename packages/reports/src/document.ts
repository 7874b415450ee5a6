import { createHash } from 'node:crypto';
import { orderedText } from '@wardline/compliance';
import { formatMicros, type ReportBlock, type ReportDocument, type ReportExport } from '@wardline/model';
import { html, type Markup } from './markup.ts';
import { sheetOf } from './page.ts';

/** SHA-256 of what a reader sees, in hexadecimal digits: the same for the same document, whoever worked it out. */
export const digestOfDocument = (document: ReportDocument): string =>
  createHash('sha256').update(orderedText(document)).digest('hex');

/**
 * A report as one file that needs nothing else. `faults` is what does not come out as its proof says; null where it was not
 * checked by the key of the ledger.
 */
export function documentPage(
  { hospital, number, document, digest, ledger }: ReportExport,
  faults: readonly string[] | null,
): string {
  const { title, subject, at, sections } = document;
  const moment = formatMicros(at).slice(0, 16).replace('T', ' ');
  return sheetOf(
    { title, hospital, day: moment.slice(0, 10), head: `${hospital} · ${moment} UTC, report ${number}` },
    [
      html`<p class="soft">${subject}</p>`,
      ...sections.map(
        ({ title: heading, newPage, blocks }) =>
          html`<section class="${newPage ? 'new-page' : ''}"><h2>${heading}</h2>${blocks.map(block)}</section>`,
      ),
      html`<section><h2>Proof</h2><p>${verdict(faults)}</p>
<dl><dt>Report</dt><dd>${number}</dd><dt>SHA-256 of the report</dt><dd class="mono">${digest}</dd>
<dt>Act in the ledger</dt><dd>${ledger.sequence}</dd><dt>Signed head</dt><dd><pre class="mono">${ledger.checkpoint}</pre></dd></dl>
<p>Anybody can check it: <span class="mono">wardline report page REPORT.json --key KEY --out PAGE.html</span> makes this page again from the report’s file, and says whether the ledger holds that very report.</p></section>`,
    ],
  );
}

function verdict(faults: readonly string[] | null): string {
  if (faults === null)
    return 'This page was made without the key of the ledger: that the report is genuine was not checked.';
  if (faults.length === 0)
    return 'When this page was made, the ledger was found to hold this very report, by its key.';
  return `NOT VERIFIED: ${faults.join(' ')}`;
}

function block(of: ReportBlock): Markup {
  switch (of.kind) {
    case 'text':
      return html`<p class="${of.tone}">${of.text}</p>`;
    case 'list':
      return html`<ul>${of.items.map((item) => html`<li>${item}</li>`)}</ul>`;
    case 'pairs':
      return html`<dl>${of.rows.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
    case 'table':
      return table(of);
    default:
      return bars(of);
  }
}

/** A column of which every cell is as short as this is not broken within. */
const SHORT = 16;

function table({ columns, rows, more }: Extract<ReportBlock, { kind: 'table' }>): Markup {
  const isShort = columns.map(
    ({ label }, index) =>
      label.length <= SHORT && rows.every((cells) => (cells[index] ?? '').length <= SHORT),
  );
  const classOf = (index: number) => (columns[index]?.numeric ? 'n' : isShort[index] ? 's' : '');
  const least = columns.map((_, index) => leastWidth(rows.map((cells) => cells[index] ?? '')));
  return html`<table><thead><tr>${columns.map(({ label }, index) => html`<th scope="col" class="${classOf(index)}" style="min-width: ${least[index]}ch">${label}</th>`)}</tr></thead><tbody>
${rows.map((cells) => html`<tr>${cells.map((cell, index) => html`<td class="${classOf(index)}">${cell}</td>`)}</tr>`)}
</tbody></table>${more > 0 && html`<p class="soft">And ${more} more, which the console lists.</p>`}`;
}

/** In characters; a word that is longer, as a digest or an address, may be broken. */
const LONGEST_WORD = 16;

/** No word of a column is torn in two where the others can spare the room. */
function leastWidth(cells: readonly string[]): number {
  const words = cells.flatMap((cell) => cell.split(/[\s-]+/)).filter(({ length }) => length <= LONGEST_WORD);
  return words.reduce((longest, { length }) => Math.max(longest, length), 0) + CELL_SIDES;
}
/** What a cell's sides take, in characters. */
const CELL_SIDES = 2;

const [WIDTH, LABELS, STEP] = [720, 220, 22];

/** Bars of counts; black on white, so that any printer tells them. */
function bars({ label, rows }: Extract<ReportBlock, { kind: 'bars' }>): Markup {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const scale = (WIDTH - LABELS - 60) / most;
  return html`<svg viewBox="0 0 ${WIDTH} ${rows.length * STEP + 6}" role="img" aria-label="${label}: ${rows.map((row) => `${row.label} ${row.count}`).join(', ')}">
${rows.map(
  (row, index) =>
    html`<text x="${LABELS - 8}" y="${index * STEP + 16}" text-anchor="end" font-size="11">${row.label}</text><rect x="${LABELS}" y="${index * STEP + 4}" width="${(row.count * scale).toFixed(1)}" height="14" fill="#9fb4c7" stroke="#14181d" stroke-width="0.6"/><text x="${(LABELS + row.count * scale + 6).toFixed(1)}" y="${index * STEP + 16}" font-size="11">${row.count}</text>`,
)}
</svg>`;
}
