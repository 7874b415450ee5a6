import type { ReactNode } from 'react';
import type { Claim } from '../../api/types.ts';
import { counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { EvidenceList } from '../../panel/Evidence.tsx';

export type DetailClaim = Omit<Claim, 'firstSeen' | 'lastSeen'> & { firstSeen: string; lastSeen: string };

interface ClaimBoxProps {
  claim: DetailClaim;
  agrees: boolean;
  /** The claimed value as a person reads it. */
  children: ReactNode;
}

/** One claim: what is said, why, by what, when and in which packets. */
export function ClaimBox({ claim, agrees, children }: ClaimBoxProps) {
  return (
    <article className={`claim${agrees ? '' : ' claim-other'}`}>
      <div className="spread">
        <strong>{children}</strong>
        <span>{claim.strength} evidence</span>
      </div>
      <p>{claim.reason}</p>
      <p className="small dim">
        From <span className="mono">{claim.source}</span>, {counted(claim.count, 'time')},{' '}
        <When at={claim.firstSeen} /> to <When at={claim.lastSeen} />
      </p>
      <EvidenceList evidence={claim.evidence} />
    </article>
  );
}
