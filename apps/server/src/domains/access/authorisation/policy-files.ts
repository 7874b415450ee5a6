import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DetailedError,
  preparsePolicySet,
  preparseSchema,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';

/** Policies or a schema that cannot be used; the server does not start with them. */
export class PolicyFault extends Error {
  override readonly name = 'PolicyFault';
}

/** What ships with the product. */
export const shippedPolicies = join(import.meta.dirname, '../../../../policies');

interface PolicyText {
  file: string;
  text: string;
}

/** Names under which Cedar keeps what it has parsed. */
export interface Parsed {
  policies: string;
  schema: string;
}

let loads = 0;

/**
 * Reads the schema and every `.cedar` file of the folders, holds the policies against the schema, and parses them once.
 * @throws PolicyFault with file, line and what was expected
 */
export function loadPolicies(folders: readonly string[]): Parsed {
  const schema = readFileSync(join(shippedPolicies, 'wardline.cedarschema'), 'utf8');
  const texts = folders.flatMap(policyTexts);
  for (const one of texts) check(one, schema);
  loads += 1;
  const names = { policies: `wardline-${loads}`, schema: `wardline-schema-${loads}` };
  succeed(preparseSchema(names.schema, schema), { file: 'wardline.cedarschema', text: schema });
  const all = texts.map(({ text }) => text).join('\n');
  succeed(preparsePolicySet(names.policies, { staticPolicies: all }), { file: 'all policies', text: all });
  return names;
}

function policyTexts(folder: string): PolicyText[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cedar'));
  return files.toSorted().map((name) => ({ file: name, text: readFileSync(join(folder, name), 'utf8') }));
}

function check(policy: PolicyText, schema: string): void {
  const answer = validate({
    schema,
    policies: { staticPolicies: policy.text },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') throw faultOf(policy, answer.errors);
  if (answer.validationErrors.length > 0)
    throw faultOf(
      policy,
      answer.validationErrors.map(({ error }) => error),
    );
}

function succeed(
  answer: { type: 'success' } | { type: 'failure'; errors: DetailedError[] },
  from: PolicyText,
): void {
  if (answer.type === 'failure') throw faultOf(from, answer.errors);
}

function faultOf({ file, text }: PolicyText, errors: readonly DetailedError[]): PolicyFault {
  const lines = errors.map(({ message, help, sourceLocations }) => {
    const start = sourceLocations?.[0]?.start;
    // Cedar counts bytes.
    const line =
      start === undefined ? '' : `:${Buffer.from(text).subarray(0, start).toString().split('\n').length}`;
    return `${file}${line}: ${message}${help === null ? '' : ` (${help})`}`;
  });
  return new PolicyFault(lines.join('\n'));
}
