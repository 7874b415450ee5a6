import type { EnforcementPoint } from '@wardline/model';
import { parsePolicy } from '@wardline/policy';

type Stage = EnforcementPoint['stages'][number];

/** How far each declaration of what a point runs is taken, with what the point counted of it. */
export function stagesOf(text: string, counted: EnforcementPoint['counted']): Stage[] {
  const { policy } = parsePolicy(text);
  if (policy === null) return [];
  const countedBy = new Map(counted.map((row) => [row.declaration, row]));
  const stage = (declaration: string, title: string | null, mode: Stage['mode']): Stage => ({
    declaration,
    title,
    mode,
    counted: countedBy.get(declaration) ?? null,
  });
  return [
    ...policy.conduits.map(({ name, title, mode }) => stage(`conduit ${name}`, title, mode)),
    ...policy.musts
      .filter(({ verdict }) => verdict === 'deny')
      .map(({ title }) => stage(`must-deny ${title}`, null, 'enforce')),
    stage('undeclared', 'What no conduit speaks of', policy.undeclared),
  ];
}
