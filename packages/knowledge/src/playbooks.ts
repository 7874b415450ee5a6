import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Who carries a step out. */
export const incidentRoles = [
  'commander',
  'clinical',
  'biomedical',
  'security',
  'network',
  'privacy',
] as const;
export type IncidentRole = (typeof incidentRoles)[number];
const phases = ['detect', 'care', 'contain', 'eradicate', 'recover', 'learn'] as const;

const stepSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]{1,30}$/),
  phase: z.enum(phases),
  role: z.enum(incidentRoles),
  title: z.string().min(5).max(90),
  do: z.string().min(10).max(600),
  /** Minutes after the beginning by which it should be done. */
  within: z.int().min(1).optional(),
  /** Steps that come before it. */
  after: z.array(z.string()).default([]),
  /** Who has to be at the bedside before it is done, and why. */
  bedside: z.strictObject({ who: z.string(), why: z.string() }).optional(),
  /** When not to go on. */
  stop: z.string().optional(),
});
export type PlaybookStep = z.infer<typeof stepSchema>;

export const playbookSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]{1,40}$/),
  title: z.string(),
  /** By what it is recognised. */
  when: z.string(),
  steps: z.array(stepSchema).min(3).max(40),
});
export type Playbook = z.infer<typeof playbookSchema>;

/** What cannot be carried out as it is written: a step that waits for one that is not there, or for itself. */
export function playbookFaults({ steps }: Playbook): string[] {
  const ids = steps.map(({ id }) => id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two steps are called ${id}`);
  const done = new Set<string>();
  let left = steps;
  for (let ready = left; ready.length > 0; ) {
    ready = left.filter(({ after }) => after.every((id) => done.has(id)));
    for (const { id } of ready) done.add(id);
    left = left.filter(({ id }) => !done.has(id));
  }
  return [
    ...twice,
    ...left.map(({ id, after }) => `step ${id} waits for ${after.join(', ')}, which never ends`),
  ];
}

/**
 * The playbooks that Wardline brings, by id.
 * @throws Error where a file of its own is not as it must be
 */
export function loadPlaybooks(): ReadonlyMap<string, Playbook> {
  const folder = fileURLToPath(new URL('../data/playbooks', import.meta.url));
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted();
  const all = files.map((name) => playbookSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  return new Map(all.map((playbook) => [playbook.id, playbook]));
}
