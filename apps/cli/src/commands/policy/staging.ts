import {
  type EffectRow,
  type PolicySimulation,
  simulationResponse,
  versionMadeResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
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
  const query = new URLSearchParams({ conduit, mode });
  const shown = await askFor(
    access,
    `api/v1/segmentation/stages/preview?${query.toString()}`,
    simulationResponse,
  );
  const ends = shown.difference?.newlyCutLifeCritical ?? 0;
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
  const body = { conduit, mode, cutLifeCritical: accepted, reason: flags.reason };
  const { number } = await sendJson(access, 'api/v1/segmentation/stages', body, versionMadeResponse);
  return say(flags, { ...changeOf(shown), proposed: number }, [
    ...changeLines(shown),
    `Version ${number} waits for somebody else to approve it.`,
  ]);
}

const isMode = (text: string): text is Mode => (modes as readonly string[]).includes(text);

const changeOf = ({ difference }: PolicySimulation) => ({
  ends: difference?.newlyCut ?? 0,
  endsLifeCritical: difference?.newlyCutLifeCritical ?? 0,
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
