import {
  type AssetThreats,
  assetThreatsResponse,
  type ClassThreats,
  classThreatsResponse,
  type FlowThreats,
  type ThreatModels,
  threatModelsResponse,
  type WeighedThreatTold,
} from '@wardline/model';
import type { Command } from 'commander';
import type { z } from 'zod';
import { askFor, type ServerFlags, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { indented, printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted } from '../../terminal/units.ts';
import { serverVerb } from '../server-verb.ts';

type Flags = ServerFlags & { json?: boolean };

const examples = `
Examples:
  wardline threat list
  wardline threat class infusion-pump
  wardline threat asset a-1f2e3d4c5b6a7988 --json

open: something that was seen makes it possible. unknown: nothing shows that it was done, and nothing that it cannot be.
mitigated: it was seen, or verified by a person, that it is answered. "possible": whether the device has what the threat needs
is not known.`;

/** Threat models, as they are read. */
export function addModels(noun: Command): void {
  verb(noun, 'list', 'threat models by class of device and by kind of data flow').action(
    async (flags: Flags) => await show(flags, 'threat-models', threatModelsResponse, listLines),
  );
  verb(noun, 'class', 'the threat model of a class')
    .argument(
      '<class>',
      'as in: wardline threat list; "unknown" for devices of which it is not known what they are',
    )
    .action(
      async (id: string, flags: Flags) =>
        await show(flags, `threat-models/${encodeURIComponent(id)}`, classThreatsResponse, classLines),
    );
  verb(noun, 'asset', 'the threat model of an asset and of its data flows')
    .argument('<asset>', 'its id')
    .action(
      async (id: string, flags: Flags) =>
        await show(flags, `assets/${encodeURIComponent(id)}/threats`, assetThreatsResponse, assetLines),
    );
}

const verb = (noun: Command, name: string, summary: string): Command =>
  serverVerb(noun, name, summary, examples).option('--json', 'print one JSON object and nothing else');

async function show<T>(
  flags: Flags,
  path: string,
  schema: z.ZodType<T>,
  lines: (answer: T, width: number) => string[],
): Promise<void> {
  const answer = await askFor(await serverAccess(flags), `api/v1/${path}`, schema);
  if (flags.json) return await writeOut([`${JSON.stringify(answer, null, 2)}\n`]);
  await writeOut([`${lines(answer, process.stdout.columns ?? 120).join('\n')}\n`]);
}

type ClassRow = ThreatModels['classes'][number];
type FlowRow = ThreatModels['flows'][number];

function listLines({ classes, flows, moreFlows }: ThreatModels, width: number): string[] {
  return [
    ...tableLines(classes, classColumns, width),
    '',
    ...tableLines(flows, flowColumns, width),
    ...(moreFlows ? ['More kinds of data flow, less common, are not told.'] : []),
  ];
}

const classColumns = [
  { heading: 'Class', value: ({ deviceClass }: ClassRow) => deviceClass.id ?? 'unknown', least: 14 },
  { heading: 'Devices', value: ({ assets }: ClassRow) => String(assets), least: 7 },
  { heading: 'Open', value: ({ threats }: ClassRow) => String(threats.open), least: 4 },
  { heading: 'Unknown', value: ({ threats }: ClassRow) => String(threats.unknown), least: 7 },
  { heading: 'Mitigated', value: ({ threats }: ClassRow) => String(threats.mitigated), least: 9 },
  { heading: 'Devices with open', value: ({ assetsOpen }: ClassRow) => String(assetsOpen), least: 8 },
  { heading: 'Harm to a patient', value: ({ severity }: ClassRow) => severity ?? '', least: 12 },
];
const flowColumns = [
  { heading: 'From', value: ({ client }: FlowRow) => client.label, least: 12 },
  { heading: 'To', value: ({ server }: FlowRow) => server.label, least: 12 },
  { heading: 'By', value: ({ label }: FlowRow) => label, least: 8 },
  { heading: 'Protected', value: ({ protections }: FlowRow) => protections.join(', '), least: 8 },
  { heading: 'Pairs', value: ({ pairs }: FlowRow) => String(pairs), least: 5 },
  { heading: 'Open', value: ({ open }: FlowRow) => open.join('; '), least: 12 },
];

function classLines({ deviceClass, assets, threats }: ClassThreats, width: number): string[] {
  const told = (text: string, lead = '    ') => indented(printable(text), width, lead);
  return [
    printable(`${deviceClass.label}: ${counted(assets, 'device')}.`),
    ...threats.flatMap((threat) => [
      ...told(`${threat.id} (${threat.kind}) ${threat.title}`, '  '),
      ...told(threat.how),
      ...(threat.harm === null ? [] : told(`Harm, ${threat.severity}: ${threat.harm}.`)),
      ...told(
        `open on ${threat.assets.open}, unknown on ${threat.assets.unknown}, mitigated on ${threat.assets.mitigated}, ruled out on ${threat.assets.ruledOut}`,
      ),
      ...threat.controls.flatMap(({ text, emb3d }) => told(`- ${text} ${emb3d.join(' ')}`)),
      ...told([...threat.emb3d, ...threat.attack].join(' ')),
      ...threat.answers.flatMap((answer) => told(answerText(answer))),
    ]),
  ];
}

const answerText = ({ id, text, verifiedBy, holdsUntil }: WeighedThreatTold['answers'][number]): string =>
  `answer ${id}: ${text} (${verifiedBy === null ? 'claimed' : `verified until ${holdsUntil?.slice(0, 10)}`})`;

function assetLines({ name, classLabel, threats, ruledOut, flows }: AssetThreats, width: number): string[] {
  const told = (text: string, lead = '    ') => indented(printable(text), width, lead);
  const order = ['open', 'unknown', 'mitigated'] as const;
  return [
    printable(`${name} (${classLabel ?? 'class unknown'})`),
    ...order.flatMap((standing) =>
      threats
        .filter((one) => one.standing === standing)
        .flatMap((one) => [
          ...told(`${standing}${one.onlyPossible ? ', possible' : ''}: ${one.title} (${one.id})`, '  '),
          ...told(one.because.join(' ')),
          ...(one.harm === null ? [] : told(`Harm, ${one.severity}: ${one.harm}.`)),
          ...(one.risks.length === 0 ? [] : told(`Risks: ${one.risks.join(' ')}`)),
          ...one.answers.flatMap((answer) => told(answerText(answer))),
        ]),
    ),
    ...(ruledOut.length === 0
      ? []
      : told(`Ruled out by a scan: ${ruledOut.map(({ title }) => title).join('; ')}.`, '  ')),
    ...flows.flatMap((flow) => flowLines(flow, told)),
  ];
}

function flowLines(
  { role, peer, label, service, protections, threats }: FlowThreats,
  told: (text: string, lead?: string) => string[],
): string[] {
  const way = role === 'client' ? `to ${peer.name}` : `from ${peer.name}`;
  return [
    ...told(`${label} at ${service} ${way} (${protections.join(', ')})`, '  '),
    ...threats.flatMap(({ standing, title }) => told(`${standing}: ${title}`)),
  ];
}
