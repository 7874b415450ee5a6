/** Risk to patients, privacy and operations, worked out over ordinal grades and told in sentences. */
export { type DecisionTable, tableOf } from './decision-table.ts';
export { gradesOf, type SourceGrades } from './evidence.ts';
export { explainRisk } from './explain.ts';
export { type Recomputed, recompute, recordOf, ssvcAnswers, toldScore } from './record.ts';
export {
  type AssetGrades,
  type AxisScore,
  assetGrades,
  priorityOf,
  type RiskScore,
  scoreGrades,
  scoreRisk,
} from './score.ts';
export { type RiskTables, riskTables, shippedTables } from './tables.ts';
