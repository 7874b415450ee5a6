import { type Assessment, assessmentSchema } from '@wardline/model';
import { z } from 'zod';

/** The JSON Schema (2020-12) of what `assess --json` prints, as the text of `docs/schema/assessment.schema.json`. */
export function assessmentSchemaText(): string {
  const schema = z.toJSONSchema(assessmentSchema, { target: 'draft-2020-12', io: 'output' });
  const named = {
    $id: 'https://wardline.example/schema/assessment.schema.json',
    title: 'Wardline assessment',
    ...schema,
  };
  return `${JSON.stringify(named, null, 2)}\n`;
}

/**
 * One JSON object as a series of short texts: a large network's assessment is longer than one string may be. Each item
 * of a list stands on a line of its own.
 */
export function* assessmentJson(assessment: Assessment): Generator<string> {
  let separator = '{\n';
  for (const [key, value] of Object.entries(assessment)) {
    yield `${separator}${JSON.stringify(key)}: `;
    separator = ',\n';
    if (!Array.isArray(value) || value.length === 0) yield JSON.stringify(value);
    else {
      for (const [index, item] of value.entries())
        yield `${index === 0 ? '[\n' : ',\n'}  ${JSON.stringify(item)}`;
      yield '\n]';
    }
  }
  yield '\n}\n';
}
