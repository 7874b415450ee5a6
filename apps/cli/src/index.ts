/** The command line as a library: one assessment without a process, and the JSON Schema of what it prints. */
export { type AssessOptions, assess } from './assessment/assess.ts';
export { assessmentSchemaText } from './assessment/json.ts';
export { runProgram } from './program.ts';
