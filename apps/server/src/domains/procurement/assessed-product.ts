import type { Mds2Answer } from '@wardline/formats';
import type { Commitments, ScoreLine } from '@wardline/model';

/** What is known of an SBOM. */
export interface SbomFacts {
  id: string;
  components: number;
  withVersion: number;
  withIdentifier: number;
  withSupplier: number;
}

/** All that a score rests on; null is what nobody has handed in. */
export interface Assessed {
  form: { name: string; answers: readonly Mds2Answer[]; open: number } | null;
  sbom: SbomFacts | null;
  commitments: Commitments;
  /** Devices of the product that are here already, and how often what was seen of them contradicts the form. */
  seen: { assets: number; contradictions: number };
  hasServiceAgreement: boolean;
}

export type Verdict = ScoreLine['verdict'];
/** A line before its points are known. */
export type Line = Omit<ScoreLine, 'points' | 'most'> & { most?: number };
