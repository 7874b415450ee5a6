import {
  type Certificate,
  certify,
  contradictions,
  isWithin,
  joinFiles,
  type ListingKind,
  type Policy,
  type PolicyAsset,
  prove,
  type ReadResult,
  type Resolved,
  readListing,
  resolvePolicy,
  targets,
} from '@wardline/policy';
import type { Change } from '../../enforcement/apply.ts';
import { sha256 } from '../../enforcement/point.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { digestOf } from './inputs.ts';

/** What a policy, worked out over assets, is to become in what enforces here, and how what that says is judged. */
export function changeFrom(
  kind: ListingKind,
  { policy, text }: { policy: Policy; text: string },
  given: { assets: readonly PolicyAsset[]; text: string },
): Change {
  const at = Date.now() * 1000;
  const resolved = resolvePolicy(policy, given.assets, at);
  const [against] = contradictions(resolved);
  if (against !== undefined)
    throw new CommandError(`the policy contradicts itself: ${against.message}`, exitCodes.failed);
  const compiled = targets[kind].compile(resolved);
  if (compiled.cannot !== undefined && compiled.cannot.length > 0)
    throw new CommandError(
      `the gateway cannot say the policy: ${compiled.cannot.join('; ')}`,
      exitCodes.failed,
    );
  if (!isWithin(compiled))
    throw new CommandError(`the policy needs more than ${compiled.budget} entries`, exitCodes.failed);
  const digests = { policy: digestOf(text), assets: digestOf(given.text) };
  return {
    text: joinFiles(compiled.files),
    policy: { name: policy.name, text: digests.policy, assets: digests.assets },
    judge: (listing) => judge(readListing(kind, listing), resolved, listing, { ...digests, at }),
    judgeOther: (name, listing) => judgeOther(resolved, name, listing),
  };
}

/** Reads what the kernel says, proves it, and makes the certificate by which anybody can check. */
function judge(
  read: ReadResult,
  resolved: Resolved,
  listing: string,
  given: Pick<Certificate, 'policy' | 'assets' | 'at'>,
): ReturnType<Change['judge']> {
  if ('fault' in read) return { against: [`line ${read.fault.line}: ${read.fault.message}`] };
  const [ruleset, ...more] = read.rulesets;
  if (ruleset === undefined || more.length > 0)
    return { against: ['there is not exactly one chain that forwards'] };
  const { equal, families } = prove(resolved, ruleset, [4, 6]);
  if (!equal)
    return {
      against: families.flatMap(({ counterExamples }) => counterExamples.map(({ message }) => message)),
    };
  const certificate: Certificate = {
    form: 'wardline policy certificate 1',
    ruleset: ruleset.name,
    ...given,
    compiled: sha256(listing),
    families: ([4, 6] as const).map((family) => certify(resolved, ruleset, family)!),
  };
  return { certificate: `${JSON.stringify([certificate])}\n` };
}

/** A packet that passes our table and meets another that drops it has still lost its way. */
function judgeOther(resolved: Resolved, name: string, listing: string): string[] {
  const read = readListing('nftables', listing);
  if ('fault' in read)
    return [
      `the table ${name} is not read (line ${read.fault.line}: ${read.fault.message}): it may drop more`,
    ];
  return read.rulesets.flatMap((ruleset) =>
    prove(resolved, ruleset, [4, 6])
      .families.flatMap(({ counterExamples }) =>
        counterExamples.filter(({ kind }) => kind === 'cut').slice(0, 1),
      )
      .map(({ message }) => `the table ${name} cuts what the policy declares: ${message}`),
  );
}
