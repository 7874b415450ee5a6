import type { Asset } from '@wardline/model';

/** What can be said of a device: with labels on what it is, its maker and its model. */
export const judged = ['class', 'vendor', 'model'] as const;
export type Judged = (typeof judged)[number];

/** On the training half rules and weights may be worked out; the held-out half is only ever measured. */
export type Half = 'training' | 'held out';

/** One labelled device with the asset that identification made of it; null where it found none. */
export interface LabelledCase {
  corpus: string;
  half: Half;
  device: string;
  /** Null: the label does not say it, and nothing is judged. */
  label: Record<Judged, string | null>;
  asset: Asset | null;
}

/** Some labelled devices of one origin, and the newest packet in them. */
export interface Corpus {
  name: string;
  cases: LabelledCase[];
  newest: number;
}
