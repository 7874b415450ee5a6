export * from './access.ts';
export * from './assets.ts';
export * from './common.ts';
export * from './ledger.ts';
export * from './network.ts';
export * from './platform.ts';
