import {
  type Behaviour,
  behaviourResponse,
  type ClassBehaviour,
  classBehaviourResponse,
  classReviewResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';

type Listing = Flags & { site: string; class?: string };
type Reviewing = Given & { site: string; normal?: boolean; notNormal?: boolean };

/** What was learnt of a device beside others of its kind, and what people say of it. */
export function addBehaviour(noun: Command): void {
  withServer(
    noun.command('behaviour').summary('what a device was learnt to do, and what others of its kind do'),
  )
    .argument('<asset>', 'as "wardline asset list" names it')
    .addHelpText('after', '\nExample:\n  wardline alert behaviour a-5b2f3c9a7d1e')
    .action(runBehaviour);
  withServer(noun.command('classes').summary('what is normal for devices of each kind'))
    .option('--site <number>', 'the site', '1')
    .option('--class <name>', 'one class only, as infusion-pump')
    .addHelpText('after', '\nExample:\n  wardline alert classes --class infusion-pump')
    .action(runClasses);
  withReason(
    noun.command('review-class').summary('say that a habit is normal for a kind of device, or is not'),
  )
    .argument('<class>', 'as infusion-pump')
    .argument('<habit>', 'its key, as "wardline alert classes" shows it in brackets')
    .option('--site <number>', 'the site', '1')
    .option('--normal', 'devices of the class may do it')
    .option('--not-normal', 'every device of the class that does it is told of')
    .addHelpText(
      'after',
      '\nWith neither, what was said is taken back.\n\nExample:\n  wardline alert review-class infusion-pump \'s|tcp/23\' --not-normal --reason "Telnet was ordered off"',
    )
    .action(runReview);
}

function siteOf({ site }: { site: string }): number {
  const number = Number(site);
  if (!Number.isInteger(number) || number < 1)
    throw new CommandError('--site: expected the number of a site');
  return number;
}

async function runClasses(flags: Listing): Promise<void> {
  const query = flags.class === undefined ? '' : `?class=${encodeURIComponent(flags.class)}`;
  const path = `api/v1/watch/sites/${siteOf(flags)}/classes${query}`;
  const found = await askFor(await serverAccess(flags), path, classBehaviourResponse);
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  if (found.items.length === 0) return writeOut('Nothing was learnt of any kind of device.\n');
  return writeOut(found.items.flatMap(classLines).map((line) => `${printable(line)}\n`));
}

function classLines(one: ClassBehaviour): string[] {
  const left = [
    one.heldBack > 0 && `${one.heldBack} held back`,
    one.young > 0 && `${one.young} heard too little`,
  ].filter(Boolean);
  const few = one.judges ? '' : '; too few to judge others by';
  return [
    `${one.label} (${one.name}): learnt from ${counted(one.members, 'device')}${left.length > 0 ? `, ${left.join(', ')}` : ''}${few}`,
    ...one.habits.map(
      ({ key, words, have, of, counts, verdict }) =>
        `  ${have} of ${of}  ${words}  [${key}]${verdict === null ? (counts ? '' : '  not shared by enough') : `  called ${verdict === 'normal' ? 'normal' : 'not normal'}`}`,
    ),
    ...(one.habitCount > one.habits.length ? [`  and ${one.habitCount - one.habits.length} more`] : []),
  ];
}

const judged: Record<Behaviour['judgedBy'], string> = {
  own: 'judged by its own habits',
  class: 'judged by what others of its kind do',
  nothing: 'not judged by habit: too little is known of it and of its kind',
  learning: 'the watch is still learning',
};

async function runBehaviour(asset: string, flags: Flags): Promise<void> {
  const path = `api/v1/assets/${encodeURIComponent(asset)}/behaviour`;
  const found = await askFor(await serverAccess(flags), path, behaviourResponse);
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  const { own, class: kind } = found;
  const lines = [
    `${found.assetName}: ${judged[found.judgedBy]}${own?.heldBack ? ' (held back while learning)' : ''}`,
    kind === null
      ? '  nothing is known of its kind'
      : `  of its kind (${kind.label}): ${counted(kind.members, 'device')} learnt from`,
    ...found.habits.map(
      ({ words, own: has, have, of }) =>
        `  ${has ? 'does   ' : 'not it '} ${kind === null ? '' : `${have} of ${of}  `}${words}`,
    ),
  ];
  return writeOut(lines.map((line) => `${printable(line)}\n`));
}

async function runReview(name: string, habit: string, flags: Reviewing): Promise<void> {
  if (flags.normal && flags.notNormal) throw new CommandError('--normal and --not-normal: only one of them');
  const verdict = flags.normal ? 'normal' : flags.notNormal ? 'not-normal' : null;
  const body = { class: name, habit, verdict, reason: flags.reason };
  const path = `api/v1/watch/sites/${siteOf(flags)}/classes/review`;
  const answer = await sendJson(await serverAccess(flags), path, body, classReviewResponse);
  const done =
    verdict === null
      ? 'Taken back.'
      : `Called ${verdict === 'normal' ? 'normal' : 'not normal'} for ${name}.`;
  return writeOut(flags.json ? `${JSON.stringify(answer)}\n` : `${done}\n`);
}
