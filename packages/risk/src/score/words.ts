/** What a score rests on; the shapes are the model's, so that a record of a score can be read back. */
export type {
  ControlTarget,
  FindingSource,
  RiskAsset,
  RiskControl,
  RiskInput,
  RiskRecord,
  RiskSource,
  TableDocument,
  ToldScore,
  WeaknessSource,
} from '@wardline/model';
