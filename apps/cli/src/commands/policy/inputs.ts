import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { loadKnowledge } from '@wardline/knowledge';
import { type Assessment, assessmentSchema, parseMicros, policyAssetsSchema } from '@wardline/model';
import { type Diagnostic, type Policy, type PolicyAsset, parsePolicy, type Recorded } from '@wardline/policy';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { userPath } from '../../working-directory.ts';

/** A day's captures of a large hospital come to some hundred megabytes of assessment. */
const FILE_BYTES = 2 ** 30;

/** The text of a file that a person named. */
export function textOf(file: string): string {
  const path = userPath(file);
  try {
    if (statSync(path).size > FILE_BYTES)
      throw new CommandError(`${file} is larger than 1 GiB`, exitCodes.failed);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

export const digestOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** `file:3:7: error: …`, as editors jump to. */
export function diagnosticLine(file: string, { severity, message, place, suggestion }: Diagnostic): string {
  const hint = suggestion === null ? '' : `; did you mean ${suggestion}?`;
  return `${file}:${place.line}:${place.column}: ${severity}: ${message}${hint}`;
}

/** A policy without errors; else every error is told and the command ends. */
export function policyFrom(file: string): { policy: Policy; text: string } {
  const text = textOf(file);
  const { policy, diagnostics } = parsePolicy(text);
  if (policy !== null) return { policy, text };
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  throw new CommandError(
    `the policy has errors\n${errors.map((error) => `  ${diagnosticLine(file, error)}`).join('\n')}`,
    exitCodes.failed,
  );
}

/** What `wardline assess --json` wrote. */
export interface Evidence {
  assets: PolicyAsset[];
  conversations: Recorded[];
  /** Days from the first packet to the last, each begun one counted. */
  days: number;
  /** Hardware addresses by asset; a server hands out none. */
  macs: ReadonlyMap<string, readonly string[]>;
  text: string;
}

export function evidenceFrom(file: string): Evidence {
  const text = textOf(file);
  const value = parseJson(file, text);
  if (isPolicyAssets(value))
    return { assets: policyAssetsFrom(file, value), conversations: [], days: 0, macs: new Map(), text };
  const parsed = assessmentSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandError(
      `${file} is no assessment (wardline assess --json): ${issue?.path.join('.')}: ${issue?.message}`,
      exitCodes.failed,
    );
  }
  const { assets, conversations } = parsed.data;
  const policyAssets = assets.map(policyAsset);
  const recorded = recordedFrom(parsed.data);
  const times = conversations.flatMap(({ firstSeen, lastSeen }) => [micros(firstSeen), micros(lastSeen)]);
  const days = times.length === 0 ? 0 : dayOf(maximum(times)) - dayOf(minimum(times)) + 1;
  const macs = new Map(assets.map((asset) => [asset.id, asset.macs]));
  return { assets: policyAssets, conversations: recorded, days, macs, text };
}

const isPolicyAssets = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'form' in value;

/** The assets of a proof, as a server hands them out. */
function policyAssetsFrom(file: string, value: unknown): PolicyAsset[] {
  const parsed = policyAssetsSchema.safeParse(value);
  if (parsed.success) return parsed.data.assets;
  const [issue] = parsed.error.issues;
  throw new CommandError(
    `${file} holds no assets of a policy: ${issue?.path.join('.')}: ${issue?.message}`,
    exitCodes.failed,
  );
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${file} is no JSON`, exitCodes.failed);
  }
}

const maximum = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
const minimum = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const micros = (text: string): number => parseMicros(text) ?? 0;
const DAY_MICROS = 86_400_000_000;
const dayOf = (time: number): number => Math.floor(time / DAY_MICROS);

const known = (value: string | null | undefined): readonly string[] => (value ? [value] : []);

let groups: ReadonlyMap<string, string> | null = null;
function groupOf(id: string | null): string | null {
  groups ??= new Map([...loadKnowledge([]).taxonomy.classes.values()].map((row) => [row.id, row.group]));
  return id === null ? null : (groups.get(id) ?? null);
}

function policyAsset(asset: Assessment['assets'][number]): PolicyAsset {
  return {
    id: asset.id,
    name: asset.name,
    ips: asset.ips,
    attributes: {
      class: known(asset.class),
      group: known(groupOf(asset.class)),
      vendor: known(asset.vendor),
      model: known(asset.model),
      criticality: [asset.criticality],
      dataSensitivity: [asset.dataSensitivity],
      location: known(asset.conclusions.location?.value),
      hostname: asset.hostnames,
      vlan: asset.vlans.map(String),
    },
  };
}

function recordedFrom({ assets, conversations }: Assessment): Recorded[] {
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const party = ({ asset, ip, mac }: Assessment['conversations'][number]['client']): Recorded['client'] => {
    const found = asset === null ? undefined : byId.get(asset);
    const name = found?.name ?? ip ?? mac ?? 'unknown';
    return { asset, name, ip, criticality: found?.criticality ?? 'unknown' };
  };
  return conversations.map((one) => {
    const [firstSeen, lastSeen] = [micros(one.firstSeen), micros(one.lastSeen)];
    const established = one.connections.established ?? 0;
    return {
      client: party(one.client),
      server: party(one.server),
      transport: one.transport,
      serverPort: one.serverPort,
      application: one.application,
      answered:
        one.transport === 'tcp' ? established > 0 || one.packetsFromServer > 1 : one.packetsFromServer > 0,
      packets: one.packetsFromClient + one.packetsFromServer,
      firstSeen,
      lastSeen,
      days: dayOf(lastSeen) - dayOf(firstSeen) + 1,
      evidence: `${one.evidence.capture} packet ${one.evidence.packet}`,
    };
  });
}
