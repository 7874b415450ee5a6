import { type KnowledgeFile, readKnowledgeFolder } from '@wardline/knowledge';
import type { Command } from 'commander';
import { knowledgeWith } from '../own-knowledge.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';

const examples = `
Examples:
  wardline knowledge check our-knowledge
  wardline assess ward3.pcapng --knowledge our-knowledge

Exit codes: 0 everything can be used, 2 something cannot; each fault is told with file, entry, field and what was expected.`;

export function addKnowledge(program: Command): void {
  const knowledge = program
    .command('knowledge')
    .description("Work with the hospital's own knowledge: fingerprints, makers, classes, findings.");
  knowledge
    .command('check')
    .summary("say whether a hospital's own knowledge can be used, and where it cannot")
    .description(
      'Reads the folder as assess and start would, beside what ships with Wardline: schema, classes, facts, patterns, and every example against its own rule.',
    )
    .argument('<folder>', 'laid out as docs/guides/knowledge.md says')
    .addHelpText('after', examples)
    .action(runCheck);
}

async function runCheck(folder: string): Promise<void> {
  knowledgeWith(folder);
  const files = readKnowledgeFolder(userPath(folder));
  const lines = [
    `${counted(files.length, 'file')} can be used.`,
    ...files.map((file) => printable(`  ${file.path}: ${contentOf(file)}`)),
  ];
  await writeOut([`${lines.join('\n')}\n`]);
}

/** "3 rules", "2 vendors": the lists that a file of the knowledge holds. */
function contentOf({ path, text }: KnowledgeFile): string {
  if (path.endsWith('.tsv')) return counted(text.split('\n').filter((line) => line !== '').length, 'line');
  const lists = Object.entries(JSON.parse(text) as Record<string, unknown>).filter(([, value]) =>
    Array.isArray(value),
  );
  return lists.map(([name, list]) => `${(list as unknown[]).length} ${name}`).join(', ');
}
