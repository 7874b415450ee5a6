import { checkNetwork, type Finding, type NetworkCheck, type Reach } from '@wardline/policy';
import type { Command } from 'commander';
import { exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';
import { evidenceFrom, textOf } from './inputs.ts';

/** What is told one by one; the counts are of all, and --json has all. */
const TOLD = 60;

/** Today's network: what its configurations let through, before anything is changed. */
export function addNetwork(policy: Command): void {
  policy
    .command('check-network')
    .summary('tell what is open, flat or does nothing in the configurations of today’s network')
    .description(
      'Reads configurations of Cisco IOS (also IOS XE, IOS XR, NX-OS, EOS), nftables and Palo Alto Networks, each known by its text. Nothing is changed.',
    )
    .argument('<files...>', 'configurations of switches, routers, gateways and firewalls')
    .option('--assessment <file>', 'tell also what reaches the life-critical devices of these assets')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy check-network core.cfg ward-2.cfg gateway.nft --assessment week.json\n\nEnds with 1 where something of high severity was found.',
    )
    .action(runCheckNetwork);
}

async function runCheckNetwork(
  files: string[],
  { assessment, json }: { assessment?: string; json?: boolean },
): Promise<void> {
  const assets = assessment === undefined ? [] : evidenceFrom(assessment).assets;
  const check = checkNetwork(
    files.map((name) => ({ name, text: textOf(name) })),
    assets,
  );
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  if (json) await writeOut(`${JSON.stringify(check, plain)}\n`);
  else await writeOut(`${checkLines(check, assessment !== undefined).join('\n')}\n`);
  if (check.findings.some(({ severity }) => severity === 'high')) process.exitCode = exitCodes.failed;
}

function checkLines({ files, findings, reach }: NetworkCheck, hasAssets: boolean): string[] {
  const read = files.map(({ file, kind, lists, lines, interfaces }) => {
    const legs = interfaces === 0 ? '' : `, ${counted(interfaces, 'interface')}`;
    return `${file}: ${kind ?? 'not known'}, ${counted(lists, 'list')}, ${counted(lines, 'line')}${legs}`;
  });
  const more = findings.length > TOLD ? [`  … and ${findings.length - TOLD} more (--json has all)`] : [];
  return [
    ...read,
    '',
    findings.length === 0 ? 'Nothing was found.' : `${counted(findings.length, 'finding')}, the worst first:`,
    ...findings.slice(0, TOLD).map(findingLine),
    ...more,
    ...(hasAssets ? ['', ...reachLines(reach)] : []),
  ];
}

function findingLine({ severity, file, line, message }: Finding): string {
  const place = line === null ? file : `${file}:${line}`;
  return `  ${severity.padEnd(6)} ${place}: ${printable(message)}`;
}

function reachLines(reach: readonly Reach[]): string[] {
  if (reach.length === 0)
    return ['Nothing reaches a life-critical device through these configurations, or none of them is known.'];
  return [
    'What may open something to life-critical devices, the widest first:',
    ...reach.slice(0, TOLD).map((one) => {
      const by = one.line === null ? 'nothing stands in the way' : `${one.file}:${one.line}`;
      return `  ! ${printable(one.name)} (${one.address}) from ${one.from}: ${one.services.join(', ')} [${printable(one.through)}, ${by}]`;
    }),
    ...(reach.length > TOLD ? [`  … and ${reach.length - TOLD} more (--json has all)`] : []),
  ];
}
