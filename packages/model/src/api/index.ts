export * from './access.ts';
export * from './assets.ts';
export * from './break-glass.ts';
export * from './common.ts';
export * from './elevation.ts';
export * from './ledger.ts';
export * from './network.ts';
export * from './platform.ts';
