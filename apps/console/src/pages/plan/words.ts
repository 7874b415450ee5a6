import type { PatchItem } from '../../api/patching.ts';

export const actionWords: Readonly<Record<PatchItem['action'], string>> = {
  update: 'Update',
  compensate: 'Do what the vendor advises',
  replace: 'Replace',
  ask: 'Ask the vendor',
};
