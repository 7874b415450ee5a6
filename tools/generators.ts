import { assessmentSchemaText } from '@wardline/cli';

/** Each generated file with the function that makes its text. */
export const generators: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/schema/assessment.schema.json': assessmentSchemaText,
};
