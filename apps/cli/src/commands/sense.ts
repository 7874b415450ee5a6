import type { Command } from 'commander';
export function addSense(_program: Command): void {}
