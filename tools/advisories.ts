/**
 * Holds what Wardline is made of against advisories, within the times of SECURITY.md: `npm run advisories -- FOLDER`, where the folder is
 * an unpacked copy of OSV's npm records (or any folder of OSV, CSAF or CVE files). Ends with 1 where a component is beyond its time.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Advisory, readWeaknessFile } from '@wardline/formats';
import { matchParts, type Part } from '@wardline/vulnerabilities';
import { root } from './run-step.ts';
import { type Bom, sbomOf } from './sbom.ts';

const DAY_MICROS = 86_400_000_000;
/** Days from publication by when a component is mended or taken out, as SECURITY.md says. */
export const DAYS = { exploited: 7, high: 30, rest: 92 } as const;
export type Urgency = keyof typeof DAYS;

export interface Overdue {
  part: string;
  advisory: string;
  urgency: Urgency;
  /** Since its publication. */
  days: number;
  isOver: boolean;
}

/** Each weakness of a component, the longest known first. `now` in microseconds since the epoch. */
export function weaknessesOf(
  bom: Bom,
  advisories: readonly { advisory: Advisory; urgency: Urgency }[],
  now: number,
): Overdue[] {
  const parts: Part[] = bom.components.map(({ name, version, purl, 'bom-ref': ref }) => ({
    ref,
    name,
    group: null,
    version,
    purl,
    cpes: [],
  }));
  const found = advisories.flatMap(({ advisory, urgency }) =>
    matchParts(parts, advisory)
      .filter(({ verdict }) => verdict !== 'not-affected')
      .map(({ part }) => {
        const days = Math.floor((now - advisory.published) / DAY_MICROS);
        return { part, advisory: advisory.id, urgency, days, isOver: days > DAYS[urgency] };
      }),
  );
  return found.toSorted((a, b) => b.days - a.days);
}

/** How soon: what a catalogue knows to be exploited first; a record that tells no severity counts as a high one. */
export function urgencyOf(text: string, isExploited: (id: string) => boolean): Urgency {
  const record = JSON.parse(text) as {
    id?: string;
    aliases?: string[];
    database_specific?: { severity?: string };
  };
  if ([record.id ?? '', ...(record.aliases ?? [])].some(isExploited)) return 'exploited';
  return /^(?:low|moderate|medium)$/i.test(record.database_specific?.severity ?? '') ? 'rest' : 'high';
}

async function main(folder: string): Promise<number> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.json') && statSync(file).isFile());
  const advisories: { advisory: Advisory; urgency: Urgency }[] = [];
  const exploited = new Set<string>();
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const readings = await Promise.all(texts.map((text) => readWeaknessFile(text)));
  for (const reading of readings)
    if (reading.kind === 'kev')
      for (const { vulnerability } of reading.exploited) exploited.add(vulnerability);
  readings.forEach((reading, place) => {
    if (reading.kind !== 'advisories') return;
    const urgency = urgencyOf(texts[place]!, (id) => exploited.has(id));
    advisories.push(...reading.advisories.map((advisory) => ({ advisory, urgency })));
  });
  if (advisories.length === 0)
    throw new Error(`${folder} holds no advisory: nothing was held against anything`);
  const bom = sbomOf(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = weaknessesOf(bom, advisories, Date.now() * 1000);
  for (const { part, advisory, urgency, days, isOver } of found)
    console.log(`${isOver ? 'OVER ' : 'open '} ${part}: ${advisory}, ${days} of ${DAYS[urgency]} days`);
  console.log(
    `${bom.components.length} components held against ${advisories.length} advisories: ${found.length} weaknesses`,
  );
  return found.some(({ isOver }) => isOver) ? 1 : 0;
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('which folder of advisories? npm run advisories -- FOLDER');
  process.exitCode = await main(folder);
}
