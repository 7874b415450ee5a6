import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultDataDir } from './config.ts';

it('keeps nothing in the folder of an installed package, which its next version takes away', () => {
  const before = process.env.XDG_DATA_HOME;
  delete process.env.XDG_DATA_HOME;
  try {
    const expected =
      process.getuid?.() === 0 ? '/var/lib/wardline' : join(homedir(), '.local/share/wardline');
    expect(defaultDataDir('/usr/lib/node_modules/wardline')).toBe(expected);
  } finally {
    if (before !== undefined) process.env.XDG_DATA_HOME = before;
  }
});
