import { type Corpus, type Half, judged } from './case.ts';
import { type Calibration, calibration, type Tally, tally, wilson } from './figures.ts';
import type { Judgement } from './judge.ts';

const HALVES: readonly Half[] = ['training', 'held out'];

/** The page of figures, as Markdown. The same recordings and rules give the same page. */
export function report(corpora: readonly Corpus[], judgements: readonly Judgement[]): string {
  const sections = [
    HEAD,
    ...origins(corpora),
    '## How many answers are right',
    NOTES,
    ...answers(judgements),
    '## Classes taken for others',
    ...HALVES.flatMap((half) => confusion(half, judgements)),
    '## How far confidence can be trusted',
    '![Calibration curves of both halves; the tables below have the figures](images/calibration.svg)',
    ...HALVES.flatMap((half) => trust(half, judgements)),
  ];
  return `${sections.join('\n\n')}\n`;
}

const HEAD = `# How well devices are identified

Written by \`npm run bench -- identify --write\`; do not edit. How identification works stands in
[the guide](guides/identification.md).`;

const NOTES = `*Right*: the label's own value. *Wider*: true but less close (a clinical server for an image archive).
Precision is the share of true answers (right or wider) among the answers given, recall that of right answers among all labelled
devices, each with Wilson's 95 % interval: the numbers are small, and the interval says how small.`;

function origins(corpora: readonly Corpus[]): string[] {
  const rows = corpora.map(({ name, cases, newest }) => {
    const count = (half: Half) => cases.filter((one) => one.half === half).length;
    // Times are in microseconds.
    const date = new Date(newest / 1000).toISOString().slice(0, 10);
    return [name, String(cases.length), String(count('training')), String(count('held out')), date];
  });
  return [
    table(['recording', 'devices', 'training', 'held out', 'newest packet'], rows),
    `Rules and weights were worked out on the training half only. Of the home devices' captures (IoT Sentinel) the half whose
names (\`type/file\`) have the lower SHA-256 is for training; a device is in both halves where it has several captures, so
that its held-out half says how well an answer repeats more than how well it carries over. Of the testbed, the recording with the
roster \`held-out\` (other makers, models, names and ports) is held out. The devices of the testbed are simulated by those who
wrote the rules: a right answer there shows that the evidence is read, not that real products give it. Other captures at hand (HL7, DICOM,
BACnet and protocol traces) name no device with certainty, and are left out.`,
  ];
}

function answers(judgements: readonly Judgement[]): string[] {
  const rows = HALVES.flatMap((half) =>
    corporaOf(judgements, half).flatMap((corpus) =>
      judged.flatMap((attribute) => {
        const those = judgements.filter(
          (j) => j.case.half === half && j.case.corpus === corpus && j.attribute === attribute,
        );
        return those.length === 0 ? [] : [[half, corpus, attribute, ...cells(tally(those))]];
      }),
    ),
  );
  const heads = [
    'half',
    'recording',
    'attribute',
    'devices',
    'right',
    'wider',
    'wrong',
    'unknown',
    'precision',
    'recall',
  ];
  return [table(heads, rows)];
}

function cells({ devices, right, wider, wrong, unknown, precision, recall }: Tally): string[] {
  const counts = [devices, right, wider, wrong, unknown].map(String);
  return [...counts, share(precision, right + wider + wrong), share(recall, devices)];
}

function share(value: number | null, n: number): string {
  if (value === null || n === 0) return '–';
  const [low, high] = wilson(value, n);
  return `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function corporaOf(judgements: readonly Judgement[], half: Half): string[] {
  return [...new Set(judgements.filter((j) => j.case.half === half).map((j) => j.case.corpus))];
}

/** Each class with the answers that its devices got; who it was not taken for is left out. */
function confusion(half: Half, judgements: readonly Judgement[]): string[] {
  const classes = judgements.filter((j) => j.attribute === 'class' && j.case.half === half);
  if (classes.length === 0) return [];
  const byLabel = [...Map.groupBy(classes, (j) => j.expected)].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = byLabel.map(([label, those]) => [
    label,
    String(those.length),
    String(those.filter((j) => j.verdict === 'right').length),
    others(those),
  ]);
  return [`### ${title(half)}`, table(['class', 'devices', 'right', 'taken for'], rows)];
}

function others(those: readonly Judgement[]): string {
  const missed = those.filter((j) => j.verdict !== 'right');
  return [...Map.groupBy(missed, (j) => j.answer ?? 'unknown')]
    .map(([answer, list]) => `${answer} ${list.length} (${list.map((j) => j.case.device).join(', ')})`)
    .join('; ');
}

function trust(half: Half, judgements: readonly Judgement[]): string[] {
  const own = judgements.filter((j) => j.case.half === half);
  if (own.length === 0) return [];
  const rows = [...judged, null].map((attribute) => {
    const figures = calibration(own.filter((j) => attribute === null || j.attribute === attribute));
    return [attribute ?? 'all', String(figures.answers), figures.error.toFixed(3), figures.brier.toFixed(3)];
  });
  return [
    `### Calibration, ${half}`,
    table(['attribute', 'answers', 'expected calibration error', 'Brier score'], rows),
    ...judged.flatMap((attribute) =>
      curve(attribute, calibration(own.filter((j) => j.attribute === attribute))),
    ),
  ];
}

function curve(attribute: string, { bins }: Calibration): string[] {
  if (bins.length === 0) return [];
  const rows = bins.map(({ from, to, answers: n, confidence, accuracy }) => [
    `${from.toFixed(2)}–${to.toFixed(2)}`,
    String(n),
    confidence.toFixed(2),
    share(accuracy, n),
  ]);
  return [table([`confidence in the ${attribute}`, 'answers', 'mean confidence', 'of them true'], rows)];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cellsOfRow: readonly string[]) => `| ${cellsOfRow.join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function title(half: Half): string {
  return half === 'training' ? 'Training half' : 'Held-out half';
}
