import { compareDrafts, type Effect, resolvePolicy, type Simulation, simulate } from '@wardline/policy';
import type { Command } from 'commander';
import { exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';
import { evidenceFrom, policyFrom } from './inputs.ts';

/** Effects that are told one by one; the counts are of all. */
const TOLD = 40;

/** Trying a policy on what was recorded, before anything is enforced. */
export function addTrying(policy: Command): void {
  policy
    .command('simulate')
    .summary('tell what a policy would have cut, and whom it would have hurt')
    .argument('<file>', 'a policy')
    .argument('<assessment>', 'what wardline assess --json wrote')
    .option('--enforce', 'as if every conduit, and the whole policy, were enforced')
    .option('--instead-of <file>', 'tell only what changes against this other policy')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExamples:\n  wardline policy simulate hospital.policy week.json --enforce\n  wardline policy simulate new.policy week.json --instead-of hospital.policy\n\nEnds with 1 where something recorded would be cut.',
    )
    .action(runSimulate);
}

interface Flags {
  enforce?: boolean;
  insteadOf?: string;
  json?: boolean;
}

async function runSimulate(file: string, assessment: string, flags: Flags): Promise<void> {
  const { assets, conversations } = evidenceFrom(assessment);
  const resolved = (name: string) => {
    const { policy } = policyFrom(name);
    const conduits = policy.conduits.map((conduit) => ({ ...conduit, mode: 'enforce' as const }));
    const asked = flags.enforce ? { ...policy, undeclared: 'enforce' as const, conduits } : policy;
    return resolvePolicy(asked, assets, Date.now() * 1000);
  };
  if (flags.insteadOf !== undefined) {
    const { newlyCut, newlyPassing } = compareDrafts(
      resolved(flags.insteadOf),
      resolved(file),
      conversations,
    );
    await tellDifference(newlyCut, newlyPassing, flags);
    if (newlyCut.length > 0) process.exitCode = exitCodes.failed;
    return;
  }
  const simulation = simulate(resolved(file), conversations);
  if (flags.json) await writeOut(`${JSON.stringify(simulation)}\n`);
  else await writeOut(`${simulationLines(simulation).join('\n')}\n`);
  if (simulation.cut.length > 0) process.exitCode = exitCodes.failed;
}

async function tellDifference(newlyCut: Effect[], newlyPassing: Effect[], { json }: Flags): Promise<void> {
  if (json) return writeOut(`${JSON.stringify({ newlyCut, newlyPassing })}\n`);
  const lines = [
    `Newly cut: ${counted(newlyCut.length, 'conversation')}`,
    ...newlyCut.slice(0, TOLD).map(effectLine),
    `Newly let through: ${counted(newlyPassing.length, 'conversation')}`,
    ...newlyPassing.slice(0, TOLD).map(effectLine),
  ];
  return writeOut(`${lines.join('\n')}\n`);
}

function simulationLines({ passes, watched, notSeen, cut, assets, unseenMusts }: Simulation): string[] {
  const critical = assets.filter(({ criticality }) => criticality === 'life-critical');
  const head =
    cut.length === 0
      ? 'Nothing that was recorded would be cut.'
      : `${counted(cut.length, 'conversation')} would be CUT, on ${counted(assets.length, 'asset')}${critical.length > 0 ? `; ${critical.length} of them LIFE-CRITICAL` : ''}.`;
  return [
    head,
    `${passes} pass as declared, ${watched} pass because nothing is enforced there yet, ${notSeen} no enforcement point would see.`,
    ...(cut.length === 0 ? [] : ['', 'What would be cut, the worst first:']),
    ...cut.slice(0, TOLD).map(effectLine),
    ...(cut.length > TOLD ? [`  … and ${cut.length - TOLD} more (--json has all)`] : []),
    ...unseenMusts.map((must) => `Not shown by this recording: ${must}`),
  ];
}

function effectLine({ conversation, verdict }: Effect): string {
  const { client, server, transport, serverPort, application, days, packets, evidence } = conversation;
  const grade = [client, server].some(({ criticality }) => criticality === 'life-critical') ? '! ' : '  ';
  const service = `${transport}${serverPort === null ? '' : ` ${serverPort}`}${application === null ? '' : ` (${application})`}`;
  const must = verdict.kind === 'cut' && verdict.breaksMust ? ', breaks a must-allow' : '';
  const by = 'by' in verdict && verdict.by.length > 0 ? `, ${verdict.by.join(', ')}` : '';
  const where = evidence === null ? '' : ` [${evidence}]`;
  return `${grade}${printable(client.name)} → ${printable(server.name)}: ${service}, ${counted(days, 'day')}, ${counted(packets, 'packet')}${must}${printable(by)}${printable(where)}`;
}
