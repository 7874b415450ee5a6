import { formatMicros, type PolicyCompiled } from '@wardline/model';
import {
  type Certificate,
  type Compiled,
  certify,
  contradictions,
  isTargetName,
  isWithin,
  type Policy,
  type PolicyAsset,
  type Proof,
  prove,
  type ReadList,
  type Resolved,
  resolvePolicy,
  type Target,
  targetNames,
  targets,
} from '@wardline/policy';
import { sha256, Unanswerable } from './unanswerable.ts';

interface Asked {
  text: string;
  target: string;
  budget: number | null;
}

/**
 * What an enforcement point would run, read back from its own text and held against the policy over all packets.
 * @throws Unanswerable where the target is unknown, or the policy contradicts itself
 */
export function compiledAndProved(
  policy: Policy,
  assets: readonly PolicyAsset[],
  { text, target, budget }: Asked,
  now: number,
): PolicyCompiled {
  if (!isTargetName(target))
    throw new Unanswerable(`There is no target ${target}; there are ${targetNames.join(', ')}.`);
  const resolved = resolvePolicy(policy, assets, now);
  const [against] = contradictions(resolved);
  if (against !== undefined) throw new Unanswerable(`The policy contradicts itself: ${against.message}`);
  const compiled: Compiled = targets[target].compile(resolved, budget ?? undefined);
  if (compiled.cannot !== undefined)
    throw new Unanswerable(`${target} cannot say exactly what the policy asks: ${compiled.cannot[0]}.`);
  const files = isWithin(compiled) ? compiled.files.map((file) => ({ ...file })) : [];
  const lists = readBack(target, files);
  const proofs = lists.map(({ ruleset, families }) => prove(resolved, ruleset, families));
  const assetsText = `${JSON.stringify({ form: 'wardline policy assets 1', assets })}\n`;
  const isProved = lists.length > 0 && proofs.every(({ equal }) => equal);
  const digests = {
    policy: sha256(text),
    assets: sha256(assetsText),
    compiled: sha256(files[0]?.text ?? ''),
  };
  return {
    asOf: formatMicros(now),
    target,
    entries: compiled.entries,
    budget: compiled.budget,
    files,
    limits: [...compiled.limits],
    cannot: [...(compiled.cannot ?? [])],
    proofs: proofs.map(proofRow),
    certificate: isProved ? `${JSON.stringify(certificates(resolved, lists, digests, now))}\n` : null,
    assets: assetsText,
  };
}

type File = PolicyCompiled['files'][number];

/**
 * The first file is what the enforcement point is given; it may name the others. What our compiler wrote and our reader does
 * not know is a fault of ours, and never passes for a proof.
 */
function readBack(target: keyof typeof targets, files: readonly File[]): readonly ReadList[] {
  const [first] = files;
  if (first === undefined) return [];
  const { read }: Target = targets[target];
  const fileOf = (name: string) => files.find((file) => name === file.name || name.endsWith(`/${file.name}`));
  const { lists, faults } = read(first.text, (name) => fileOf(name)?.text ?? null);
  const [fault] = faults;
  if (fault !== undefined)
    throw new Unanswerable(`${first.name} cannot be read back, line ${fault.line}: ${fault.message}`);
  return lists;
}

function certificates(
  resolved: Resolved,
  lists: readonly ReadList[],
  digests: Pick<Certificate, 'policy' | 'assets' | 'compiled'>,
  at: number,
): Certificate[] {
  return lists.map(({ ruleset, families }) => ({
    form: 'wardline policy certificate 1',
    ruleset: ruleset.name,
    ...digests,
    at,
    families: families.map((family) => certify(resolved, ruleset, family)!),
  }));
}

const proofRow = ({
  ruleset,
  equal,
  families,
  beside,
  unmodelled,
}: Proof): PolicyCompiled['proofs'][number] => ({
  list: ruleset,
  equal,
  families: families.map(({ family, equal: same, leaking, cut, counterExamples }) => ({
    family,
    equal: same,
    leaking: String(leaking),
    cut: String(cut),
    counterExamples: counterExamples.map(({ message, breaksMust }) => ({ message, breaksMust })),
  })),
  beside: [...beside],
  unmodelled: unmodelled.map(({ line, what }) => ({ line, what })),
});
