export { type OscalModel, oscalDocument, oscalModels } from './documents.ts';
export type { OscalSubject } from './subject.ts';
