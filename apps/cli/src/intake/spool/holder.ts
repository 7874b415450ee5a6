import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../../exit-codes.ts';

/**
 * Takes a spool's folder for this process, as two senders of one spool would get in each other's way. A sensor that was
 * killed holds nothing: a process is known by its number and the time it started.
 * @throws CommandError where a living sensor has it
 */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'holder');
  const own = await holderText(process.pid);
  if (!(await create(file, own))) {
    const there = await readFile(file, 'utf8').catch(() => '');
    const pid = Number(there.split(' ')[0]);
    if (there !== '' && there === (await holderText(pid))) throw heldBy(folder, `process ${pid}`);
    await setAside(file, there, folder);
    if (!(await create(file, own))) throw heldBy(folder, 'one that starts at this moment');
  }
  return () => rm(file, { force: true });
}

const heldBy = (folder: string, who: string) =>
  new CommandError(
    `another sensor (${who}) has the spool ${folder}; give this one another --sensor or --spool`,
  );

/** False where the file is there already. It appears whole, or not at all. */
async function create(file: string, text: string): Promise<boolean> {
  const half = `${file}.${process.pid}`;
  await writeFile(half, text, { mode: 0o600 });
  try {
    await link(half, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  } finally {
    await rm(half, { force: true });
  }
}

/** Moves what a dead sensor left out of the way, unless another took its place meanwhile. */
async function setAside(file: string, judged: string, folder: string): Promise<void> {
  const aside = `${file}.${process.pid}.old`;
  await rename(file, aside).catch(() => {});
  const moved = await readFile(aside, 'utf8').catch(() => judged);
  if (moved !== judged) await create(file, moved);
  await rm(aside, { force: true });
  if (moved !== judged) throw heldBy(folder, 'one that starts at this moment');
}

/** Of a process: its number and when it started, in ticks since the machine did. */
async function holderText(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name of the program stands in brackets and may hold anything; the start is the 20th field behind it.
  if (stat !== null) return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  return pid === process.pid ? `${pid} here` : `${pid} gone`;
}
