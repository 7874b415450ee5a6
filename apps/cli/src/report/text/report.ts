import type { Knowledge } from '@wardline/knowledge';
import type { Assessment, Severity } from '@wardline/model';
import { indented, printable } from '../../terminal/printable.ts';
import type { Style } from '../../terminal/style.ts';
import { tableLines } from '../../terminal/table.ts';
import { byteSize, counted, integer, minute } from '../../terminal/units.ts';
import { type AssessedAsset, type Digest, digest, type UrgentLine } from '../digest.ts';

export interface Page {
  width: number;
  style: Style;
}

/** Lists longer than this are cut in the text; the files of --out hold them whole. */
const ASSETS_SHOWN = 60;
const LINES_SHOWN = 12;

/** The report for a terminal, as one text. */
export function textReport(assessment: Assessment, knowledge: Knowledge, page: Page): string {
  const content = digest(assessment, knowledge);
  const sections = [
    headSection(assessment, content, page),
    groupSection(content, page),
    urgentSection(content, page),
    registerSection(content, page),
    assetSection(content, page),
    lossSection(assessment, content, page),
    nextSection(content, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function title(text: string, page: Page): string {
  return page.style.bold(text);
}

function headSection(assessment: Assessment, content: Digest, page: Page): string[] {
  const { statistics } = assessment;
  const firsts = assessment.captures.flatMap((capture) => capture.firstSeen ?? []).toSorted();
  const lasts = assessment.captures.flatMap((capture) => capture.lastSeen ?? []).toSorted();
  const span =
    firsts[0] && lasts.at(-1) ? `, recorded ${minute(firsts[0])} to ${minute(lasts.at(-1) ?? '')} UTC` : '';
  const basis = `Based on ${counted(statistics.packets, 'packet')} (${byteSize(statistics.bytes)}) in ${counted(assessment.captures.length, 'capture')}${span}. Nothing was sent to any device.`;
  return [
    ...indented(content.headline, page.width, '').map((line) => page.style.bold(line)),
    ...indented(basis, page.width, '').map((line) => page.style.dim(line)),
  ];
}

function groupSection(content: Digest, page: Page): string[] {
  if (content.groups.length === 0) return [];
  const lines = content.groups.flatMap((group) => {
    const life = group.lifeCritical > 0 ? ` (${integer(group.lifeCritical)} life-critical)` : '';
    return indented(
      `${group.label}${life}: ${group.kinds}`,
      page.width,
      `  ${integer(group.count).padStart(5)}  `,
    );
  });
  return [title('What was found', page), ...lines];
}

const severityWords: Record<Severity, string> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  info: 'INFO',
};

function painted(severity: Severity, page: Page): string {
  const word = severityWords[severity].padEnd(8);
  if (severity === 'critical') return page.style.red(page.style.bold(word));
  return severity === 'high' ? page.style.yellow(word) : word;
}

function urgentSection(content: Digest, page: Page): string[] {
  if (content.urgent.length === 0) return [title('Findings', page), '  None in what was recorded.'];
  const total = Object.values(content.severities).reduce((sum, count) => sum + count, 0);
  const heading = `Most urgent, of ${counted(total, 'finding')}`;
  return [
    title(heading, page),
    ...content.urgent.flatMap((line, index) => urgentLines(line, index + 1, page)),
  ];
}

function urgentLines(line: UrgentLine, number: number, page: Page): string[] {
  const { finding, also } = line;
  const pad = ' '.repeat(14);
  const [first = '', ...rest] = indented(`${finding.title}. ${printable(finding.summary)}`, page.width, pad);
  const more = also.length > 0 ? indented(`The same on ${alsoWords(also)}.`, page.width, pad) : [];
  const proof = finding.evidence[0];
  const harms = finding.harms.length > 0 ? `Touches ${finding.harms.join(', ')}. ` : '';
  const evidence = proof ? `Evidence: ${printable(proof.capture)}, packet ${integer(proof.packet)}.` : '';
  return [
    `${String(number).padStart(3)}. ${painted(finding.severity, page)} ${first.slice(pad.length)}`,
    ...rest,
    ...more,
    ...indented(`→ ${finding.remedy}`, page.width, pad, `${pad}  `),
    ...indented(`${harms}${evidence}`, page.width, pad).map((text) => page.style.dim(text)),
  ];
}

function alsoWords(names: readonly string[]): string {
  const shown = names.slice(0, 4).map(printable);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${integer(more)} more` : shown.join(', ');
}

function registerSection(content: Digest, page: Page): string[] {
  const { register } = content;
  if (!register) return [];
  const summary = `${counted(register.matched, 'device')} as registered, ${integer(register.conflicting.length)} with differences, ${integer(register.shadow.length)} in no register, ${integer(register.missing.length)} registered and not seen.`;
  const lines = [title('Against the register', page), ...indented(summary, page.width, '  ')];
  const list = (heading: string, items: readonly { reason: string; label: string }[]) => {
    if (items.length === 0) return;
    lines.push(`  ${heading}`);
    for (const item of items.slice(0, LINES_SHOWN))
      lines.push(...indented(printable(`${item.label}: ${item.reason}`), page.width, '    · ', '      '));
    if (items.length > LINES_SHOWN) lines.push(`    and ${integer(items.length - LINES_SHOWN)} more`);
  };
  const shown =
    (label: (line: { asset: string | null; tag: string | null }) => string) =>
    (line: { asset: string | null; tag: string | null; reason: string }) => ({
      reason: line.reason,
      label: label(line),
    });
  list('In no register:', register.shadow.map(shown((line) => content.name(line.asset))));
  list('Registered and not seen:', register.missing.map(shown((line) => line.tag ?? '')));
  list(
    'Different from the register:',
    register.conflicting.map(shown((line) => line.tag ?? content.name(line.asset))),
  );
  return lines;
}

function assetSection(content: Digest, page: Page): string[] {
  if (content.assets.length === 0) return [];
  const shown = content.assets.slice(0, ASSETS_SHOWN);
  const lines = tableLines(
    shown,
    [
      { heading: 'Name', value: (asset) => asset.name, least: 19, cut: 'middle' },
      { heading: 'What it is', value: content.classLabel, least: 17, rank: 90 },
      { heading: 'Critical', value: (asset) => asset.criticality, least: 13, rank: 80 },
      { heading: 'Make and model', value: makeAndModel, least: 14, rank: 50 },
      { heading: 'Address', value: address, least: 12, rank: 70 },
      {
        heading: 'VLAN',
        value: (asset) => (asset.vlans.length > 2 ? `${asset.vlans[0]} …` : asset.vlans.join(' ')),
        least: 4,
        rank: 20,
      },
      {
        heading: 'Sure',
        value: (asset) => (asset.class === null ? '–' : `${Math.round(asset.confidence * 100)} %`),
        least: 5,
        align: 'right',
        rank: 40,
      },
      {
        heading: 'Findings',
        value: (asset) => String(content.findingsOf(asset.id).length || '–'),
        least: 8,
        align: 'right',
        rank: 30,
      },
    ],
    page.width,
  );
  const more = content.assets.length - shown.length;
  const tail = more > 0 ? [`and ${integer(more)} more; --out DIR writes all of them to assets.csv`] : [];
  return [
    title('Devices', page),
    ...lines.map((line, index) => (index === 0 ? page.style.bold(line) : line)),
    ...tail,
  ];
}

function makeAndModel(asset: AssessedAsset): string {
  const model = asset.model ?? asset.family ?? '';
  return [asset.vendor ?? '', model].filter((part) => part !== '').join(' ') || '–';
}

function address(asset: AssessedAsset): string {
  return asset.ips.find((ip) => ip.includes('.')) ?? asset.ips[0] ?? asset.macs[0] ?? '–';
}

function lossSection(assessment: Assessment, content: Digest, page: Page): string[] {
  const errors = assessment.errors.slice(0, LINES_SHOWN).map((error) => {
    const place = [
      error.record === null ? '' : `record ${integer(error.record)}`,
      error.offset === null ? '' : `byte ${integer(error.offset)}`,
    ];
    return `${error.file}${place
      .filter(Boolean)
      .map((part) => `, ${part}`)
      .join('')}: ${error.message}`;
  });
  const register = assessment.registerIssues.slice(0, LINES_SHOWN).map((issue) => {
    return `register row ${issue.row}${issue.column === null ? '' : `, ${issue.column}`}: ${issue.message}`;
  });
  const all = [...errors, ...register, ...content.losses].flatMap((line) =>
    indented(printable(line), page.width, '  · ', '    '),
  );
  const hidden =
    assessment.errors.length - errors.length + assessment.registerIssues.length - register.length;
  if (hidden > 0) all.push(`  and ${integer(hidden)} more in --json`);
  if (all.length === 0)
    return [title('What was not read', page), '  Every packet was read; nothing was lost.'];
  return [title('What was not read', page), ...all];
}

function nextSection(content: Digest, page: Page): string[] {
  return [
    title('Next', page),
    ...content.nextSteps.flatMap((step, index) => indented(step, page.width, `  ${index + 1}. `)),
  ];
}
