import { assessmentSchemaText } from '@wardline/cli';
import { configurationText, controlsText, openApiText, permissionsText } from '@wardline/server';

/** Each generated file with the function that makes its text. */
export const generators: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/configuration.md': configurationText,
  'docs/controls.md': controlsText,
  'docs/openapi.json': openApiText,
  'docs/permissions.md': permissionsText,
  'docs/schema/assessment.schema.json': assessmentSchemaText,
};
