/** Threat models: what can be done to a device of its class and to what passes, and where each threat stands. */
export { gravestFirst } from './harm.ts';
export { deviceThreats, flowThreats, type ThreatModel } from './weigh.ts';
export type {
  OfferedService,
  RuledOut,
  ThreatAnswer,
  ThreatFlow,
  ThreatGround,
  ThreatSubject,
  WeighedThreat,
} from './words.ts';
