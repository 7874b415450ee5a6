/** Backups: one moment of everything, encrypted before it leaves, and a data folder made from it again. */
export { BackupFault } from './frames.ts';
export { type Restored, restoreBackup } from './restore.ts';
export { backupRoutes } from './routes.ts';
export { makeBackupKeys, openStream } from './seal.ts';
