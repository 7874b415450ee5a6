import type { Command } from 'commander';
export function addAsset(_program: Command): void {}
