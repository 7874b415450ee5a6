/** Reports that people hand over: what is known in, one page for screen and paper out. */
export { boardReport } from './board.ts';
export { catalogueReport } from './catalogue.ts';
export { type DeviceFacts, deviceFile } from './device-file.ts';
export { digestOfDocument, documentPage } from './document.ts';
export type { Shown } from './evidence.ts';
export { type IncidentFacts, incidentFile } from './incident-file.ts';
export { type Label, labelSheet, labelSvg } from './labels.ts';
export { html, Markup } from './markup.ts';
export { productSecurityFile } from './product-file.ts';
export { type RiskFacts, riskAnalysis } from './risk-analysis.ts';
export { type SegmentationFacts, segmentationProof } from './segmentation-proof.ts';
export { type StepFacts, sevenSteps } from './seven-steps.ts';
export type { Subject } from './subject.ts';
export { type SupplierFacts, supplierReview } from './supplier-review.ts';
