import { z } from 'zod';
import type { Catalogue, Control } from './controls.ts';
import { KnowledgeError, parseFile } from './located-error.ts';

const props = z.array(z.object({ name: z.string(), value: z.string() })).optional();
const oscalControlSchema = z.object({
  id: z.string().min(1).max(60),
  title: z.string().min(1),
  props,
  get controls() {
    return z.array(oscalControlSchema).optional();
  },
});
type OscalControl = z.infer<typeof oscalControlSchema>;

const oscalGroupSchema = z.object({
  id: z.string().min(1).max(20),
  title: z.string().min(1),
  controls: z.array(oscalControlSchema).optional(),
  get groups() {
    return z.array(oscalGroupSchema).optional();
  },
});
type OscalGroup = z.infer<typeof oscalGroupSchema>;

const oscalFileSchema = z.object({
  catalog: z.object({
    metadata: z.object({ title: z.string().min(1), version: z.string().min(1) }),
    groups: z.array(oscalGroupSchema).min(1),
  }),
});

/** Groups and controls lie in each other at most so deep in NIST's own catalogues; a file of brackets lies deeper. */
export const OSCAL_DEPTH = 12;
/** As a text of a catalogue may be long. */
const LONGEST_TITLE = 300;

/**
 * A catalogue of OSCAL (JSON) as one of ours: identifiers and titles, without what was withdrawn. Who published it, and under which
 * licence, its file does not say in a form that could be relied on.
 * @throws KnowledgeError with the place of every fault
 */
export function catalogueOfOscal(
  file: string,
  text: string,
  about: Pick<Catalogue, 'id' | 'publisher' | 'standing' | 'licence'>,
): Catalogue {
  if (depthOf(text) > OSCAL_DEPTH * 4)
    throw fault(file, `objects within objects at most ${OSCAL_DEPTH * 4} deep`);
  const { catalog } = parseFile(file, text, oscalFileSchema);
  const groups = flatGroups(catalog.groups).filter(({ controls = [] }) => controls.length > 0);
  const { title, version } = catalog.metadata;
  return {
    ...about,
    title: short(title),
    edition: short(version),
    groups: groups.map((group) => ({
      id: group.id,
      title: short(group.title),
      kind: 'administrative' as const,
    })),
    controls: groups.flatMap(({ id, controls = [] }) =>
      controls.flatMap((control) => controlsOf(control, id)),
    ),
  };
}

const short = (text: string): string => text.slice(0, LONGEST_TITLE);
const fault = (file: string, expected: string): KnowledgeError =>
  new KnowledgeError([{ file, entry: 'file', field: 'text', expected }]);

/** How deep brackets lie in each other, those within strings left out. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const flatGroups = (groups: readonly OscalGroup[]): OscalGroup[] =>
  groups.flatMap((group) => [group, ...flatGroups(group.groups ?? [])]);

const isWithdrawn = ({ props: given = [] }: OscalControl): boolean =>
  given.some(({ name, value }) => name === 'status' && value.toLowerCase() === 'withdrawn');

function controlsOf(control: OscalControl, group: string): Control[] {
  const below = (control.controls ?? []).flatMap((one) => controlsOf(one, group));
  return isWithdrawn(control) ? below : [{ id: control.id, title: short(control.title), group }, ...below];
}
