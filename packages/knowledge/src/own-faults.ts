import type { FactKind } from '@wardline/model';
import { factKinds, factNames } from './fact-names.ts';
import type { FingerprintFile, FingerprintRule } from './fingerprint-schema.ts';
import { FingerprintTable } from './fingerprint-table.ts';
import type { KnowledgeFault } from './located-error.ts';

type LocatedFile = FingerprintFile & { file: string };

/** What the schema cannot see: rules about facts that do not exist, and examples that their own rule does not keep. */
export function fingerprintFaults(files: readonly LocatedFile[]): KnowledgeFault[] {
  return files.flatMap((file) => {
    const strange = factFaults(file);
    return strange.length > 0 ? strange : file.rules.flatMap((rule) => exampleFaults(file, rule));
  });
}

function factFaults(file: LocatedFile): KnowledgeFault[] {
  const names = factNames(file.kind);
  if (names.length === 0) {
    const expected = `a kind of sighting, not "${file.kind}": ${factKinds.join(', ')}`;
    return [{ file: file.file, entry: 'file', field: 'kind', expected }];
  }
  return file.rules.flatMap((rule) =>
    [rule.when, ...(rule.also ?? [])]
      .filter(({ fact }) => !names.includes(fact))
      .map(({ fact }) => ({
        file: file.file,
        entry: rule.id,
        field: 'fact',
        expected: `a fact of ${file.kind}, not "${fact}": ${names.join(', ')}`,
      })),
  );
}

/** Rules with further conditions need more than the example's text, and are left to a capture. */
function exampleFaults(file: LocatedFile, rule: FingerprintRule): KnowledgeFault[] {
  if (rule.also !== undefined) return [];
  const alone = new FingerprintTable([{ ...file, rules: [rule] }]);
  return rule.examples.flatMap(({ text, expect }, index) => {
    const found = alone.match(file.kind as FactKind, { [rule.when.fact]: text, role: 'server' });
    const place = { file: file.file, entry: rule.id, field: `examples.${index}` };
    if (found.length === 0)
      return [{ ...place, expected: `a text that the rule matches; "${text}" it does not` }];
    return Object.entries(expect ?? {})
      .filter(([attribute, value]) => !found.some((m) => m.attribute === attribute && m.value === value))
      .map(([attribute, value]) => {
        const said = found.find((match) => match.attribute === attribute)?.value;
        return {
          ...place,
          expected: `${attribute} "${value}"; the rule says ${said ? `"${said}"` : 'nothing'}`,
        };
      });
  });
}
