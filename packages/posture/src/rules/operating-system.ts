import { parseMicros } from '@wardline/model';
import type { Draft } from '../finding.ts';
import { harmOfControl, meaningForCare } from '../party.ts';
import type { Case } from './rule.ts';

/** An operating system whose support had ended when the asset was last seen. */
export function operatingSystem(the: Case): Draft[] {
  const { asset, self, context } = the;
  const said = asset.os.value ?? '';
  const match = context.lexicon.endOfSupport(said);
  if (!match) return [];
  const ended = parseMicros(`${match.ended}T00:00:00Z`);
  if (ended === null || ended > asset.lastSeen) return [];
  const claims = asset.claims.filter((claim) => claim.attribute === 'os');
  const ground = claims.flatMap((claim) =>
    claim.evidence.map((evidence, index) => ({ ...claim, evidence, count: index === 0 ? claim.count : 0 })),
  );
  if (ground.length === 0) return [];
  return [
    {
      rule: 'end-of-life-os',
      key: match.name,
      ground,
      harms: harmOfControl(self),
      summary: `${self.name} runs ${match.name}, which has had no security updates since ${match.ended}. Known holes stay open, and ${meaningForCare(self)}.`,
    },
  ];
}
