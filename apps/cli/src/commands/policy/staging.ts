import {
  type EffectRow,
  type PolicySimulation,
  savedResponse,
  segmentationResponse,
  simulationResponse,
  versionMadeResponse,
  versionResponse,
} from '@wardline/model';
import { type Policy, parsePolicy, printPolicy } from '@wardline/policy';
import type { Command } from 'commander';
import { askFor, type ServerAccess, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted, integer } from '../../terminal/units.ts';
import { type Given, withReason } from '../access/asking.ts';

const modes = ['observe', 'alert', 'enforce'] as const;
type Mode = (typeof modes)[number];

interface StageFlags extends Given {
  propose?: boolean;
  cutLifeCritical: string;
}

/** One conduit a stage further, or back: shown first, then proposed, then approved by somebody else as every version is. */
export function addStaging(policy: Command): void {
  withReason(
    policy
      .command('stage')
      .summary('take one conduit to observe, alert or enforce: what would change first, then the proposal')
      .argument('<conduit>', 'its name, or "undeclared" for traffic that no conduit speaks of')
      .argument('<mode>', modes.join(', '))
      .option('--propose', 'propose it; without, nothing is changed')
      .option(
        '--cut-life-critical <number>',
        'conversations of life-critical devices that you accept to end',
        '0',
      ),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy stage pumps-to-servers enforce --reason "two quiet weeks"\n  wardline policy stage pumps-to-servers enforce --propose --reason "two quiet weeks"\n\nSomebody else approves the version; points take it by an order. Exit codes: 0 shown or proposed, 1 it would end more than was accepted, or the server refused.',
    )
    .action(runStage);
}

async function runStage(conduit: string, mode: string, flags: StageFlags): Promise<void> {
  const accepted = Number(flags.cutLifeCritical);
  if (!isMode(mode)) throw new CommandError(`${mode}: expected ${modes.join(', ')}`);
  if (!Number.isInteger(accepted) || accepted < 0)
    throw new CommandError('--cut-life-critical: expected a number from 0');
  const access = await serverAccess(flags);
  const { name, text } = await stagedText(access, conduit, mode);
  const shown = await sendJson(
    access,
    'api/v1/segmentation/simulation',
    { text, enforced: false },
    simulationResponse,
  );
  const ends = lifeCriticalOf(shown.difference?.cut ?? []);
  if (!flags.propose)
    return say(flags, { ...changeOf(shown), proposed: null }, [
      ...changeLines(shown),
      'Nothing was changed: --propose proposes it.',
    ]);
  if (ends > accepted)
    throw new CommandError(
      `it would end ${counted(ends, 'conversation')} of life-critical devices that pass now, and ${integer(accepted)} were accepted (--cut-life-critical)`,
      exitCodes.failed,
    );
  const number = await proposed(access, { name, text, reason: flags.reason });
  return say(flags, { ...changeOf(shown), proposed: number }, [
    ...changeLines(shown),
    `Version ${number} waits for somebody else to approve it.`,
  ]);
}

const isMode = (text: string): text is Mode => (modes as readonly string[]).includes(text);

/** The text in force with one mode changed. */
async function stagedText(
  access: ServerAccess,
  conduit: string,
  mode: Mode,
): Promise<{ name: string; text: string }> {
  const { current } = await askFor(access, 'api/v1/segmentation', segmentationResponse);
  if (current === null) throw new CommandError('no policy is in force', exitCodes.failed);
  const version = await askFor(access, `api/v1/segmentation/versions/${current}`, versionResponse);
  const { policy } = parsePolicy(version.text);
  if (policy === null) throw new CommandError('the policy cannot be read by this version', exitCodes.failed);
  return { name: version.name, text: printPolicy(staged(policy, conduit, mode)) };
}

/** @throws CommandError where there is no such conduit, or it is there already */
export function staged(policy: Policy, conduit: string, mode: Mode): Policy {
  const before =
    conduit === 'undeclared' ? policy.undeclared : policy.conduits.find(({ name }) => name === conduit)?.mode;
  if (before === undefined) {
    const known = policy.conduits.map(({ name }) => name).slice(0, 10);
    throw new CommandError(`there is no conduit ${conduit}: ${known.join(', ') || 'none'}`, exitCodes.failed);
  }
  if (before === mode) throw new CommandError(`${conduit} is at ${mode} already`, exitCodes.failed);
  if (conduit === 'undeclared') return { ...policy, undeclared: mode };
  const conduits = policy.conduits.map((one) => (one.name === conduit ? { ...one, mode } : one));
  return { ...policy, conduits };
}

async function proposed(
  access: ServerAccess,
  { name, text, reason }: { name: string; text: string; reason: string },
): Promise<number> {
  const draft = await sendJson(
    access,
    'api/v1/segmentation/drafts',
    { name: name.slice(0, 100), text, reason },
    savedResponse,
  );
  const path = `api/v1/segmentation/drafts/${draft.id}/proposal`;
  return (await sendJson(access, path, { reason }, versionMadeResponse)).number;
}

const lifeCriticalOf = (rows: readonly EffectRow[]): number =>
  rows.filter(({ client, server }) =>
    [client, server].some(({ criticality }) => criticality === 'life-critical'),
  ).length;

const changeOf = ({ difference }: PolicySimulation) => ({
  ends: difference?.newlyCut ?? 0,
  endsLifeCritical: lifeCriticalOf(difference?.cut ?? []),
  opens: difference?.newlyPassing ?? 0,
  rows: difference?.cut ?? [],
});

const SHOWN = 20;

function changeLines(simulation: PolicySimulation): string[] {
  const { ends, endsLifeCritical, opens, rows } = changeOf(simulation);
  const more = rows.length > SHOWN ? [`  and ${integer(ends - SHOWN)} more`] : [];
  return [
    'Of what was recorded, beside the version in force:',
    `${counted(ends, 'conversation')} would end, ${integer(endsLifeCritical)} of life-critical devices.`,
    ...rows.slice(0, SHOWN).map((row) => printable(`  ends: ${wordsOf(row)}`)),
    ...more,
    `${counted(opens, 'conversation')} would pass that are cut now.`,
  ];
}

const wordsOf = ({ client, server, transport, serverPort }: EffectRow): string =>
  `${client.name} → ${server.name}: ${transport}${serverPort === null ? '' : ` ${serverPort}`}`;

const say = (flags: StageFlags, data: object, lines: readonly string[]): Promise<void> =>
  writeOut(flags.json ? `${JSON.stringify(data)}\n` : `${lines.join('\n')}\n`);
