/** The command line as a library: one assessment or detection without a process, and the JSON Schema of what `assess` prints. */
export { type AssessOptions, assess } from './assessment/assess.ts';
export type { Capture } from './assessment/captures.ts';
export { assessmentSchemaText } from './assessment/json.ts';
export { type DetectionReport, type DetectOptions, detect } from './detection/detect.ts';
export { runProgram } from './program.ts';
