// oxlint-disable-next-line typescript/triple-slash-reference -- the console's and the library's programs find the declarations only so
/// <reference path="./csaf-validator-lib.d.ts" />
import { ADVISORY_FAULTS } from '../limits.ts';
import type { AdvisoryFault } from './advisory.ts';
import { type Tree, textOf, treeOf } from './tree.ts';

type Validate = (
  tests: readonly unknown[],
  document: unknown,
) => Promise<{
  tests: readonly {
    name: string;
    isValid: boolean;
    errors: readonly { instancePath: string; message?: string }[];
  }[];
}>;

interface Validator {
  validate: Validate;
  schema: unknown;
  mandatory: readonly unknown[];
}

let loading: Promise<Validator> | null = null;

/** Loading the library takes over a second and 100 MB: only who reads CSAF pays for it, and once. */
async function load(): Promise<Validator> {
  const [validate, schema, mandatory] = await Promise.all([
    import('@secvisogram/csaf-validator-lib/validate.js'),
    import('@secvisogram/csaf-validator-lib/schemaTests.js'),
    import('@secvisogram/csaf-validator-lib/mandatoryTests.js'),
  ]);
  return {
    validate: validate.default as Validate,
    schema: schema.csaf_2_0,
    mandatory: Object.values(mandatory),
  };
}

/** What is wrong by the schema or, where that holds, by the mandatory tests of CSAF 2.0 §6.1. */
export async function csafFaults(tree: Tree): Promise<AdvisoryFault[]> {
  const version = textOf(treeOf(tree.document).csaf_version);
  if (version !== '2.0') return [{ place: '/document/csaf_version', message: 'expected "2.0"' }];
  loading ??= load();
  const { validate, schema, mandatory } = await loading;
  const bySchema = faultsOf(await validate([schema], tree));
  return bySchema.length > 0 ? bySchema : faultsOf(await validate(mandatory, tree));
}

function faultsOf({ tests }: Awaited<ReturnType<Validate>>): AdvisoryFault[] {
  return tests
    .filter((test) => !test.isValid)
    .flatMap(({ name, errors }) =>
      errors.map((error) => ({
        place: error.instancePath,
        message: `${clauseOf(name)}${(error.message ?? 'is not valid').slice(0, 300)}`,
      })),
    )
    .slice(0, ADVISORY_FAULTS);
}

/** `mandatoryTest_6_1_8` is the clause 6.1.8. */
const clauseOf = (name: string): string =>
  name.startsWith('mandatoryTest_') ? `CSAF ${name.slice(14).replaceAll('_', '.')}: ` : '';
