/** What matching asks of an asset; null is unknown. */
export interface MatchedAsset {
  id: string;
  vendor: string | null;
  family: string | null;
  model: string | null;
  serial: string | null;
  software: string | null;
}
