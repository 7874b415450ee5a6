import type { Policy } from './policy.ts';

type Staged = { policy: Policy; from: Policy['undeclared'] } | { fault: string };

/** The policy with one conduit, or `undeclared`, taken as far as `mode` says, and nothing else changed. */
export function stagedPolicy(policy: Policy, conduit: string, mode: Policy['undeclared']): Staged {
  const from =
    conduit === 'undeclared' ? policy.undeclared : policy.conduits.find(({ name }) => name === conduit)?.mode;
  if (from === undefined) {
    const known = policy.conduits.map(({ name }) => name).slice(0, 10);
    return { fault: `there is no conduit ${conduit}: ${known.join(', ') || 'none'}` };
  }
  if (from === mode) return { fault: `${conduit} is at ${mode} already` };
  if (conduit === 'undeclared') return { policy: { ...policy, undeclared: mode }, from };
  const conduits = policy.conduits.map((one) => (one.name === conduit ? { ...one, mode } : one));
  return { policy: { ...policy, conduits }, from };
}
