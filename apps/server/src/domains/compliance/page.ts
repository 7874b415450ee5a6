import { countKinds, type KindCount } from '@wardline/compliance';
import { loadKnowledge } from '@wardline/knowledge';
import { answered } from './gather.ts';

/** How many controls of each catalogue are answered by which kind of evidence, and every question, as a page that people can review. */
export function controlsText(): string {
  const { controls } = loadKnowledge();
  const known = new Set(answered);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const counts = countKinds(controls, known).map((one) => line([nameOf(one), ...numbersOf(one)]));
  const questions = [...controls.queries.values()].map(({ id, asks, domain, days, whole, part }) =>
    line([
      `\`${id}\``,
      asks,
      domain,
      String(days),
      known.has(id) ? '●' : '',
      String(whole.length),
      String(part.length),
    ]),
  );
  return [
    '# Controls and the evidence for them',
    '',
    'Made by `npm run generate` from `packages/knowledge/data/controls` and `data/evidence`. *Computed*: the status follows from what Wardline',
    'looks up, and a person’s word changes nothing of it. *Waiting*: it will, and until the part that answers it keeps such evidence it is unknown, or',
    'vouched for. *In part*: evidence can show that it is not met; that it is met takes a person’s word too. *Attested*: no evidence',
    'speaks of it; a person vouches for it by a document, for a year at the most. Standards that are as their specifications are do not count.',
    '',
    line([
      'catalogue',
      'controls',
      'computed',
      'waiting',
      'in part',
      'attested',
      'computed, of all',
      'with waiting',
    ]),
    line(['---', '---:', '---:', '---:', '---:', '---:', '---:', '---:']),
    ...counts,
    '',
    '## Questions',
    '',
    line([
      'question',
      'asks',
      'answered by',
      'counts for days',
      'answered now',
      'controls in whole',
      'in part',
    ]),
    line(['---', '---', '---', '---:', '---', '---:', '---:']),
    ...questions,
    '',
  ].join('\n');
}

function nameOf({ catalogue, group }: KindCount): string {
  if (group === null) return `**${catalogue.title}** · ${catalogue.edition}`;
  return `↳ ${catalogue.groups.find(({ id }) => id === group)!.title}`;
}

function numbersOf({ total, kinds }: KindCount): string[] {
  const percent = (count: number) => `${Math.round((count / total) * 100)} %`;
  return [
    ...[total, kinds.computed, kinds.waiting, kinds['in part'], kinds.attested].map(String),
    percent(kinds.computed),
    percent(kinds.computed + kinds.waiting),
  ];
}
